"""The texts of originals: read out of files, cut into paragraphs, and compared."""

import logging
import re

from submissions.fields import tidy
from submissions.files import child
from submissions.files.kinds import KINDS
from submissions.files.refusals import Unacceptable

logger = logging.getLogger(__name__)

# Some 200 pages: what is longer is read in parts.
MAX_CHARACTERS = 500_000
WITH_TEXT = {
    KINDS[extension].content_type for extension in ("pdf", "docx", "odt", "txt")
}

BLANK_LINES = re.compile(r"\n[ \t]*\n\s*")


def text_of(path, content_type):
    """Return the text of a file that was checked, "" when none can be read out of it.

    An image has none, nor has a PDF that was scanned.
    """
    if content_type not in WITH_TEXT:
        return ""
    try:
        found = child.ask("review.intake.extract", content_type, path)["text"]
    except Unacceptable as error:
        logger.info("No text was read from a file: %s", error.code)
        return ""
    # A PDF can name half a character, and the end of a page is a control character.
    text = found.replace("\0", "").encode("utf-8", "ignore").decode()
    text = tidy(text.replace("\f", "\n\n")).strip()
    return text if len(text) <= MAX_CHARACTERS else ""


def paragraphs(text):
    """Return what is apart by blank lines; of a text without any, its lines."""
    has_blank_lines = BLANK_LINES.search(text.strip())
    pieces = BLANK_LINES.split(text) if has_blank_lines else text.split("\n")
    return [piece.strip() for piece in pieces if piece.strip()]


def flat(text):
    """Return the text with single spaces for all white space, to compare it."""
    return " ".join(text.split())


def compared(text, originals):
    """Return each paragraph of a text, and whether it stands so in one of the originals.

    White space makes no difference; nothing else is forgiven.
    """
    return [
        (piece, any(flat(piece) in original for original in originals))
        for piece in BLANK_LINES.split(text.strip())
        if piece
    ]
