"""The child process that reads the text of a file: `-m review.intake.extract TYPE PATH`.

Prints one line of JSON with the text, its paragraphs apart by a blank line. The file has
been checked before; nothing of Django here.
"""

import json
import re
import sys
import zipfile
from pathlib import Path

import defusedxml.ElementTree
import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from pdfminer.high_level import extract_pages
from pdfminer.layout import LTTextContainer

from submissions.files.check import keep_within_bounds
from submissions.files.checks.text import decoded
from submissions.files.kinds import KINDS

# Text that is gone by Word's own record, or stands there twice.
NOT_SHOWN = {
    qn("w:del"),
    qn("w:moveFrom"),
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
}
TEXT_OF_ODF = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
TABLE_OF_ODF = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
NOTES_OF_ODF = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}annotation"
# What begins a paragraph of its own, however close it stands to the one before.
LIST_MARK = re.compile(r"\s*(?:[•◦▪●○■–-]|\(?\w{1,3}[.)])\s")


def main(content_type, path):
    keep_within_bounds()
    readers = {KINDS[name].content_type: read for name, read in READERS.items()}
    paragraphs = readers[content_type](Path(path))
    print(json.dumps({"text": "\n\n".join(filter(str.strip, paragraphs))}))


def pdf_paragraphs(path):
    """Yield the blocks of text of each page; lines end where the page had no more room."""
    for page in extract_pages(path):
        for element in page:
            if isinstance(element, LTTextContainer):
                yield from _unwrapped(element.get_text().splitlines())


def _unwrapped(lines):
    paragraph = []
    for line in lines:
        if paragraph and LIST_MARK.match(line):
            yield " ".join(paragraph)
            paragraph = []
        paragraph.append(line.strip())
    yield " ".join(paragraph)


def word_paragraphs(path):
    """Yield paragraphs, points of lists and rows of tables in order, then the notes."""
    document = docx.Document(path)
    yield from _word_blocks(document.element.body)
    for kind in (RELATIONSHIP_TYPE.FOOTNOTES, RELATIONSHIP_TYPE.ENDNOTES):
        for relation in document.part.rels.values():
            if relation.reltype == kind and not relation.is_external:
                for note in parse_xml(relation.target_part.blob):
                    yield from _word_blocks(note)


def _word_blocks(parent):
    for element in parent:
        if element.tag == qn("w:p"):
            text = "".join(_word_text(element))
            yield f"• {text}" if text and _is_in_list(element) else text
        elif element.tag == qn("w:tr"):
            cells = element.iter(qn("w:tc"))
            yield " | ".join(" ".join(_word_blocks(cell)) for cell in cells)
        elif element.tag not in NOT_SHOWN:
            # A table, a form's field, an insertion: what matters is inside.
            yield from _word_blocks(element)


def _word_text(parent):
    for element in parent:
        if element.tag == qn("w:t"):
            yield element.text or ""
        elif element.tag == qn("w:tab"):
            yield "\t"
        elif element.tag in (qn("w:br"), qn("w:cr")):
            yield "\n"
        elif element.tag not in NOT_SHOWN:
            yield from _word_text(element)


def _is_in_list(paragraph):
    has_number = paragraph.find(f".//{qn('w:numPr')}") is not None
    return has_number or (paragraph.style or "").startswith("List")


def odt_paragraphs(path):
    """Yield paragraphs, headings, points of lists and rows of tables in order."""
    with zipfile.ZipFile(path) as archive, archive.open("content.xml") as file:
        yield from _odt_blocks(defusedxml.ElementTree.parse(file).getroot())


def _odt_blocks(parent):
    for element in parent:
        if element.tag in (f"{TEXT_OF_ODF}p", f"{TEXT_OF_ODF}h"):
            yield "".join(_odt_text(element))
        elif element.tag == f"{TABLE_OF_ODF}table-row":
            yield " | ".join(" ".join(_odt_blocks(cell)) for cell in element)
        elif element.tag == f"{TEXT_OF_ODF}list-item":
            yield from (f"• {block}" for block in _odt_blocks(element))
        elif element.tag != f"{TEXT_OF_ODF}tracked-changes":
            yield from _odt_blocks(element)


def _odt_text(parent):
    yield parent.text or ""
    for element in parent:
        if element.tag == f"{TEXT_OF_ODF}s":
            yield " "
        elif element.tag == f"{TEXT_OF_ODF}tab":
            yield "\t"
        elif element.tag == f"{TEXT_OF_ODF}line-break":
            yield "\n"
        elif element.tag != NOTES_OF_ODF:
            yield from _odt_text(element)
        yield element.tail or ""


def text_paragraphs(path):
    yield decoded(path.read_bytes())


READERS = {
    "pdf": pdf_paragraphs,
    "docx": word_paragraphs,
    "odt": odt_paragraphs,
    "txt": text_paragraphs,
}

if __name__ == "__main__":
    main(*sys.argv[1:])
