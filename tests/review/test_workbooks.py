"""Submissions as Excel files, as openpyxl and pandas read them."""

import datetime as dt
import io

import pandas
import pytest

from review.exports import xlsx_file
from review.exports.xlsx_file import in_parts, units
from review.models import Assignment
from tests.review.exported import cells, content_of, made, mark, note, staff, workbook
from tests.submissions.sent import make_sent, minutes_ago

# An export opens its own transaction, and refuses to stand inside another.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def exports_root(settings, tmp_path):
    settings.EXPORTS_ROOT = tmp_path / "exports"
    return settings.EXPORTS_ROOT


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
