"""The restore drill, F35: on another machine, which has the backup and the code alone."""

import datetime as dt
import shutil
import subprocess
import sys
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg2
import pytest
from django.conf import settings
from django.utils import timezone

from consultations.uk_time import UK
from outbox.delivery import deliver_due
from outbox.models import OutgoingEmail, State
from review.services import erasing
from submissions import reminders
from submissions.models import StoredFile
from submissions.services import keep_as_file
from tests.end_to_end.conftest import wait_until
from tests.outbox.enqueued import enqueued
from tests.portals import ROOT, empty_portal
from tests.review.intakes import make_intake
from tests.review.zebra import ADDRESS, markers_in_folders, markers_in_tables
from tests.staff import sign_in
from tests.submissions.sent import make_draft, make_sent


@pytest.fixture
def portal(back_up, zebra, export, eve, consultation, client, smtp_sink):
    """A portal with something in every place, and the first emails sent."""
    sign_in(client, eve)
    make_intake(eve, name="Zebraname", email=ADDRESS, text="Zebraanswer by post.")
    make_sent(consultation, answers={"1.1": "What others say."}).invitations.create(
        name="Zebraguest", email=ADDRESS, parts=["section-1"]
    )
    deliver_due()
    emails_in_all_states()
    draft = draft_to_remind_today(consultation)
    stored = keep_as_file("Eleven became three.")
    stored.save()
    draft.attachments.create(stored=stored, name="figures.txt")
    make_draft(consultation, name="Somebody else")


def emails_in_all_states():
    leased = {
        "state": State.SENDING,
        "lease": "0" * 32,
        "lease_expires_at": timezone.now(),
    }
    for key, values in {
        "pending": {},
        "retry": {"state": State.RETRY},
        "prep": leased | {"phase": "prep"},
        "data": leased | {"phase": "data"},
        "asked": {"state": State.ASKED},
        "sent": {"state": State.SENT, "sent_at": timezone.now()},
        "dead": {"state": State.DEAD},
        "unknown": {"state": State.UNKNOWN},
        "cancelled": {"state": State.CANCELLED},
    }.items():
        email = enqueued("erasure-done", key=key, to="x@quagga.example", context={})
        OutgoingEmail.objects.filter(pk=email.pk).update(**values)


def draft_to_remind_today(consultation):
    """Make one to which the reminder of seven days is due, whatever the hour."""
    day = (timezone.now().astimezone(UK) - dt.timedelta(hours=9)).date()
    closing = dt.datetime.combine(day + dt.timedelta(days=7), dt.time(23), tzinfo=UK)
    consultation.closes_at = closing
    consultation.save()
    return make_draft(
        consultation,
        email="reminded@quagga.example",
        wants_reminders=True,
        created_at=timezone.now() - dt.timedelta(days=3),
    )


@contextmanager
def outbox_loop(portal, sink):
    """Run the loop that plans and sends, on a restored portal."""
    process = subprocess.Popen(
        [sys.executable, "manage.py", "run_outbox", "--loop", "--every=0.2"],
        cwd=ROOT,
        env=portal.environment | {"EMAIL_URL": f"smtp://127.0.0.1:{sink.port}"},
        stdout=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(15)


def recipients_of_a_loop(portal, sink):
    """Return to whom a restored portal writes until it has sent one email of now."""
    before = len(sink.recipients)
    portal.rows(
        "INSERT INTO outbox_outgoingemail (id, key, kind, is_bulk, to_email, about,"
        " context, message_id, state, phase, attempts, ambiguous, last_error, relay_id)"
        " VALUES (gen_random_uuid(), 'now', 'erasure-done', true, 'now@quagga.example',"
        " '', '{}', '<now@x>', 'pending', '', 0, 0, '', '') RETURNING id"
    )
    with outbox_loop(portal, sink):
        # It plans first; what is sent after the others, such as this one, comes last.
        wait_until(lambda: "now@quagga.example" in sink.recipients)
    return sink.recipients[before:]


def test_f35_restored_elsewhere_all_is_there_the_erased_are_not_and_no_email_goes(
    portal, back_up, zebra, eve, olu, smtp_sink
):
    backup = back_up()
    # What happens after the backup: a reminder and other emails go out, a person goes.
    assert reminders.plan() == 1
    deliver_due()
    asked = erasing.request_erasure(staff=eve, reason="asked", address=ADDRESS)
    erasing.carry_out(asked, staff=olu)
    deliver_due()

    with empty_portal() as other:
        # The one thing that is kept apart from the backups.
        shutil.copy(settings.ERASED_LIST, other.data_dir / "erased.txt")
        said = other.did("restore_backup", backup.folder)

        assert "counts and sums as the backup says" in said
        assert "5 emails held for staff to decide" in said
        assert "2 drafts counted as reminded" in said
        assert "1 exports removed" in said
        assert "1 staff signed out" in said
        assert markers_in(other) == []
        assert files_in(other.data_dir) == files_known_here() != {}
        assert other.rows("SELECT count(*) FROM submissions_submission") == [(3,)]
        assert recipients_of_a_loop(other, smtp_sink) == ["now@quagga.example"]


def markers_in(portal):
    """Return where a word of the erased person stands: in the tables, in the files."""
    with closing(psycopg2.connect(portal.database_url)) as connection:
        tables = markers_in_tables(connection.cursor())
    return tables + markers_in_folders(portal.data_dir / "files")


def files_known_here():
    """Return those with a row: other tests' may lie beside them."""
    names = StoredFile.objects.values_list("name", flat=True)
    return {name: Path(settings.MEDIA_ROOT, name).read_bytes() for name in names}


def files_in(data_dir):
    return {path.name: path.read_bytes() for path in Path(data_dir, "files").iterdir()}
