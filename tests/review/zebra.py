"""A person who left a word of her own in every place that there is, and staff about her."""

import datetime as dt
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from principles.models import Sentence
from review.models import Export, Reason, Theme, ThemedPassage
from review.services import publishing
from tests.staff import member_of_staff

ADDRESS = "zebrapost@quagga.example"
# Every word that only this person used.
MARKERS = [
    "zebraname",
    "zebraorganisation",
    "zebrapost",
    "zebraanswer",
    "zebracomment",
    "zebrageneral",
    "zebrawording",
    "zebratitle",
    "zebradetails",
    "zebrafile",
    "zebrabytes",
    "zebraguest",
    "zebranote",
    "zebrasigned",
    "zebradraft",
]


@pytest.fixture
def eve(db):
    return member_of_staff("eve", "view_submission", "erase_submission")


@pytest.fixture
def olu(db):
    return member_of_staff("olu", "view_submission", "erase_submission")


@pytest.fixture
def zebra(ada, consultation, eve, django_capture_on_commit_callbacks):
    """A person who left a word in every place that there is."""
    ada.post(
        "about-you/",
        name="Zebraname Smith",
        organisation="Zebraorganisation",
        on_behalf="organisation",
        email=ADDRESS,
        publication="with-name",
    )
    ada.post("section/1/", answer__1__1="First text zebradraft, then changed.")
    ada.post("section/1/", answer__1__1="A zebraanswer about contracts.")
    ada.post("principles/", comment__2__v1="A zebracomment.", comment="Zebrageneral.")
    submission = ada.saved()
    submission.invitations.create(
        name="Zebraguest", email="zebraguest@quagga.example", parts=["section-1"]
    )
    submission.sentence_comments.create(
        sentence=Sentence.objects.first(), suggestion="Zebrawording."
    )
    item = submission.items.create(title="Zebratitle", details="Zebradetails.")
    ada.client.post(
        ada.url + "files/",
        {
            "files": SimpleUploadedFile("zebrafile.txt", b"zebrabytes"),
            "_end": "1",
        },
    )
    assert submission.attachments.count() == 1
    assert item.pk
    ada.post("check/", signed_off_by="Zebrasigned")
    submission = ada.saved()
    assert submission.is_submitted
    submission.notes.create(author=eve, text="Zebranote: ask her.")
    theme = Theme.objects.create(consultation=consultation, name="Contracts")
    ThemedPassage.objects.create(
        theme=theme,
        submission=submission,
        place="question-1-1",
        start=2,
        end=13,
        quote="zebraanswer",
    )
    publishing.redact(
        submission,
        "question-1-1",
        "zebraanswer",
        staff=eve,
        reason=Reason.PERSONAL_DATA,
    )
    publishing.approve(submission, staff=eve, revision=1)
    publishing.publish(submission, staff=eve)
    return submission


@pytest.fixture
def export(eve, consultation):
    """A finished export file, in which that person stands."""
    export = Export.objects.create(
        owner=eve,
        consultation=consultation,
        format="csv",
        name="all.csv",
        size=1,
        sha256="0" * 64,
        taken_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
        finished_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
        expires_at=dt.datetime(2099, 1, 1, tzinfo=dt.UTC),
    )
    content = ContentFile(b"Zebraname,zebraanswer")
    storages["exports"].save(export.file, content)
    yield export
    storages["exports"].delete(export.file)


def markers_in_database():
    """Return [(table, marker)] of every row of every table, read as text."""
    with connection.cursor() as cursor:
        return markers_in_tables(cursor)


def markers_in_tables(cursor):
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    found = set()
    for (table,) in cursor.fetchall():
        cursor.execute(f'SELECT lower(t::text) FROM "{table}" t')
        for (row,) in cursor.fetchall():
            found |= {(table, marker) for marker in MARKERS if marker in row}
    return sorted(found)


def markers_in_files():
    return markers_in_folders(
        settings.MEDIA_ROOT, settings.EXPORTS_ROOT, settings.QUARANTINE_ROOT
    )


def markers_in_folders(*roots):
    return [
        (path.name, marker)
        for root in roots
        for path in Path(root).rglob("*")
        if path.is_file()
        for marker in MARKERS
        if marker.encode() in path.read_bytes().lower()
    ]
