"""Writes a Word file from top to bottom, with the methods of `pdf.Pdf`.

Headings, lists and the boxes to type in are styles, so that screen readers find them and
the file opens as it should in LibreOffice too.
"""

import re
from io import BytesIO

import docx
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from .markup import blocks

FONT = "Arial"
BOX = "Answer"
CHOICE = "Choice"
# What XML cannot hold: python-docx breaks at it.
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class Word:
    """A document in the making; large print is 18 points."""

    def __init__(self, title, *, is_large=False):
        self.size = 18 if is_large else 12
        self.document = docx.Document()
        self._set_up_page()
        self._set_up_styles()
        properties = self.document.core_properties
        properties.title = _writable(title)
        properties.author = "Keep it Local"
        properties.language = get_language()
        properties.comments = ""
        self._paragraph(title, "Title")

    def part(self, text):
        """Begin a part on a new page."""
        heading = self._paragraph(text, "Heading 1")
        heading.paragraph_format.page_break_before = True

    def heading(self, text, level=1):
        """Write a heading: of a part (1), of something in it (2), or of a detail (3)."""
        self._paragraph(text, f"Heading {level}")

    def text(self, text):
        self._paragraph(text)

    def hint(self, text):
        self._paragraph(text).paragraph_format.keep_with_next = True

    def strong(self, text):
        self._paragraph(text).runs[0].bold = True

    def markdown(self, text):
        for block in blocks(text):
            self._block(block)

    def items(self, texts):
        """Write a list."""
        for text in texts:
            self._paragraph(text, "List Bullet")

    def sentence(self, number, text):
        """Write one numbered sentence of a text that is quoted."""
        self._paragraph(f"{number}. {text}", "Quote")

    def choices(self, labels):
        """Write boxes to tick."""
        for label in labels:
            self._paragraph(f"☐\t{label}", CHOICE)

    def line(self):
        """Leave room for a few words."""
        self.room(0)

    def room(self, lines):
        """Leave room to type in: a box that grows with what is typed."""
        box = self._paragraph(_("Answer:") + " ", BOX)
        for _line in range(min(lines, 3)):
            box.runs[0].add_break()

    def content(self):
        """Return the file, as bytes."""
        file = BytesIO()
        self.document.save(file)
        return file.getvalue()

    def _paragraph(self, text, style=None):
        return self.document.add_paragraph(_writable(text), style)

    def _block(self, block):
        style = "Normal"
        if block.is_heading:
            style = "Heading 3"
        elif block.mark == "•":
            style = "List Bullet"
        elif block.depth:
            style = "List Continue"
        paragraph = self.document.add_paragraph(style=style)
        if block.mark not in ("", "•"):
            paragraph.add_run(f"{block.mark} ")
        for piece in block.pieces:
            paragraph.add_run(_writable(piece.text)).bold = piece.is_bold or None

    def _set_up_page(self):
        [section] = self.document.sections
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.left_margin = section.right_margin = Mm(20)
        section.top_margin = section.bottom_margin = Mm(20)

    def _set_up_styles(self):
        styles = self.document.styles
        for language in styles.element.iter(qn("w:lang")):
            language.set(qn("w:val"), _region(get_language()))
        self._set_up(styles["Normal"], 1, after=0.6)
        styles["Normal"].paragraph_format.line_spacing = 1.3
        self._set_up(styles["Title"], 1.7, after=0.8, is_bold=True)
        self._set_up(styles["Heading 1"], 1.4, before=1.6, after=0.5, is_bold=True)
        self._set_up(styles["Heading 2"], 1.1, before=1.4, after=0.4, is_bold=True)
        self._set_up(styles["Heading 3"], 1, before=0.9, after=0.3, is_bold=True)
        self._set_up(styles["Quote"], 1, after=0.5)
        styles["Quote"].font.italic = False
        styles["Quote"].paragraph_format.left_indent = Mm(8)
        border = styles["Title"].element.pPr.find(qn("w:pBdr"))
        styles["Title"].element.pPr.remove(border)
        choice = styles.add_style(CHOICE, WD_STYLE_TYPE.PARAGRAPH)
        choice.base_style = styles["Normal"]
        choice.paragraph_format.left_indent = Pt(1.8 * self.size)
        choice.paragraph_format.first_line_indent = -Pt(1.8 * self.size)
        box = styles.add_style(BOX, WD_STYLE_TYPE.PARAGRAPH)
        box.base_style = styles["Normal"]
        box.paragraph_format.left_indent = box.paragraph_format.right_indent = Mm(2)
        box.paragraph_format.keep_together = True
        box.element.get_or_add_pPr().append(_border())

    def _set_up(self, style, scale, *, before=0, after=0, is_bold=False):
        style.font.size = Pt(round(scale * self.size))
        style.font.bold = is_bold
        style.paragraph_format.space_before = Pt(before * self.size)
        style.paragraph_format.space_after = Pt(after * self.size)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for name in list(fonts.attrib):
            # A font of the theme would have the last word.
            del fonts.attrib[name]
        for name in ("ascii", "hAnsi", "cs", "eastAsia"):
            fonts.set(qn(f"w:{name}"), FONT)
        colour = RGBColor(0x0B, 0x5A, 0x52) if is_bold else RGBColor(0x1D, 0x2B, 0x2A)
        style.font.color.rgb = colour


def _border():
    border = OxmlElement("w:pBdr")
    for side in ("top", "left", "bottom", "right"):
        edge = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "8"), ("space", "6")):
            edge.set(qn(f"w:{name}"), value)
        edge.set(qn("w:color"), "1D2B2A")
        border.append(edge)
    return border


def _region(language):
    """Return a language as Word writes it: en-GB."""
    name, dash, region = language.partition("-")
    return name + dash + region.upper()


def _writable(text):
    return UNWRITABLE.sub("", str(text))
