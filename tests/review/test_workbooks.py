"""Submissions as Excel files, as openpyxl and pandas read them."""

import datetime as dt
import io

import openpyxl
import pandas
import pytest

from review.exports import xlsx_file
from review.exports.xlsx_file import in_parts, units
from review.models import Assignment
from tests.review.exported import content_of, made, mark, note, staff
from tests.submissions.sent import make_sent, minutes_ago

# An export opens its own transaction, and refuses to stand inside another.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def exports_root(settings, tmp_path):
    settings.EXPORTS_ROOT = tmp_path / "exports"
    return settings.EXPORTS_ROOT


def workbook(export):
    return openpyxl.load_workbook(io.BytesIO(content_of(export)))


def cells(sheet):
    """Return the rows of a sheet as dicts of what is not empty."""
    header, *rows = sheet.iter_rows(values_only=True)
    return [
        {name: value for name, value in zip(header, row, strict=True) if value}
        for row in rows
    ]


def test_answers_stand_in_rows_with_what_staff_made_of_them(consultation):
    submission = make_sent(
        consultation,
        reference="KIL-AA2BB3CC",
        respondent_type="councillor",
        submitted_at=dt.datetime(2018, 7, 27, 23, 30, tzinfo=dt.UTC),
        answers={"1.1": "Smaller lots.", "1.2": "Trust."},
    )
    grace = staff("grace", first_name="Grace", last_name="Hopper")
    mark(submission, "Lots", "question-1-1", added_by=grace)
    mark(submission, "Trust", "question-1-2", added_by=grace)
    noted = note(submission, "Ask for figures.", grace)
    Assignment.objects.create(submission=submission, user=grace)

    sheet = workbook(made(consultation, rows="answers"))["Answers"]

    first, second = cells(sheet)
    assert first["Place"] == "question-1-1"
    assert first["Text"] == "Smaller lots."
    assert (first["Themes"], second["Themes"]) == ("Lots", "Trust")
    assert first["Sent at"] == "2018-07-27T23:30:00Z"
    assert first["Type of respondent"] == "Elected councillor"
    assert first["May be published"] == "With name"
    assert first["Notes"].endswith(" Grace Hopper: Ask for figures.")
    assert first["Assigned to"] == "Grace Hopper"
    assert f"{noted.written_at:%Y-%m-%d}" in first["Notes"]


FORMULAS = ["=1+1", "+44 20", "-1", "@SUM(A1)", '=HYPERLINK("https://x.example","y")']
NUMBERS = [
    "007",
    "1-2",
    "1234567890123456",
    "1e5",
    "TRUE",
    "https://x.example/",
    "#N/A",
]
ODD = ["<r><t>bold</t></r>", "<b>&amp;", "_x0041_", "a\tb\n c ", "\ufeffx", "é£语🏡"]


@pytest.mark.parametrize("text", [*FORMULAS, *NUMBERS, *ODD])
def test_every_text_is_text_and_comes_back_equal(consultation, text):
    make_sent(consultation, name=text, answers={"1.1": text})

    sheet = workbook(made(consultation, rows="answers"))["Answers"]

    header = [cell.value for cell in sheet[1]]
    found = [sheet[2][header.index(name)] for name in ("Name", "Text")]
    assert [cell.data_type for cell in found] == ["s", "s"]
    # openpyxl leaves the format's own escape of an escape as it is; Excel does not.
    assert [cell.value.replace("_x005F_", "_") for cell in found] == [text, text]


def test_controls_and_what_no_xml_may_hold_harm_nothing(consultation):
    make_sent(consultation, answers={"1.1": "a\x0bb\x1fc\uffffd\re"})

    sheet = workbook(made(consultation, rows="answers"))["Answers"]

    [row] = cells(sheet)
    assert row["Text"] == "a_x000B_b_x001F_c\ufffdd_x000D_e"


