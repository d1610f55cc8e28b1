"""Exports in tests: made as a worker would, and themes and notes to be in them."""

import io
import threading
import uuid
from hashlib import sha256

import openpyxl
from django.contrib.auth import get_user_model
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
from django.db import connection

from review.exports import CsvWriter
from review.exports.reading import one_moment, pages
from review.exports.work import make_waiting
from review.models import Export, Note, Theme, ThemedPassage
from submissions.models import StoredFile


def staff(name="grace", **details):
    return get_user_model().objects.create_user(name, is_staff=True, **details)


def made(consultation, **details):
    """Ask for an export and make it at once; the row as it stands then."""
    owner = details.pop("owner", None) or get_user_model().objects.first() or staff()
    details = {"format": "xlsx", "rows": "submissions"} | details
    export = Export.objects.create(owner=owner, consultation=consultation, **details)
    make_waiting()
    export.refresh_from_db()
    return export


def mark(submission, name, place, quote="", **details):
    """Put a theme on a place of a submission."""
    theme, _new = Theme.objects.get_or_create(
        consultation=submission.consultation, name=name, merged_into=None
    )
    if quote:
        details |= {"start": 0, "end": len(quote)}
    return ThemedPassage.objects.create(
        submission=submission, theme=theme, place=place, quote=quote, **details
    )


def note(submission, text, author=None):
    return Note.objects.create(submission=submission, text=text, author=author)


def as_csv(submissions, table, **options):
    """Return a table of submissions as the bytes of a CSV file."""
    file = io.BytesIO()
    with one_moment():
        writer = CsvWriter(file, table, **options)
        writer.begin()
        for page in pages(submissions, table.call.consultation):
            writer.add(page)
    writer.end()
    return file.getvalue()


def content_of(export):
    """Return the bytes of a finished export."""
    with storages["exports"].open(export.file) as file:
        return file.read()


def attach(submission, name, content, **details):
    """Attach a file as if it had been uploaded."""
    stored = StoredFile.objects.create(
        name=default_storage.save(str(uuid.uuid4()), ContentFile(content)),
        size=len(content),
        sha256=sha256(content).hexdigest(),
        content_type="text/plain",
    )
    return submission.attachments.create(stored=stored, name=name, **details)


def elsewhere(do):
    """Run it in a connection of its own, as another process would."""

    def run():
        try:
            do()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()


def workbook(export):
    return openpyxl.load_workbook(io.BytesIO(content_of(export)))


def cells(sheet):
    """Return the rows of a sheet as dicts of what is not empty."""
    header, *rows = sheet.iter_rows(values_only=True)
    return [
        {name: value for name, value in zip(header, row, strict=True) if value}
        for row in rows
    ]
