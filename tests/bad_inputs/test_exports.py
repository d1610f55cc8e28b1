"""Texts that break spreadsheets, read back from every format. Class X.

Sending and deleting while a file is made (X08): tests/review/test_exports.py.
"""

import csv
import io
import json

import pandas
import pytest

from review.exports import OneRowAnAnswer, OneRowASubmission
from submissions.models import Submission
from tests.review.exported import as_csv, cells, content_of, made, workbook
from tests.submissions.sent import make_sent

from .tally import CHANGED

# An export opens its own transaction, and refuses to stand inside another.
pytestmark = pytest.mark.django_db(transaction=True)

# What a spreadsheet would take for a formula; CSV puts an apostrophe before it.
FORMULAS = {
    "X01 equals": "=1+1",
    "X01 plus": "+44 20 7946 0000",
    "X01 minus": "-1",
    "X01 at": "@SUM(A1)",
    "X01 tab first": "\tindented",
    "X01 line end first": "\nline",
    "X01 full-width equals": "＝1+1",
    "X01 full-width plus": "＋1",
    "X01 full-width minus": "－1",
    "X01 full-width at": "＠SUM(A1)",
    "X01 space first": " =1+1",
    "X01 spaces of no width first": "\u00a0\u200b =1+1",
    "X01 byte order mark first": "\ufeff@SUM(A1)",
    "X01 spaces and a tab first": "  \tindented",
    "X02 link": '=HYPERLINK("https://evil.example","Click")',
    "X02 program": "=cmd|' /C calc'!A0",
    "X02 array": "{=SUM(1,2)}",
}
NO_FORMULAS = {"X02 array"}
OTHERS = {
    "X01 apostrophe first": "'quoted'",
    "X01 apostrophe and equals": "'=1+1",
    "X01 equals later": "a=b",
    "X01 equals on the second line": "£5,000 = a lot\n=1+1",
    "X05 quotes": 'She said "no", twice; and ""',
    "X05 lines": "one\n\ntwo\n",
    "X05 commas and semicolons": "a,b;c\td",
    "X06 pounds and accents": "£5 é ß “-” Ünïcödé",
    "X07 200,000 characters": "Ü" * 200_000,
    "X09 emoji": "🏡👩‍👩‍👧 é 語",
    "X09 right to left": "\u202eRTL\u202c",
    "X10 leading zeros": "007",
    "X10 like a date": "1-2",
    "X10 sixteen digits": "1234567890123456",
    "X10 exponent": "1e5",
    "X10 truth": "TRUE",
    "X10 fault": "#N/A",
    "X10 missing": "NULL",
    "X11 address": "https://x.example/",
    "X11 markup of XML": "<r><t>bold</t></r> <b>&amp; ]]>",
    "X11 escape of Excel": "_x0041_",
    "X11 spaces around": "  a\tb\n c  ",
}
TEXTS = FORMULAS | OTHERS
# What the database may hold all the same; a form keeps them out.
CONTROLS = "a\x0bb\x1fc\uffffd\re"


@pytest.fixture
def sent(consultation):
    """A submission for each text, whose reference says which it is."""
    for number, text in enumerate(TEXTS.values()):
        make_sent(
            consultation,
            reference=f"KIL-{number:08}",
            # A name is one line.
            name=" ".join(text.split())[:200],
            answers={"1.1": text},
        )
    return consultation


@pytest.fixture(autouse=True)
def exports_root(settings, tmp_path):
    settings.EXPORTS_ROOT = tmp_path / "exports"


@pytest.fixture(autouse=True)
def wide_cells():
    before = csv.field_size_limit(300_000)
    yield
    csv.field_size_limit(before)


def by_name(rows, column):
    """Return what a file holds of each text, by the text's name in the table."""
    found = {row["Reference"]: row[column] for row in rows}
    return {name: found[f"KIL-{number:08}"] for number, name in enumerate(TEXTS)}


