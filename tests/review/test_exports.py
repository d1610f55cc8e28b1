"""Submissions as CSV files, as a spreadsheet and a program read them."""

import codecs
import csv
import datetime as dt
import errno
import io
import json
import re
from zipfile import ZipFile

import openpyxl
import pandas
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from psycopg2.sql import SQL

from consultations.models import Consultation, Question, Section
from principles.services import publish
from review.exports import (
    TABLES,
    CsvWriter,
    OneRowAnAnswer,
    OneRowAnItem,
    OneRowASubmission,
    csv_file,
    defuse,
    reading,
)
from review.exports.csv_file import defused
from submissions.models import Answer, Submission
from tests.bad_inputs.test_exports import FORMULAS, OTHERS
from tests.review.exported import as_csv, elsewhere, mark
from tests.submissions.sent import make_draft, make_sent, minutes_ago

NASTY = (
    'She said "no", twice;\n\n\tthen a tab, a comma, an emoji 🏡👩‍👩‍👧, é, \u202eRTL\u202c\n'
    "=not a formula here 'nor' here\n" + "Ü" * 200_000 + "\n"
)

# An export opens its own transaction, and refuses to stand inside another.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def wide_cells():
    before = csv.field_size_limit(300_000)
    yield
    csv.field_size_limit(before)


def exported(table, submissions=None, **options):
    if submissions is None:
        submissions = Submission.objects.all()
    return as_csv(submissions, table, **options)


def read(file):
    """Return the rows of a CSV file as dicts."""
    text = file.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def heading(code):
    return str(Question.objects.get(code=code))


@pytest.fixture
def riverside(consultation):
    return make_sent(
        consultation,
        reference="KIL-AA2BB3CC",
        name="Ada O'Brien",
        email="ada@riverside.example",
        on_behalf="organisation",
        respondent_type="community-organisation",
        holds_contracts="no",
        publication="without-name",
        submitted_at=dt.datetime(2018, 7, 27, 23, 30, 5, 999, tzinfo=dt.UTC),
        answers={"2.1": NASTY, "1.1": "First."},
        comments={2: ("in-part", "Smaller lots."), 4: ("agree", "")},
        general="Keep going.",
    )


ABOUT_RIVERSIDE = {
    "Reference": "KIL-AA2BB3CC",
    "Sent at": "2018-07-27T23:30:05Z",
    "Channel": "Online",
    "Responding": "For an organisation",
    "Name": "Ada O'Brien",
    "Organisation": "Riverside Community Trust",
    "Type of respondent": "Community organisation",
    "Holds or bids for public service contracts": "No",
    "Publication": "Publish my response without my name",
}


def test_wide_file_holds_a_submission_in_one_row(riverside):
    [row] = read(exported(OneRowASubmission(riverside.consultation)))

    filled = {name: value for name, value in row.items() if value}
    assert filled == ABOUT_RIVERSIDE | {
        heading("1.1"): "First.",
        heading("2.1"): NASTY,
        "P2 Maximise local social value (version 1): stance": "Agree in part",
        "P2 Maximise local social value (version 1): comment": "Smaller lots.",
        "P4 Simplify processes and create a level playing field (version 1): stance": (
            "Agree"
        ),
        "The principles as a whole: comment": "Keep going.",
    }


def test_wide_file_has_a_column_for_every_question_in_order(riverside):
    [row] = read(exported(OneRowASubmission(riverside.consultation)))

    asked = [name for name in row if re.match(r"\d\.\d ", name)]
    assert len(row) == 13 + 27 + 2 * 5 + 2 * 6 + 3 + 3
    assert len(asked) == 27
    assert asked == sorted(asked)
    assert (
        "1.1 Have large outsourcing contracts been the dominant trend in public "
        "services over the last ten years? If so, what is the evidence to support "
        "this and what has been driving this trend?"
    ) in asked


def test_long_file_holds_a_row_for_each_answer_and_comment(riverside):
    rows = read(exported(OneRowAnAnswer(riverside.consultation)))

    assert [
        {name: value for name, value in row.items() if name in ABOUT_RIVERSIDE}
        for row in rows
    ] == [ABOUT_RIVERSIDE] * 5
    assert [list(row.values())[13:-3] for row in rows] == [
        [
            "question-1-1",
            "answer",
            "1. The trend towards scale ... halted?",
            "1.1",
            Question.objects.get(code="1.1").wording,
            "",
            "First.",
            "Without name",
        ],
        [
            "question-2-1",
            "answer",
            "2. The case for keeping it local",
            "2.1",
            Question.objects.get(code="2.1").wording,
            "",
            NASTY,
            "Without name",
        ],
        [
            "principle-2-v1",
            "principle",
            "The draft principles",
            "P2",
            "Maximise local social value (version 1)",
            "Agree in part",
            "Smaller lots.",
            "Without name",
        ],
        [
            "principle-4-v1",
            "principle",
            "The draft principles",
            "P4",
            "Simplify processes and create a level playing field (version 1)",
            "Agree",
            "",
            "Without name",
        ],
        [
            "principles",
            "general",
            "The draft principles",
            "",
            "The principles as a whole",
            "",
            "Keep going.",
            "Without name",
        ],
    ]


