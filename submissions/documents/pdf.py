"""Writes a PDF from top to bottom."""

from io import BytesIO

from django.utils.html import escape
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import (
    CondPageBreak,
    Flowable,
    PageBreak,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
)

from .fonts import BOLD, REGULAR, UNPRINTED, broken, printable
from .markup import blocks

INK = HexColor("#1d2b2a")
QUIET = HexColor("#4d5a58")
STRONG = HexColor("#0b5a52")
RULE = HexColor("#8f8778")

MARGIN = 20 * mm
WIDTH = A4[0] - 2 * MARGIN


# Some 3,000 pages, in about two seconds.
MAX_LINES = 150_000


class TooLong(Exception):
    """What is to be written fills more lines than a file can have that people ask for."""


class Pdf:
    """A document in the making; large print is 18 points."""

    def __init__(self, title, *, is_large=False):
        self.title = title
        self.size = 18 if is_large else 10.5
        self.story = []
        self.lines = 0
        self.has_gaps = False
        self.notice = None
        self._heading(title, 1.9 if not is_large else 1.5, level=None)

    def part(self, text):
        """Begin a part on a new page."""
        self._add(PageBreak())
        self.heading(text)

    def heading(self, text, level=1):
        """Write a heading: of a part (1), of something in it (2), or of a detail (3)."""
        self._heading(text, {1: 1.5, 2: 1.12, 3: 1}[level], level)

    def text(self, text):
        self._add(Paragraph(self._escaped(text), self._style()))

    def hint(self, text):
        self._add(Paragraph(self._escaped(text), self._style(textColor=QUIET)))

    def strong(self, text):
        self._add(Paragraph(self._escaped(text), self._style(fontName=BOLD)))

    def markdown(self, text):
        for block in blocks(text):
            markup = "".join(map(self._marked_up, block.pieces))
            if block.is_heading:
                self._add(Paragraph(markup, self._style(fontName=BOLD)))
            elif block.depth:
                self._item(markup, block.mark, block.depth)
            else:
                self._add(Paragraph(markup, self._style()))

    def items(self, texts):
        """Write a list."""
        for text in texts:
            self._item(self._escaped(text), "•")

    def sentence(self, number, text):
        """Write one numbered sentence of a text that is quoted."""
        self._item(self._escaped(text), f"{number}.")

    def choices(self, labels):
        """Write boxes to tick."""
        style = self._style(leftIndent=2 * self.size, spaceAfter=0.4 * self.size)
        for label in labels:
            self._add(Choice(self._escaped(label), style))

    def line(self):
        """Leave room for a few words."""
        self.room(1)

    def room(self, lines):
        """Leave room to write in, by hand."""
        self._add(Ruled(lines, spacing=max(2 * self.size, 8.5 * mm)))
        self._add(Spacer(0, self.size))

    def answer(self, text):
        """Write what somebody has written, line for line; raises TooLong."""
        style = self._style()
        indent = 1.2 * self.size
        lines = broken(self._printable(text), WIDTH - indent, style.fontSize)
        self.lines += len(lines)
        if self.lines > MAX_LINES:
            raise TooLong
        self._add(Written(lines, style, indent))
        self._add(Spacer(0, 0.7 * self.size))

    def facts(self, pairs):
        """Write names with what they are, each pair on its own lines or line."""
        for name, value in pairs:
            markup = f"<b>{self._escaped(name)}:</b> {self._escaped(value)}"
            self._add(Paragraph(markup, self._style(spaceAfter=0.25 * self.size)))
        self._add(Spacer(0, 0.6 * self.size))

    def notice_of_gaps(self, text):
        """Say this here, if it turns out that some characters cannot be printed."""
        self.notice = (len(self.story), text)

    def content(self):
        """Return the file, as bytes."""
        story = list(self.story)
        if self.has_gaps and self.notice:
            place, text = self.notice
            story.insert(place, Paragraph(self._escaped(text), self._noted()))
        file = BytesIO()
        Pages(
            file,
            pagesize=A4,
            leftMargin=MARGIN,
            rightMargin=MARGIN,
            topMargin=MARGIN,
            bottomMargin=MARGIN,
            title=self.title,
            author="Keep it Local",
            lang=get_language(),
            displayDocTitle=True,
            initialFontName=REGULAR,
            initialFontSize=self.size,
        ).build(story)
        return file.getvalue()

    def _add(self, flowable):
        self.story.append(flowable)

    def _heading(self, text, scale, level):
        size = scale * self.size
        style = self._style(
            fontName=BOLD,
            fontSize=size,
            leading=1.25 * size,
            textColor=INK if level == 3 else STRONG,
            spaceBefore=0.9 * size,
            spaceAfter=0.4 * size,
        )
        heading = Paragraph(self._escaped(text), style)
        _width, height = heading.wrap(WIDTH, A4[1])
        # Not at the foot of a page, away from what it is the heading of.
        self._add(CondPageBreak(height + 10 * self.size))
        if level in (1, 2):
            self._add(Bookmark(self._printable(text), level))
        self._add(heading)

    def _item(self, markup, mark, depth=1):
        indent = 1.6 * self.size
        style = self._style(
            leftIndent=depth * indent,
            bulletIndent=(depth - 1) * indent + 0.3 * self.size,
            bulletFontName=REGULAR,
            bulletFontSize=self.size,
            spaceAfter=0.35 * self.size,
        )
        self._add(Paragraph(markup, style, bulletText=mark or None))

    def _style(self, **changes):
        basics = {
            "fontName": REGULAR,
            "fontSize": self.size,
            "leading": 1.5 * self.size,
            "textColor": INK,
            "spaceAfter": 0.7 * self.size,
        }
        return ParagraphStyle("", **basics | changes)

    def _noted(self):
        return self._style(
            borderColor=STRONG,
            borderWidth=1.5,
            borderPadding=0.6 * self.size,
            spaceBefore=self.size,
            spaceAfter=1.2 * self.size,
        )

    def _printable(self, text):
        text = str(text)
        shown = printable(text)
        self.has_gaps = self.has_gaps or shown.count(UNPRINTED) > text.count(UNPRINTED)
        return shown

    def _escaped(self, text):
        """Return it for reportlab, which takes tags for its own: nobody's are let in."""
        return escape(self._printable(text)).replace("\n", "<br/>")

    def _marked_up(self, piece):
        text = self._escaped(piece.text)
        return f"<b>{text}</b>" if piece.is_bold else text


