"""The letters of our PDFs, and which characters they lack."""

import re
import unicodedata

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont

# The first has Latin, Greek and Cyrillic whole, and stands on most Linux machines; the
# second comes with reportlab, looks the same, and has the letters of western Europe.
DEJAVU = ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf")
VERA = ("Vera.ttf", "VeraBd.ttf")

REGULAR, BOLD = "Portal", "Portal-Bold"

# Stands for characters that cannot be printed, one for each run of them.
UNPRINTED = "[?]"

# Spaces of other widths, and what shows nothing by itself: joiners, variation selectors.
SPACES = re.compile(r"[^\S\n]")
INVISIBLE = re.compile(
    "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff]"
)
LINE_ENDS = re.compile("[\u2028\u2029]")


def use(*families):
    """Take the first of these families that this machine has."""
    for family in families:
        try:
            regular, bold = map(TTFont, (REGULAR, BOLD), family)
        except TTFError:
            continue
        pdfmetrics.registerFont(regular)
        pdfmetrics.registerFont(bold)
        pdfmetrics.registerFontFamily(REGULAR, REGULAR, BOLD, REGULAR, BOLD)
        return


use(DEJAVU, VERA)


def printable(text):
    """Return the text as it can be printed, with [?] for what cannot."""
    text = unicodedata.normalize("NFC", LINE_ENDS.sub("\n", text))
    text = INVISIBLE.sub("", SPACES.sub(" ", text.replace("\t", "    ")))
    missing = "".join(char for char in set(text) if not _is_printable(char))
    if not missing:
        return text
    return re.sub(f"[{re.escape(missing)}]+", UNPRINTED, text)


def _is_printable(char):
    """Whether the font has it, and it goes from left to right.

    Arabic and Hebrew would come out back to front, which is worse than not at all.
    """
    if char == "\n":
        return True
    face = pdfmetrics.getFont(REGULAR).face
    return ord(char) in face.charToGlyph and unicodedata.bidirectional(char) not in (
        "R",
        "AL",
    )


def broken(text, width, size):
    """Return the text's lines as they fit into a width, broken at spaces where possible."""
    return [
        part for line in text.split("\n") for part in _broken_line(line, width, size)
    ]


def _broken_line(line, width, size):
    face = pdfmetrics.getFont(REGULAR).face
    widths = {
        char: face.charWidths.get(ord(char), face.defaultWidth) * size / 1000
        for char in set(line)
    }
    start = word = 0
    used = 0.0
    for position, char in enumerate(line):
        used += widths[char]
        if used > width and char != " ":
            end = word if word > start else position
            yield line[start:end].rstrip()
            start = end
            used = sum(widths[char] for char in line[start : position + 1])
        if char == " ":
            word = position + 1
    yield line[start:].rstrip()