def test_pandas_reads_every_text_back_as_it_was_written(riverside):
    file = io.BytesIO(exported(OneRowASubmission(riverside.consultation)))

    table = pandas.read_csv(file, dtype=str, keep_default_na=False)

    assert table[heading("2.1")].tolist() == [NASTY]
    assert table["Reference"].tolist() == ["KIL-AA2BB3CC"]


def test_file_begins_with_one_byte_order_mark_and_rows_end_in_crlf(riverside):
    file = exported(OneRowAnAnswer(riverside.consultation))

    assert file.startswith(codecs.BOM_UTF8 + b'"Reference","Sent at",')
    assert file.count(codecs.BOM_UTF8) == 1
    assert file.endswith(b'"Keep going.","Without name","","",""\r\n')
    assert file.count(b"\r\n") == 6
    assert not exported(
        OneRowAnAnswer(riverside.consultation), with_bom=False
    ).startswith(codecs.BOM_UTF8)


def test_cells_and_headers_are_defused(consultation):
    Question.objects.filter(code="1.1").update(code="=1", wording='HYPERLINK("x")')
    make_sent(consultation, name="=1+1", organisation="@SUM(A1)", answers={"=1": "-1"})

    [row] = read(exported(OneRowASubmission(consultation)))

    assert (row["Name"], row["Organisation"]) == ("'=1+1", "'@SUM(A1)")
    assert row['\'=1 HYPERLINK("x")'] == "'-1"


def test_email_addresses_are_left_out_unless_asked_for(riverside):
    without = exported(OneRowASubmission(riverside.consultation))
    with_them = exported(OneRowASubmission(riverside.consultation, with_email=True))

    assert b"ada@riverside.example" not in without
    assert read(with_them)[0]["Email address"] == "ada@riverside.example"


def test_comments_on_each_version_of_a_principle_are_kept_apart(riverside):
    principle = riverside.consultation.principles.get(number=2)
    publish(principle, ["Think local first."])
    later = make_sent(riverside.consultation, comments={2: ("disagree", "Too short.")})

    rows = read(exported(OneRowASubmission(riverside.consultation)))

    name = "P2 Maximise local social value (version %s): comment"
    assert [(row[name % 1], row[name % 2]) for row in rows] == [
        ("Smaller lots.", ""),
        ("", "Too short."),
    ]
    assert rows[1]["Reference"] == later.reference


@pytest.fixture
def copies(monkeypatch):
    """A list that grows with each COPY, which Django does not count."""
    begun = []

    def copy(query, file):
        begun.append(query)
        return reading.copy(query, file)

    monkeypatch.setattr(csv_file, "copy", copy)
    return begun


@pytest.mark.parametrize("table", TABLES.values())
def test_export_takes_the_same_number_of_queries(
    consultation, table, copies, django_assert_num_queries
):
    for count in (1, 3):
        while Submission.objects.count() < count:
            sent = make_sent(
                consultation,
                answers={"1.1": "One", "2.1": "Two"},
                comments={1: ("agree", "")},
            )
            item = sent.items.create(title="Evaluation")
            item.questions.add(Question.objects.get(code="1.1"))
            mark(sent, "Lots", "question-1-1")
        # Begin, five settings, questions, versions with their sentences, submissions,
        # the page, end.
        with django_assert_num_queries(13):
            exported(table(consultation))

    assert len(copies) == 2


def test_confidence_is_beside_what_is_kept_back(riverside):
    riverside.answers.filter(question__code="1.1").update(confidence="locality-only")
    riverside.principle_comments.filter(version=None).update(confidence="without-name")

    [wide] = read(exported(OneRowASubmission(riverside.consultation)))
    long = read(exported(OneRowAnAnswer(riverside.consultation)))

    assert wide["Kept back"] == (
        "1.1: For Locality only; The principles as a whole: Publish it without my name"
    )
    assert [row["May be published"] for row in long] == [
        "Not",
        *["Without name"] * 4,
    ]