class Pages(SimpleDocTemplate):
    """Numbers each page, after its text: read aloud, the number comes last."""

    def afterPage(self):
        self.canv.setFont(self.initialFontName, self.initialFontSize)
        self.canv.setFillColor(QUIET)
        text = _("Page %(number)s") % {"number": self.page}
        self.canv.drawRightString(A4[0] - MARGIN, 0.5 * MARGIN, text)


class Bookmark(Flowable):
    """An entry in the list of contents that a PDF reader shows beside the pages."""

    def __init__(self, text, level):
        super().__init__()
        self.text = text
        self.level = level

    def wrap(self, _width, _height):
        return 0, 0

    def draw(self):
        key = str(id(self))
        self.canv.bookmarkPage(key)
        self.canv.addOutlineEntry(self.text, key, self.level - 1, closed=True)


class Choice(Paragraph):
    """A paragraph with a box to tick beside it."""

    def draw(self):
        super().draw()
        side = self.style.fontSize
        self.canv.setStrokeColor(INK)
        self.canv.setLineWidth(1)
        self.canv.rect(0, self.height - 1.2 * side, side, side)


class Ruled(Flowable):
    """Lines to write on; a block of them may go on over the page."""

    def __init__(self, lines, spacing):
        super().__init__()
        self.lines = lines
        self.spacing = spacing

    def wrap(self, width, _height):
        self.width, self.height = width, self.lines * self.spacing
        return self.width, self.height

    def split(self, _width, height):
        fitting = min(int(height // self.spacing), self.lines - 3)
        if fitting < 3:
            return []
        return [
            Ruled(fitting, self.spacing),
            Ruled(self.lines - fitting, self.spacing),
        ]

    def draw(self):
        self.canv.setStrokeColor(RULE)
        self.canv.setLineWidth(0.7)
        for line in range(self.lines):
            self.canv.line(0, line * self.spacing, self.width, line * self.spacing)


class Written(Flowable):
    """Lines of text beside a rule, from `start` to `stop`.

    A paragraph of reportlab's takes minutes for a very long text, and has no respect
    for spaces and empty lines.
    """

    def __init__(self, lines, style, indent, start=0, stop=None):
        super().__init__()
        self.lines, self.style, self.indent = lines, style, indent
        self.start = start
        self.stop = len(lines) if stop is None else stop

    def wrap(self, width, _height):
        self.width = width
        self.height = (self.stop - self.start) * self.style.leading
        return self.width, self.height

    def split(self, _width, height):
        middle = self.start + int(height // self.style.leading)
        if middle == self.start:
            return []
        parts = [(self.start, middle), (middle, self.stop)]
        return [Written(self.lines, self.style, self.indent, *part) for part in parts]

    def draw(self):
        self.canv.setStrokeColor(STRONG)
        self.canv.setLineWidth(2)
        self.canv.line(1, 0, 1, self.height)
        text = self.canv.beginText(self.indent, self.height - self.style.fontSize)
        text.setFont(self.style.fontName, self.style.fontSize, self.style.leading)
        text.setFillColor(self.style.textColor)
        for line in self.lines[self.start : self.stop]:
            text.textLine(line)
        self.canv.drawText(text)