@pytest.mark.parametrize(
    "text", ["a" * 40_000, "🏡" * 20_000, "a" + "🏡" * 16_384, "é\n" * 100_000]
)
def test_a_long_text_stands_whole_on_a_sheet_of_its_own(consultation, text):
    make_sent(consultation, reference="KIL-AA2BB3CC", answers={"1.2": "1", "1.1": text})

    book = workbook(made(consultation, rows="answers"))

    answer, other = cells(book["Answers"])
    parts = cells(book["Long texts"])
    assert other["Text"] == "1"
    assert "".join(part["Text"] for part in parts) == text
    column = book["Answers"][1].index(
        next(cell for cell in book["Answers"][1] if cell.value == "Text")
    )
    place = book["Answers"].cell(2, column + 1).coordinate
    assert {
        (part["Reference"], part["Sheet"], part["Cell"], part["Column"], part["Parts"])
        for part in parts
    } == {("KIL-AA2BB3CC", "Answers", place, "Text", str(len(parts)))}
    shown, pointer = answer["Text"].rsplit("\n\n", 1)
    assert text.startswith(shown)
    assert pointer == (
        "[Excel holds no more in a cell. The whole text is on the sheet “Long texts”: "
        f"KIL-AA2BB3CC, {place}, {len(parts)} parts.]"
    )
    for cell in (answer["Text"], *(part["Text"] for part in parts)):
        assert len(cell.encode("utf-16-le")) // 2 <= 32_767


def test_a_text_of_just_the_limit_is_left_alone(consultation):
    make_sent(consultation, answers={"1.1": "a" * 32_767})

    book = workbook(made(consultation, rows="answers"))

    assert cells(book["Answers"])[0]["Text"] == "a" * 32_767
    assert "Long texts" not in book.sheetnames


@pytest.mark.parametrize("text", ["", "a", "🏡", "a🏡b🏡", "🏡a", "語" * 9])
@pytest.mark.parametrize("limit", [2, 3, 4])
def test_parts_make_up_the_text_and_cut_no_character(text, limit):
    parts = list(in_parts(text, limit))

    assert "".join(parts) == text
    assert all(0 < units(part) <= limit for part in parts)
    assert all(len(part.encode("utf-16-le")) // 2 <= limit for part in parts)


def test_rows_beyond_a_sheet_go_on_the_next(consultation, monkeypatch):
    monkeypatch.setattr(xlsx_file, "ROWS_A_SHEET", 3)
    for number in range(5):
        make_sent(consultation, name=str(number), submitted_at=minutes_ago(9 - number))

    book = workbook(made(consultation))

    sheets = [name for name in book.sheetnames if name.startswith("Submissions")]
    assert sheets == ["Submissions", "Submissions 2", "Submissions 3"]
    assert [[row["Name"] for row in cells(book[name])] for name in sheets] == [
        ["0", "1"],
        ["2", "3"],
        ["4"],
    ]


def test_first_sheet_says_what_is_in_the_file(consultation):
    make_sent(consultation, respondent_type="councillor", answers={"1.1": "a" * 40_000})
    make_sent(consultation, respondent_type="academic")

    export = made(consultation, query="type=councillor")

    book = workbook(export)
    about = dict(row[:2] for row in book["About"].iter_rows(values_only=True))
    assert book.sheetnames == ["About", "Submissions", "Long texts"]
    assert about["Filter"] == "Type: Elected councillor"
    assert about["Left out"] == "email addresses"
    assert about["Submissions"] == "1"
    assert about["Rows on “Submissions”"] == "1"
    assert about["Rows on “Long texts”"] == "2"
    assert "UK time on" in about["Taken at"]
    assert about["Submissions: Reference"] == "The code on the respondent's receipt."
    header = [cell.value for cell in book["Submissions"][1]]
    assert [f"Submissions: {name}" for name in header] == list(about)[-len(header) :]


def test_pandas_reads_a_workbook(consultation):
    make_sent(consultation, name="007", answers={"1.1": "=1+1"})
    export = made(consultation, rows="answers")

    table = pandas.read_excel(
        io.BytesIO(content_of(export)), sheet_name="Answers", dtype=str
    )

    assert table["Name"].tolist() == ["007"]
    assert table["Text"].tolist() == ["=1+1"]