def test_evidence_items_have_a_file_of_their_own(riverside):
    item = riverside.items.create(
        title="=Evaluation",
        kind="research",
        details=NASTY,
        shows="mixed",
        service="Befriending",
        place="Calderdale",
        period="2017",
        source_url="https://example.org/",
        may_quote="yes",
    )
    item.questions.set(Question.objects.filter(code__in=["1.1", "2.1"]))
    item.principles.set(riverside.consultation.principles.filter(number=3))

    [row] = read(exported(OneRowAnItem(riverside.consultation)))

    assert {name: row[name] for name in ABOUT_RIVERSIDE} == ABOUT_RIVERSIDE
    assert list(row.values())[13:-3] == [
        f"item-{item.key}",
        "'=Evaluation",
        "Evaluation or research",
        NASTY,
        "Mixed",
        "Befriending",
        "Calderdale",
        "2017",
        "https://example.org/",
        "Yes",
        "1.1 2.1",
        "P3",
        "",
        "Without name",
    ]


def test_export_is_in_the_order_of_sending_beyond_one_page(consultation, monkeypatch):
    monkeypatch.setattr(reading, "PAGE", 2)
    for number in range(5):
        make_sent(
            consultation,
            name=str(number),
            submitted_at=minutes_ago(number),
            answers={"1.1": f"Answer {number}"},
        )

    rows = read(exported(OneRowASubmission(consultation)))

    assert [(row["Name"], row[heading("1.1")]) for row in rows] == [
        (str(number), f"Answer {number}") for number in reversed(range(5))
    ]


def test_drafts_and_other_calls_are_never_in_a_file(consultation):
    other = Consultation.objects.create(
        slug="other", title="Other", opens_at=minutes_ago(2), closes_at=minutes_ago(1)
    )
    section = Section.objects.create(consultation=other, number=1, title="Other")
    Question.objects.create(section=section, code="9.9", position=1, wording="Other?")
    make_sent(other, answers={"9.9": "For another call"})
    make_draft(consultation, name="Secret", answers={"1.1": "Secret"})

    for table in (OneRowASubmission, OneRowAnAnswer):
        assert read(exported(table(consultation))) == []


def test_file_is_of_one_moment_whatever_happens_meanwhile(consultation, monkeypatch):
    monkeypatch.setattr(reading, "PAGE", 2)
    for number in range(4):
        make_sent(
            consultation,
            name="Before",
            submitted_at=minutes_ago(100 - number),
            answers={"1.1": "Before", "1.2": "Before"},
        )

    def change_everything():
        Submission.objects.order_by("submitted_at").last().delete()
        Answer.objects.filter(question__code="1.2").delete()
        Answer.objects.update(text="After")
        Submission.objects.update(name="After")
        Question.objects.update(wording="After?")
        make_sent(consultation, name="After")

    table = OneRowASubmission(consultation)
    rows = read(exported_while(change_everything, table, monkeypatch))

    assert len(rows) == 4
    assert {(row["Name"], *list(row.values())[13:15]) for row in rows} == {
        ("Before", "Before", "Before")
    }
    assert Submission.objects.filter(name="After").count() == 4


def exported_while(happens, table, monkeypatch):
    """Return the table as a file, of which one page is written when something happens."""
    happened = []

    def add(self, page):
        add_page(self, page)
        if not happened:
            happened.append(True)
            elsewhere(happens)

    add_page = CsvWriter.add
    monkeypatch.setattr(CsvWriter, "add", add)
    return exported(table)


def settings_of_the_database():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('transaction_isolation'),"
            " current_setting('transaction_read_only'),"
            " current_setting('statement_timeout'),"
            " current_setting('idle_in_transaction_session_timeout')"
        )
        return cursor.fetchone()


def test_what_holds_for_an_export_holds_no_longer_than_it(consultation):
    before = settings_of_the_database()

    with reading.one_moment():
        during = settings_of_the_database()

    assert during == ("repeatable read", "on", "2min", "5min")
    assert (
        settings_of_the_database() == before == ("read committed", "off", "8s", "30s")
    )


def test_what_a_page_holds_is_found_by_indexes(consultation):
    make_sent(consultation)
    table = OneRowASubmission(consultation)
    with connection.cursor() as cursor:
        # So that it knows how little there is to read.
        cursor.execute("ANALYZE")

    with reading.one_moment(), connection.cursor() as cursor:
        next(reading.pages(Submission.objects.all(), consultation))
        cursor.execute("EXPLAIN " + reading.in_full(table.query))
        plan = [line for (line,) in cursor.fetchall()]

    assert [line for line in plan if "Seq Scan on submissions_" in line] == []


