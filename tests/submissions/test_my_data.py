"""A respondent takes away all of it, in one file that anybody can open."""

import io
import json
import uuid
from hashlib import sha256
from zipfile import ZipFile

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from outbox.delivery import deliver_due
from submissions.data import as_data
from submissions.models import StoredFile
from submissions.takeout import as_zip

ABOUT = {"name": "Ada", "email": "ada@riverside.example", "publication": "with-name"}


@pytest.fixture
def ada(ada, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return ada


def attach(submission, name, content, item=None):
    """Attach a file as if it had been uploaded."""
    stored = StoredFile.objects.create(
        name=default_storage.save(str(uuid.uuid4()), ContentFile(content)),
        size=len(content),
        sha256=sha256(content).hexdigest(),
        content_type="text/plain",
    )
    return submission.attachments.create(stored=stored, name=name, item=item)


def taken(ada):
    """Return the archive that the button gives, and the name it is saved under."""
    response = ada.get("data/")
    file = ZipFile(io.BytesIO(response.getvalue()))
    assert file.testzip() is None
    return file, response["Content-Disposition"]


def read(file, name):
    return json.loads(file.read(name))


@pytest.mark.usefixtures("either_storage")
def test_what_was_sent_is_taken_away_whole(ada, smtp_sink):
    ada.post("about-you/", **ABOUT)
    ada.post("section/1/", answer__1__1="Eleven – became\nthree 🏡.")
    ada.post(f"items/{uuid.uuid4()}/", title="Evaluation", questions=["1-4"])
    item = ada.submission.items.get()
    attach(ada.submission, "report.txt", b"one", item)
    attach(ada.submission, "report.txt", b"two")
    attach(ada.submission, "../../etc/=pass<wd> 🏡.txt", b"a" * 200_000)
    ada.post("check/")
    deliver_due()
    ada.post("publication/", publication="not")

    file, disposition = taken(ada)

    submission = ada.saved()
    assert disposition == f'attachment; filename="{submission.reference}.zip"'
    assert sorted(file.namelist()) == [
        "earlier.json",
        "emails.json",
        "files.json",
        "files/01-report.txt",
        "files/02-report.txt",
        "files/03-.._.._etc_pass_wd_.txt",
        "invitations.json",
        "response.json",
        "revisions/1.json",
        "revisions/2.json",
    ]
    assert read(file, "response.json") == as_data(submission)
    assert read(file, "revisions/1.json")["contents"]["publication"] == "with-name"
    assert read(file, "revisions/2.json")["contents"]["publication"] == "not"
    emails = read(file, "emails.json")
    assert [(email["kind"], email["state"]) for email in emails] == [
        ("publication-change", "pending"),
        ("acknowledgement", "sent"),
    ]
    files = read(file, "files.json")
    assert [one["name"] for one in files] == [
        "report.txt",
        "report.txt",
        "../../etc/=pass<wd> 🏡.txt",
    ]
    for one in files:
        assert sha256(file.read(one["path"])).hexdigest() == one["sha256"]


def test_a_draft_is_taken_away_too(ada):
    ada.post("section/1/", answer__1__1="So far")

    file, disposition = taken(ada)

    assert disposition == 'attachment; filename="keep-it-local-draft.zip"'
    assert file.namelist() == [
        "response.json",
        "earlier.json",
        "invitations.json",
        "emails.json",
        "files.json",
    ]
    assert read(file, "response.json")["answers"][0]["text"] == "So far"


def test_a_file_that_was_sent_once_and_taken_out_since_is_in_it(ada):
    ada.post("about-you/", **ABOUT)
    ada.post("section/1/", answer__1__1="Eleven became three.")
    attach(ada.submission, "former.txt", b"one")
    ada.post("check/")
    ada.submission.attachments.all().delete()

    file, _disposition = taken(ada)

    assert file.read("files/01-former.txt") == b"one"


def test_what_was_asked_for_after_closing_is_in_it(ada, close):
    ada.post("section/1/", answer__1__1="Eleven became three.")
    close()
    ada.post("late/", reason="Ill", email="ada@riverside.example")

    file, _disposition = taken(ada)

    assert read(file, "late-request.json")["reason"] == "Ill"
    assert [email["kind"] for email in read(file, "emails.json")] == ["late-request"]


def test_no_token_is_in_it(ada, smtp_sink):
    ada.post("save/", email="ada@riverside.example")
    deliver_due()
    text = smtp_sink.journal[0].get_body(["plain"]).get_content()
    token = text.split("/resume/")[1].split("/")[0]

    file, _disposition = taken(ada)

    everything = b"".join(file.read(name) for name in file.namelist())
    assert b"resume-link" in everything
    assert token.encode() not in everything


def test_a_big_file_is_given_out_piece_by_piece(ada):
    attach(ada.submission, "big.bin", bytes(range(256)) * 8000)

    pieces = list(as_zip(ada.submission))

    assert max(map(len, pieces)) < 200_000


def test_nobody_else_takes_it(ada):
    assert type(ada.client)().get(ada.url + "data/").status_code == 404
    assert ada.client.post(ada.url + "data/").status_code == 405
