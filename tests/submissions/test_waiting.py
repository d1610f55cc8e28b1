"""Whoever sends and has to wait for somebody's lock is neither late nor early by that."""

import datetime as dt
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from django.db import connection, transaction
from django.utils import timezone

from consultations.models import Consultation
from submissions import services
from submissions.models import Answer, Submission

from .sent import make_draft, make_sent

pytestmark = pytest.mark.django_db(transaction=True)

SAID = {"organisation": "Riverside", "publication": "with-name"}


@pytest.fixture
def draft(consultation):
    return make_draft(consultation, answers={"1.1": "Eleven became three."}, **SAID)


@contextmanager
def sending_while_locked(draft, lock, send=services.submit):
    """Send while another holds the row; in the block the sending waits. Gives its future."""

    def try_to_send():
        try:
            return send(Submission.objects.get(pk=draft.pk))
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as tab:
        with transaction.atomic():
            Submission.objects.select_for_update().get(pk=lock.pk)
            sent = tab.submit(try_to_send)
            time.sleep(0.5)
            yield sent
            # Longer than the call was closed for when it was closed meanwhile.
            time.sleep(0.2)
        sent.exception()


def close(consultation, ago):
    """Have it stop to accept what was begun in time so long ago."""
    closes_at = timezone.now() - ago - dt.timedelta(minutes=10)
    opens_at = closes_at - dt.timedelta(days=9)
    call = Consultation.objects.filter(pk=consultation.pk)
    call.update(opens_at=opens_at, closes_at=closes_at)


def test_a_call_that_closes_while_one_waits_closes_nobody_out(consultation, draft):
    with sending_while_locked(draft, draft) as sent:
        close(consultation, dt.timedelta(seconds=0.1))

    assert sent.result().is_submitted
    assert not sent.result().is_late


def test_nor_out_of_changes(consultation, draft):
    original = make_sent(consultation, answers={"1.1": "Eleven."}, **SAID)
    changes = services.amend(original)
    Answer.objects.filter(submission=changes).update(text="Twelve.")

    with sending_while_locked(changes, original) as sent:
        close(consultation, dt.timedelta(seconds=0.1))

    assert sent.result().pk == original.pk
    assert Answer.objects.get(submission=original).text == "Twelve."


def test_a_deadline_put_off_while_one_waits_holds(consultation, draft):
    close(consultation, dt.timedelta(hours=1))

    with sending_while_locked(draft, draft) as sent:
        later = timezone.now() + dt.timedelta(days=1)
        Consultation.objects.filter(pk=consultation.pk).update(closes_at=later)

    assert sent.result().is_submitted


def test_nor_is_what_is_saved_then_kept_only_for_later(consultation, draft):
    close(consultation, dt.timedelta(hours=1))

    def save(submission):
        with services.open_draft(submission) as locked:
            return locked.pk

    with sending_while_locked(draft, draft, save) as saved:
        later = timezone.now() + dt.timedelta(days=1)
        Consultation.objects.filter(pk=consultation.pk).update(closes_at=later)

    # Else KeptAfterClosing.
    assert saved.result() == draft.pk


def test_what_is_closed_stays_closed_for_who_waits(consultation, draft):
    close(consultation, dt.timedelta(hours=1))

    with sending_while_locked(draft, draft) as sent:
        pass

    with pytest.raises(services.ConsultationClosed):
        sent.result()


def test_the_moment_of_sending_is_when_the_wait_was_over_by_the_database(
    consultation, draft, monkeypatch
):
    # The clock of this machine is wrong.
    monkeypatch.setattr(timezone, "now", lambda: dt.datetime(2018, 7, 1, tzinfo=dt.UTC))

    with sending_while_locked(draft, draft) as sent, connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        [locked_until] = cursor.fetchone()

    moment = sent.result().submitted_at
    assert locked_until <= moment < locked_until + dt.timedelta(seconds=5)
    assert sent.result().revisions.get().sent_at == moment