def add_all(writer):
    with reading.one_moment():
        for page in reading.pages(Submission.objects.all(), Consultation.objects.get()):
            writer.add(page)


def test_a_disk_that_is_full_leaves_no_transaction_behind(consultation):
    make_sent(consultation)

    class Full(io.BytesIO):
        def write(self, line):
            raise OSError(errno.ENOSPC, "No space left on device")

    writer = CsvWriter(Full(), OneRowASubmission(consultation))
    with pytest.raises(OSError, match="No space left"):
        add_all(writer)

    assert settings_of_the_database()[0] == "read committed"


def test_python_and_the_database_defuse_alike():
    characters = [
        chr(code) for code in range(1, 0x10000) if not 0xD800 <= code < 0xE000
    ]
    before = [f"{one}=1" for one in characters]
    texts = ["", *FORMULAS.values(), *OTHERS.values(), *characters, *before]

    with connection.cursor() as cursor:
        query = SQL("SELECT {} FROM unnest(%s::text[]) WITH ORDINALITY t (one, number)")
        query = SQL("{} ORDER BY number").format(query.format(defused(SQL("one"))))
        cursor.execute(query, [texts])
        found = [text for (text,) in cursor]

    assert found == [defuse(text) for text in texts]


def test_command_writes_a_file_for_this_account_only(riverside, tmp_path):
    path = tmp_path / "answers.csv"

    call_command("export_submissions", rows="answers", output=str(path))

    assert len(read(path.read_bytes())) == 5
    assert path.stat().st_mode & 0o777 == 0o600
    assert [found.name for found in tmp_path.iterdir()] == ["answers.csv"]


def test_command_writes_to_standard_output(riverside, capfdbinary):
    call_command("export_submissions", no_bom=True, with_email=True)

    written = capfdbinary.readouterr().out
    assert written.startswith(b'"Reference"')
    assert read(written)[0]["Email address"] == "ada@riverside.example"


def counted(path, format):
    """Return how many submissions are in a file."""
    if format == "xlsx":
        return openpyxl.load_workbook(path)["Submissions"].max_row - 1
    content = path.read_bytes()
    if format == "zip":
        content = ZipFile(path).read("submissions.json")
    return len(json.loads(content)["submissions"])


@pytest.mark.parametrize("format", ["xlsx", "json", "zip"])
def test_command_writes_every_format_of_what_is_asked_for(riverside, tmp_path, format):
    make_sent(riverside.consultation, respondent_type="academic", name="Not asked for")
    path = tmp_path / f"all.{format}"

    call_command(
        "export_submissions",
        format=format,
        output=str(path),
        filter="type=community-organisation",
    )

    content = path.read_bytes()
    assert content[:2] == (b'{"' if format == "json" else b"PK")
    assert b"Not asked for" not in content
    assert path.stat().st_mode & 0o777 == 0o600
    assert [found.name for found in tmp_path.iterdir()] == [path.name]


def test_command_refuses_a_filter_that_it_does_not_know(riverside):
    with pytest.raises(CommandError, match="nobody-knows"):
        call_command("export_submissions", filter="type=nobody-knows")


def test_command_that_fails_leaves_the_old_file(riverside, tmp_path, monkeypatch):
    path = tmp_path / "submissions.csv"
    path.write_text("Old")

    def break_down(self, page):
        raise ZeroDivisionError

    monkeypatch.setattr(CsvWriter, "add", break_down)
    with pytest.raises(ZeroDivisionError):
        call_command("export_submissions", output=str(path))

    assert path.read_text() == "Old"
    assert [found.name for found in tmp_path.iterdir()] == ["submissions.csv"]


def test_command_says_where_it_cannot_write(riverside, tmp_path):
    with pytest.raises(CommandError, match="was not written: No such file"):
        call_command("export_submissions", output=str(tmp_path / "no" / "file.csv"))


def test_command_asks_which_call_when_there_are_several(riverside, capfdbinary):
    Consultation.objects.create(
        slug="other", title="Other", opens_at=minutes_ago(2), closes_at=minutes_ago(1)
    )

    for options in ({}, {"consultation": "nowhere"}):
        with pytest.raises(CommandError, match="--consultation: .*keep-it-local-2018"):
            call_command("export_submissions", **options)
    call_command("export_submissions", consultation="other")

    assert capfdbinary.readouterr().out.count(b"\r\n") == 1
