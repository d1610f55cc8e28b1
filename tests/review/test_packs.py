"""Submissions as JSON, and the pack with all of it."""

import csv
import datetime as dt
import io
import json
import shutil
import subprocess
import zipfile

import openpyxl
import pytest

from review.models import Note
from tests.review.exported import attach, content_of, made, mark, note, staff
from tests.submissions.sent import make_draft, make_sent, minutes_ago

# An export opens its own transaction, and refuses to stand inside another.
pytestmark = pytest.mark.django_db(transaction=True)

MEMBERS = {
    "README.txt",
    "SHA256SUMS",
    "answers.csv",
    "codebook.csv",
    "data-dictionary.csv",
    "evidence.csv",
    "files.csv",
    "manifest.json",
    "passages.csv",
    "questions.csv",
    "submissions.csv",
    "submissions.json",
    "submissions.xlsx",
}


@pytest.fixture(autouse=True)
def folders(settings, tmp_path):
    settings.EXPORTS_ROOT = tmp_path / "exports"
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def riverside(consultation):
    submission = make_sent(
        consultation,
        reference="KIL-AA2BB3CC",
        name="Ada O'Brien",
        email="ada@riverside.example",
        respondent_type="councillor",
        signed_off_by="Grace",
        submitted_at=dt.datetime(2018, 7, 27, 23, 30, tzinfo=dt.UTC),
        answers={"1.1": 'She said "no".\n=1+1 🏡'},
        comments={2: ("in-part", "Smaller lots, please.")},
        general="Keep going.",
    )
    item = submission.items.create(title="Evaluation", kind="research", place="Leeds")
    attach(submission, "../a report.txt", b"one", item=item)
    attach(submission, "two.txt", b"two", confidence="locality-only")
    grace = staff("grace", email="grace@locality.example")
    mark(submission, "Lots", "principle-2-v1", "Smaller lots", added_by=grace)
    mark(submission, "Lots", "question-1-1", "gone words", added_by=grace)
    note(submission, "Ask for figures.", grace)
    return submission


def document(export):
    return json.loads(content_of(export))


def pack(export):
    archive = zipfile.ZipFile(io.BytesIO(content_of(export)))
    assert archive.testzip() is None
    return archive


def table(archive, name):
    text = archive.read(name).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def test_json_holds_all_that_was_said_with_codes(riverside):
    content = document(made(riverside.consultation, format="json", rows=""))

    [one] = content["submissions"]
    item, theme = riverside.items.get(), content["themes"][0]
    assert (content["format"], content["version"], content["count"]) == (
        "keep-it-local/submissions",
        1,
        1,
    )
    assert content["call"]["slug"] == riverside.consultation.slug
    assert [q["place"] for q in content["call"]["questions"]][:2] == [
        "question-1-1",
        "question-1-2",
    ]
    assert theme["name"] == "Lots"
    assert one["reference"] == "KIL-AA2BB3CC"
    assert one["sent_at"] == "2018-07-27T23:30:00Z"
    assert (one["respondent_type"], one["is_late"]) == ("councillor", False)
    assert "email" not in one
    assert "signed_off_by" not in one
    assert one["said"] == [
        {
            "place": "question-1-1",
            "text": 'She said "no".\n=1+1 🏡',
            "confidence": "publish",
            "may_be_published": "with-name",
        },
        {
            "place": "principle-2-v1",
            "stance": "in-part",
            "text": "Smaller lots, please.",
            "confidence": "publish",
            "may_be_published": "with-name",
        },
        {
            "place": "principles",
            "text": "Keep going.",
            "confidence": "publish",
            "may_be_published": "with-name",
        },
    ]
    assert one["evidence_items"][0]["place"] == f"item-{item.key}"
    assert one["evidence_items"][0]["about_place"] == "Leeds"
    assert [file["name"] for file in one["evidence_items"][0]["files"]] == [
        "../a report.txt"
    ]
    assert [(file["name"], file["may_be_published"]) for file in one["files"]] == [
        ("two.txt", "not")
    ]
    assert [(mark["theme"], mark["passage"]) for mark in one["themes"]] == [
        (theme["id"], "Smaller lots"),
        (theme["id"], "gone words"),
    ]
    assert [note["text"] for note in one["notes"]] == ["Ask for figures."]


def test_json_of_nothing_and_of_many_is_a_document(consultation):
    nothing = document(made(consultation, format="json", rows=""))
    for number in range(3):
        make_sent(consultation, name=str(number), submitted_at=minutes_ago(9 - number))

    some = document(made(consultation, format="json", rows=""))

    assert (nothing["submissions"], nothing["count"]) == ([], 0)
    assert [one["name"] for one in some["submissions"]] == ["0", "1", "2"]