def checked(found, expected, counted):
    """Return where what was read back is not what was written."""
    wrong = {name for name in expected if found[name] != expected[name]}
    counted(len(expected), [CHANGED] * len(wrong))
    return {name: found[name] for name in wrong}


def test_every_text_stands_in_a_csv_file_and_no_formula_does(sent, counted):
    file = as_csv(Submission.objects.all(), OneRowAnAnswer(sent))

    rows = csv.DictReader(
        io.StringIO(file.decode("utf-8-sig"), newline=""), strict=True
    )

    defused = {
        name: "'" + text if name in FORMULAS and name not in NO_FORMULAS else text
        for name, text in TEXTS.items()
    }
    assert checked(by_name(rows, "Text"), defused, counted) == {}
    assert file.startswith("\ufeff".encode())


def test_every_text_is_text_in_a_workbook_and_comes_back_equal(sent, counted):
    book = workbook(made(sent, rows="answers"))

    header, *rows = book["Answers"].iter_rows()
    names = [cell.value for cell in header]
    cells = [dict(zip(names, row, strict=True)) for row in rows]
    values = [{name: cell.value for name, cell in row.items()} for row in cells]
    assert {row["Text"].data_type for row in cells} == {"s"}
    assert {row["Name"].data_type for row in cells} <= {"s", "n"}
    found = by_name(values, "Text")
    # openpyxl leaves the format's own escape of an escape as it is; Excel does not.
    found = {name: text.replace("_x005F_", "_") for name, text in found.items()}
    # X04 says what becomes of one that no cell holds.
    expected = {name: text for name, text in TEXTS.items() if len(text) < 30_000}
    assert checked(found, expected, counted) == {}


def test_every_text_stands_in_json(sent, counted):
    content = json.loads(content_of(made(sent, format="json", rows="")))

    found = {one["reference"]: one["said"][0]["text"] for one in content["submissions"]}
    rows = [{"Reference": name, "Text": text} for name, text in found.items()]
    assert checked(by_name(rows, "Text"), TEXTS, counted) == {}


@pytest.mark.parametrize(
    "text", ["a" * 40_000, "🏡" * 20_000, "a" + "🏡" * 16_384, "é\n" * 100_000]
)
def test_x04_a_long_text_stands_whole_on_a_sheet_of_its_own(consultation, text):
    make_sent(consultation, reference="KIL-AA2BB3CC", answers={"1.2": "1", "1.1": text})

    book = workbook(made(consultation, rows="answers"))

    answer, other = cells(book["Answers"])
    parts = cells(book["Long texts"])
    assert other["Text"] == "1"
    assert "".join(part["Text"] for part in parts) == text
    column = next(cell.column for cell in book["Answers"][1] if cell.value == "Text")
    place = book["Answers"].cell(2, column).coordinate
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


def test_x03_controls_and_what_no_xml_may_hold_harm_nothing(consultation):
    make_sent(consultation, answers={"1.1": CONTROLS})

    [row] = cells(workbook(made(consultation, rows="answers"))["Answers"])

    assert row["Text"] == "a_x000B_b_x001F_c\ufffdd_x000D_e"


@pytest.mark.parametrize("format", ["csv", "xlsx", "json", "zip"])
def test_x03_controls_break_no_format(consultation, format):
    make_sent(consultation, name="a\x0bb", answers={"1.1": CONTROLS})

    assert made(consultation, format=format, rows="").finished_at


def test_x06_pandas_reads_a_csv_file_back(sent):
    file = as_csv(Submission.objects.all(), OneRowASubmission(sent))

    table = pandas.read_csv(io.BytesIO(file), dtype=str, keep_default_na=False)

    assert len(table) == len(TEXTS)
    assert "007" in table["Name"].tolist()


def test_x12_a_file_of_nothing_has_its_header(consultation):
    file = as_csv(Submission.objects.all(), OneRowAnAnswer(consultation))
    book = workbook(made(consultation, rows="answers"))

    assert file.count(b"\r\n") == 1
    assert [cell.value for cell in book["Answers"][1]][0] == "Reference"
