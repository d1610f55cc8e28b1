"""What is read out of the files that evidence comes in, paragraph by paragraph."""

import pytest

from review.intake.texts import compared, paragraphs, text_of
from submissions.files.kinds import KINDS
from tests.files import archive, image, odf, pdf
from tests.review.intakes import pdf_of, word_file

LONG = "Eleven small contracts became three large ones, and none of us could bid. " * 4


def read(path, content, extension):
    file = path / f"original.{extension}"
    file.write_bytes(content)
    return paragraphs(text_of(str(file), KINDS[extension].content_type))


def test_text_of_a_pdf_keeps_its_paragraphs_and_loses_its_line_ends(tmp_path):
    content = pdf_of(LONG, "A grant of £5,000 did it – O’Brien.", "(a) Smaller lots")

    assert read(tmp_path, content, "pdf") == [
        LONG.strip(),
        "A grant of £5,000 did it – O’Brien.",
        "(a) Smaller lots",
    ]


def test_text_of_a_word_file_has_lists_tables_and_notes_in_order(tmp_path):
    def build(document):
        document.add_heading("Our evidence", 1)
        document.add_paragraph("First\nsecond line")
        document.add_paragraph("Smaller lots", style="List Bullet")
        table = document.add_table(2, 2)
        for row, texts in zip(
            table.rows, [("Year", "Contracts"), ("2016", "11")], strict=True
        ):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text
        document.add_paragraph("")
        document.add_paragraph("Yours, Ada")

    assert read(tmp_path, word_file(build), "docx") == [
        "Our evidence",
        "First\nsecond line",
        "• Smaller lots",
        "Year | Contracts",
        "2016 | 11",
        "Yours, Ada",
    ]


def test_text_of_a_word_file_has_what_was_inserted_and_not_what_was_deleted(tmp_path):
    def build(document):
        paragraph = document.add_paragraph("Three ")
        for tag, text, word in (("ins", "t", "large "), ("del", "delText", "small ")):
            change = paragraph._p.makeelement(
                f"{{{paragraph._p.nsmap['w']}}}{tag}", nsmap=paragraph._p.nsmap
            )
            run = paragraph.add_run()._r
            said = run.makeelement(f"{{{run.nsmap['w']}}}{text}")
            said.text = word
            run.append(said)
            change.append(run)
            paragraph._p.append(change)
        paragraph.add_run("contracts")

    assert read(tmp_path, word_file(build), "docx") == ["Three large contracts"]


def test_text_of_a_libreoffice_file(tmp_path):
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "text", "table")
    )
    body = (
        "<text:h>Our evidence</text:h>"
        "<text:p>Two<text:s/>words<text:line-break/>and a <text:span>line</text:span>."
        "<office:annotation><text:p>A comment</text:p></office:annotation></text:p>"
        "<text:list><text:list-item><text:p>Smaller lots</text:p></text:list-item>"
        "</text:list><table:table><table:table-row>"
        "<table:table-cell><text:p>2016</text:p></table:table-cell>"
        "<table:table-cell><text:p>11</text:p></table:table-cell>"
        "</table:table-row></table:table>"
    )
    content = (
        f"<office:document-content {spaces}><office:body><office:text>{body}"
        "</office:text></office:body></office:document-content>"
    )

    assert read(tmp_path, odf(**{"content.xml": content}), "odt") == [
        "Our evidence",
        "Two words\nand a line.",
        "• Smaller lots",
        "2016 | 11",
    ]


def test_text_of_a_text_file_in_the_letters_of_windows(tmp_path):
    content = "Cafés\r\n\r\n£5,000".encode("cp1252")

    assert read(tmp_path, content, "txt") == ["Cafés", "£5,000"]


@pytest.mark.parametrize(
    ("content", "extension"),
    [
        (pdf(), "pdf"),
        (b"%PDF-1.7 and nothing else", "pdf"),
        (archive({"word/document.xml": "<no"}), "docx"),
        (image(), "jpg"),
    ],
)
def test_scans_and_what_cannot_be_read_have_no_text(tmp_path, content, extension):
    assert read(tmp_path, content, extension) == []


def test_paragraphs_are_lines_where_no_line_is_blank():
    assert paragraphs("One\nTwo\n") == ["One", "Two"]
    assert paragraphs("One\nstill one\n \t\n\nTwo") == ["One\nstill one", "Two"]


def test_words_are_compared_without_their_white_space_and_nothing_else():
    original = "Eleven contracts became three. We agree."

    assert compared(
        "Eleven\ncontracts became\n\nWe  agree.\n\nWe agreed.", [original]
    ) == [
        ("Eleven\ncontracts became", True),
        ("We  agree.", True),
        ("We agreed.", False),
    ]