def test_email_and_what_staff_made_of_it_are_in_it_when_asked_for(riverside):
    consultation = riverside.consultation
    plain = made(consultation, format="json", rows="", with_review=False)
    full = made(consultation, format="json", rows="", with_email=True)

    [one] = document(plain)["submissions"]
    assert not {"themes", "notes", "assigned_to"} & set(one)
    assert "themes" not in document(plain)
    assert document(full)["submissions"][0]["email"] == "ada@riverside.example"
    assert document(full)["about"]["Left out"] == "Nothing"


@pytest.mark.usefixtures("either_storage")
def test_a_pack_holds_everything_and_its_sums_are_right(riverside, tmp_path):
    make_draft(riverside.consultation, name="Secret")

    export = made(riverside.consultation, format="zip", rows="")

    archive = pack(export)
    files = {
        "files/KIL-AA2BB3CC/01-.._a_report.txt": b"one",
        "files/KIL-AA2BB3CC/02-two.txt": b"two",
    }
    assert set(archive.namelist()) == MEMBERS | set(files)
    assert {name: archive.read(name) for name in files} == files
    archive.extractall(tmp_path / "unpacked")
    checked = subprocess.run(
        [shutil.which("sha256sum"), "-c", "SHA256SUMS"],
        cwd=tmp_path / "unpacked",
        capture_output=True,
        text=True,
    )
    assert checked.returncode == 0, checked.stderr
    assert checked.stdout.count(": OK") == len(archive.namelist()) - 1
    manifest = json.loads(archive.read("manifest.json"))
    counts = {one["path"]: one.get("count") for one in manifest["members"]}
    assert counts["submissions.csv"] == counts["submissions.json"] == 1
    assert (counts["answers.csv"], counts["evidence.csv"]) == (3, 1)
    assert (counts["passages.csv"], counts["files.csv"]) == (2, 2)
    # An archive has no odd seconds.
    *minute, second = export.taken_at.timetuple()[:6]
    assert {info.date_time for info in archive.infolist()} == {
        (*minute, second // 2 * 2)
    }


def test_the_tables_of_a_pack_say_the_same_in_each_format(riverside):
    archive = pack(made(riverside.consultation, format="zip", rows=""))

    book = openpyxl.load_workbook(io.BytesIO(archive.read("submissions.xlsx")))
    for name, sheet in (
        ("submissions.csv", "Submissions"),
        ("answers.csv", "Answers"),
        ("evidence.csv", "Evidence"),
        ("passages.csv", "Themed passages"),
    ):
        header, *rows = ([cell or "" for cell in row] for row in book[sheet].values)
        assert [dict(zip(header, row, strict=True)) for row in rows] == table(
            archive, name
        )
    assert [row["Name"] for row in table(archive, "files.csv")] == [
        "../a report.txt",
        "two.txt",
    ]
    columns = {row["Column"] for row in table(archive, "data-dictionary.csv")}
    assert {"Reference", "May be published", "Themes", "Notes"} <= columns
    assert [row["Theme"] for row in table(archive, "codebook.csv")] == ["Lots"]
    assert len(table(archive, "questions.csv")) == 27 + 6


def test_a_themed_passage_says_whether_its_words_still_stand(riverside):
    archive = pack(made(riverside.consultation, format="zip", rows=""))

    rows = table(archive, "passages.csv")

    assert [
        (
            row["Place"],
            row["Code"],
            row["Theme"],
            row["Passage"],
            row["Stands in the text"],
            row["May be published"],
            row["Theme added by"],
        )
        for row in rows
    ] == [
        (
            "principle-2-v1",
            "P2",
            "Lots",
            "Smaller lots",
            "Yes",
            "With name",
            "grace",
        ),
        ("question-1-1", "1.1", "Lots", "gone words", "No", "Not", "grace"),
    ]


@pytest.mark.usefixtures("either_storage")
def test_a_file_whose_bytes_are_gone_is_listed_without_a_path(riverside):
    attachment = riverside.attachments.get(name="two.txt")
    attachment.stored.name = "gone"
    attachment.stored.save()

    archive = pack(made(riverside.consultation, format="zip", rows=""))

    assert [(row["Path"], row["Name"]) for row in table(archive, "files.csv")] == [
        ("files/KIL-AA2BB3CC/01-.._a_report.txt", "../a report.txt"),
        ("", "two.txt"),
    ]


def test_a_pack_without_what_staff_made_of_it_has_none(riverside):
    export = made(riverside.consultation, format="zip", rows="", with_review=False)

    archive = pack(export)

    assert "codebook.csv" not in archive.namelist()
    assert Note.objects.count() == 1
    for name in ("submissions.csv", "submissions.json", "README.txt"):
        assert b"Ask for figures" not in archive.read(name)
