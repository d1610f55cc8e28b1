"""A worker makes the exports that wait: claimed, written, kept for a week.

The table is the truth, Celery only the bell: a worker takes a lease on a row and renews it
with its progress. One that dies leaves nothing but a folder that is half full; when its
lease has run out, another begins anew. All times are the database's.
"""

import datetime as dt
import logging
import tempfile
import time
import uuid
from contextlib import ExitStack, closing, contextmanager
from hashlib import file_digest
from pathlib import Path

from django.conf import settings
from django.core.files import File
from django.core.files.storage import storages
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.models import F
from django.db.models.functions import Now

from outbox.services import enqueue
from review.models import MAX_ATTEMPTS, Export
from submissions.files.storage import swept_later

from .making import make_writer, name_of, selection_of
from .reading import one_moment, pages

logger = logging.getLogger(__name__)

KEPT = dt.timedelta(days=7)
# No part of the work may take longer between two signs of life.
LEASE = dt.timedelta(minutes=5)
# Before one that broke down is tried again.
PAUSE = dt.timedelta(seconds=30)
PARTIAL = "partial-"
# The kind of email that says so.
READY = "export-ready"


class NoLongerOurs(Exception):
    """Another worker has taken it over, or nobody wants it any more."""


def make_waiting():
    """Make what is waiting, one after the other."""
    while export := claim():
        make(export)


@transaction.atomic(durable=True)
def claim():
    """Lease the oldest that is waiting to the caller; None when there is none.

    None also while another is being made: the worker's other process is for emails.
    """
    if Export.objects.running().exists():
        return None
    waiting = Export.objects.waiting().order_by("requested_at")
    export = waiting.select_for_update(skip_locked=True).first()
    if export is None:
        return None
    if export.attempts >= MAX_ATTEMPTS:
        give_up(export)
        return None
    Export.objects.filter(pk=export.pk).update(
        lease=uuid.uuid4(),
        lease_expires_at=Now() + LEASE,
        attempts=F("attempts") + 1,
        done=0,
    )
    export.refresh_from_db()
    return export


def give_up(export):
    Export.objects.filter(pk=export.pk).update(
        failed_at=Now(), lease=None, lease_expires_at=None
    )


def make(export):
    """Make the file of an export that the caller has claimed."""
    try:
        with folder_for(export) as folder, closing(Progress(export)) as progress:
            selection = selection_of(export)
            path, moment = written(export, selection, folder, progress)
            progress.say()
            _finish(export, path, moment)
    except NoLongerOurs:
        logger.info("Export %s is no longer ours.", export.pk)
    except Exception:
        logger.exception("Export %s broke down.", export.pk)
        _let_go(export)


def _let_go(export):
    """Leave it to the next attempt, or give it up after the last."""
    ours = Export.objects.filter(pk=export.pk, lease=export.lease)
    if export.attempts >= MAX_ATTEMPTS:
        give_up(ours.get())
    else:
        # The lease stands until it runs out: a pause before the next attempt.
        ours.update(lease_expires_at=Now() + PAUSE)


@contextmanager
def folder_for(export):
    """A folder for what is being written, that only this account can open."""
    settings.EXPORTS_ROOT.mkdir(mode=0o700, parents=True, exist_ok=True)
    prefix = f"{PARTIAL}{export.pk}-"
    with tempfile.TemporaryDirectory(dir=settings.EXPORTS_ROOT, prefix=prefix) as name:
        yield Path(name)


class NoProgress:
    """For whoever waits for the file, and asks nothing meanwhile."""

    def begin(self, total):
        """Nobody wants to know."""

    def add(self, count):
        """Nobody wants to know."""

    def alive(self):
        """Nobody could take it over."""


def written(export, selection, folder, progress=None):
    """Write the file into a folder; returns its path and the moment that it shows."""
    progress = progress or NoProgress()
    path = folder / f"whole.{export.format}"
    with ExitStack() as opened:
        with one_moment() as moment:
            chosen = selection.submissions.filter(consultation=export.consultation)
            progress.begin(chosen.count())
            writer = make_writer(
                export,
                selection,
                path,
                moment=moment,
                open_file=lambda path: opened.enter_context(open(path, "w+b")),
                alive=progress.alive,
            )
            writer.begin()
            for page in pages(chosen, export.consultation):
                writer.add(page)
                progress.add(len(page))
        # Putting files together takes its time; the database need not wait for it.
        writer.end()
    return path, moment


def _finish(export, path, moment):
    with open(path, "rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
    size = path.stat().st_size
    # One that another worker made has another name, be its bytes the same.
    export.sha256, export.taken_at = digest, moment
    # Before the row says so; it takes a while, and the row must not be locked meanwhile.
    with open(path, "rb") as file:
        storages["exports"].save(export.file, File(file))
    try:
        _hand_over(export, size)
    except NoLongerOurs:
        with swept_later():
            storages["exports"].delete(export.file)
        raise


@transaction.atomic
def _hand_over(export, size):
    finished = Export.objects.wanted().filter(pk=export.pk, lease=export.lease)
    if not finished.update(
        taken_at=export.taken_at,
        finished_at=Now(),
        expires_at=Now() + KEPT,
        name=name_of(export, export.taken_at),
        size=size,
        sha256=export.sha256,
        lease=None,
        lease_expires_at=None,
    ):
        raise NoLongerOurs
    _tell_owner(export)


def _tell_owner(export):
    if export.owner.email:
        context = {"export": str(export.pk)}
        key = f"{READY}-{export.pk}"
        enqueue(READY, key=key, to=export.owner.email, context=context)


class Progress:
    """Says how far an export is, on a connection of its own: its snapshot only reads."""

    EVERY_SECONDS = 1

    def __init__(self, export):
        self.export = export
        self.done = 0
        self.total = 0
        self._said_at = 0.0
        self._connection = connections.create_connection(DEFAULT_DB_ALIAS)

    def begin(self, total):
        self.total = total
        self.say()

    def add(self, count):
        self.done += count
        self.alive()

    def alive(self):
        """Renew the lease now and then; raises NoLongerOurs when there is none."""
        if time.monotonic() - self._said_at >= self.EVERY_SECONDS:
            self.say()

    def say(self):
        self._said_at = time.monotonic()
        with self._connection.cursor() as cursor:
            cursor.execute(
                "UPDATE review_export SET done = %s, total = %s,"
                " lease_expires_at = now() + %s"
                " WHERE id = %s AND lease = %s AND removed_at IS NULL",
                [self.done, self.total, LEASE, self.export.pk, self.export.lease],
            )
            if cursor.rowcount != 1:
                raise NoLongerOurs

    def close(self):
        self._connection.close()
