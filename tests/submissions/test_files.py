"""Files beside the answers: attached, chosen about, shown, handed out and swept up."""

import csv
import datetime as dt
import io
import uuid

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from review.exports import OneRowASubmission
from submissions.models import StoredFile, Submission
from submissions.services import sweep_files
from tests.review.exported import as_csv

from .guests import invited


def attach(ada, *names, page="files/", **fields):
    files = [SimpleUploadedFile(name, f"In {name}".encode()) for name in names]
    return ada.client.post(ada.url + page, {"files": files, "_end": "1"} | fields)


def attached(ada):
    return ada.submission.attachments.select_related("item", "stored")


@pytest.fixture
def sent(ada):
    ada.post("about-you/", name="Ada", publication="with-name")
    attach(ada, "notes.txt")
    ada.post("check/")
    return ada


def content_of(response):
    return b"".join(response.streaming_content)


def test_limits_are_said_before_anything_is_chosen(ada):
    page = ada.get("items/").content.decode()

    assert "smaller than 20MB" in page
    assert "Up to 20 files, smaller than 100MB together" in page
    assert 'accept=".pdf,.docx,' in page


def test_a_file_is_listed_where_it_was_attached(ada):
    response = attach(ada, "notes.txt")

    assert response.url == f"{ada.url}items/#files"
    assert "notes.txt" in ada.get("items/").content.decode()
    assert "notes.txt" in ada.get("check/").content.decode()


def test_files_come_with_an_item_and_stand_beside_it(ada):
    key = uuid.uuid4()

    attach(ada, "report.txt", page=f"items/{key}/", title="The report")

    [file] = attached(ada)
    assert file.item.title == "The report"
    assert "report.txt" in ada.get(f"items/{key}/").content.decode()


def test_an_item_that_is_refused_keeps_its_file(ada):
    key = uuid.uuid4()

    response = attach(ada, "report.txt", page=f"items/{key}/")

    assert response.status_code == 422
    assert "report.txt" in response.content.decode()
    assert [file.name for file in attached(ada)] == ["report.txt"]


def test_a_guest_who_forgot_the_title_keeps_file_and_page(ada):
    bo = invited(ada, "section-1")
    page = f"items/{uuid.uuid4()}/?for=question-1-4"

    refused = attach(bo, "report.txt", page=page)
    again = attach(bo, page=page, title="The report", questions=["1-4"])

    assert refused.status_code == 422
    assert again.status_code == 302
    [file] = attached(ada)
    assert (file.item.title, file.item.questions.get().code) == ("The report", "1.4")


def test_what_may_be_published_is_chosen_beside_each_file(ada):
    attach(ada, "notes.txt")
    item = ada.submission.items.create(title="The report")
    [file] = attached(ada)

    ada.post(
        "items/",
        **{
            f"item-{file.key.hex}": item.key.hex,
            f"confidence-{file.key.hex}": "locality-only",
        },
    )

    [file] = attached(ada)
    assert (file.item, file.confidence) == (item, "locality-only")
    assert "For Locality only" in ada.get("check/").content.decode()


def test_a_response_may_be_one_file(sent):
    assert sent.saved().is_submitted


@pytest.mark.usefixtures("either_storage")
def test_a_file_is_handed_out_to_be_saved_and_never_shown(sent):
    [file] = attached(sent)

    response = sent.get(f"files/{file.key}/")

    assert content_of(response) == b"In notes.txt"
    assert response["Content-Disposition"] == 'attachment; filename="notes.txt"'
    assert response["Content-Type"] == "text/plain"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["Cache-Control"] == "no-store"


@pytest.mark.usefixtures("either_storage")
def test_staff_have_files_of_what_was_sent_and_of_no_draft(ada, admin_client):
    attach(ada, "notes.txt")
    [file] = attached(ada)
    url = f"/admin/submissions/submission/{ada.submission.key}/files/{file.key}/"

    of_a_draft = admin_client.get(url)
    ada.post("about-you/", name="Ada", publication="with-name")
    ada.post("check/")
    of_what_was_sent = admin_client.get(url)
    page = f"/admin/submissions/submission/{ada.submission.pk}/change/"

    assert of_a_draft.status_code == 404
    assert content_of(of_what_was_sent) == b"In notes.txt"
    assert url in admin_client.get(page).content.decode()
    assert ada.client.get(url).status_code == 302


def test_a_file_is_removed_after_a_question(ada):
    attach(ada, "notes.txt")
    [file] = attached(ada)

    asked = ada.get(f"files/{file.key}/remove/")
    ada.post(f"files/{file.key}/remove/")

    assert "Remove this file?" in asked.content.decode()
    assert not attached(ada).exists()


@pytest.mark.usefixtures("either_storage")
def test_changes_share_the_bytes_of_what_was_sent(sent):
    changes = sent.post("amend/").url

    sent.client.post(changes + "section/1/", {"answer-1-1": "More.", "_end": "1"})
    sent.client.post(changes + "check/", {"_end": "1"})
    sweep_files()

    [file] = attached(sent)
    assert [one.files.get() for one in sent.submission.revisions.all()] == [
        file.stored,
        file.stored,
    ]
    assert content_of(sent.get(f"files/{file.key}/")) == b"In notes.txt"


@pytest.mark.usefixtures("either_storage")
def test_what_nobody_has_any_more_is_swept_up(ada):
    attach(ada, "kept.txt", "removed.txt")
    kept, removed = attached(ada)
    ada.post(f"files/{removed.key}/remove/")

    sweep_files()

    assert [stored.name for stored in StoredFile.objects.all()] == [kept.stored.name]
    assert default_storage.exists(kept.stored.name)
    assert not default_storage.exists(removed.stored.name)


@pytest.mark.usefixtures("either_storage")
def test_bytes_that_a_crash_left_behind_are_swept_up_after_a_day(db, time_machine):
    left = default_storage.save("left-behind", ContentFile(b"Half"))

    sweep_files()
    after_a_minute = default_storage.exists(left)
    time_machine.move_to(timezone.now() + dt.timedelta(hours=25))
    sweep_files()

    assert after_a_minute
    assert not default_storage.exists(left)


def test_names_of_files_are_looked_at_before_they_are_published(ada):
    ada.post("about-you/", name="Ada", publication="with-name")
    attach(ada, "for ada@riverside.example.txt")

    page = ada.get("check/").content.decode()

    assert "the name of your file “for ada@riverside.example.txt”" in page


@pytest.mark.django_db(transaction=True)
def test_the_wide_file_names_every_file(sent):
    table = OneRowASubmission(sent.submission.consultation)

    file = as_csv(Submission.objects.all(), table)

    [row] = csv.DictReader(io.StringIO(file.decode("utf-8-sig"), newline=""))
    assert row["Files"] == "notes.txt"


@pytest.mark.parametrize("page", ["items/", "check/"])
def test_queries_do_not_grow_with_files(ada, django_assert_num_queries, page):
    counts = {"items/": 5, "check/": 5}
    # From then on this process knows the call.
    ada.get(page)
    for names in (["1.txt"], ["2.txt", "3.txt"]):
        attach(ada, *names)
        with django_assert_num_queries(counts[page]):
            ada.get(page)
