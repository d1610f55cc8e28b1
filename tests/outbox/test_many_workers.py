"""Several workers at once, and workers that die."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import transaction
from django.db.models.functions import Now

from outbox import claims
from outbox.delivery import deliver_due
from outbox.models import OutgoingEmail, State
from tests.outbox.processes import end_other_connections, in_thread, wait_for, worker
from tests.smtp import HOLD

pytestmark = pytest.mark.django_db(transaction=True)


def test_four_workers_send_each_email_once(write, smtp_sink):
    for _ in range(60):
        write()
    start = threading.Barrier(4)

    def work():
        start.wait()
        return deliver_due()

    with ThreadPoolExecutor(4) as pool:
        counts = list(pool.map(in_thread, [work] * 4))

    assert sum(counts) == 60
    assert len(smtp_sink.accepted) == len(set(smtp_sink.accepted)) == 60


def test_email_in_hand_is_left_to_its_worker(write, smtp_sink, later):
    email = write()
    smtp_sink.script("DATA", HOLD)

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(in_thread, deliver_due)
        wait_for(lambda: smtp_sink.journal)
        assert deliver_due() == 0
        # Nor is the row locked while the relay takes its time.
        with transaction.atomic():
            OutgoingEmail.objects.select_for_update(nowait=True).get(pk=email.pk)
        smtp_sink.release()
        assert first.result() == 1

    assert smtp_sink.accepted == [email.message_id]


def test_claim_passes_over_what_another_is_just_claiming(write):
    taken, free = write(), write()

    with transaction.atomic(), ThreadPoolExecutor(1) as pool:
        OutgoingEmail.objects.select_for_update().get(pk=taken.pk)
        claimed = pool.submit(in_thread, claims.claim).result()

    assert claimed == [free]


def test_claim_inside_a_transaction_is_refused(write):
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        claims.claim()


@pytest.mark.parametrize("seconds_left", [50, -1])
def test_fence_is_closed_without_enough_of_the_lease(write, smtp_sink, seconds_left):
    write()
    (email,) = claims.claim()
    OutgoingEmail.objects.update(
        lease_expires_at=Now() + timedelta(seconds=seconds_left)
    )

    assert not claims.fence(email)

    assert OutgoingEmail.objects.get().phase == "prep"


def test_fence_is_closed_to_who_lost_the_lease(write):
    write()
    (slow,) = claims.claim()
    OutgoingEmail.objects.update(lease_expires_at=Now())
    claims.recover_abandoned()
    (quick,) = claims.claim()

    assert not claims.fence(slow)
    claims.settle(slow, State.DEAD)

    assert claims.fence(quick)
    assert OutgoingEmail.objects.get().state == State.SENDING


def test_outcome_of_a_lost_lease_changes_nothing(write, caplog):
    write()
    (slow,) = claims.claim()
    OutgoingEmail.objects.update(lease_expires_at=Now())
    claims.recover_abandoned()
    (quick,) = claims.claim()

    claims.settle_sent(slow, "250 OK")

    email = OutgoingEmail.objects.get()
    assert (email.state, email.lease) == (State.SENDING, quick.lease)
    assert "the lease ran out before the outcome" in caplog.text


def test_nothing_is_sent_through_a_closed_fence(write, smtp_sink, monkeypatch, attempt):
    monkeypatch.setattr(claims, "FENCE", timedelta(hours=1))
    email = write()

    assert attempt(email).state == State.RETRY
    assert (email.attempts, email.ambiguous) == (0, 0)
    assert smtp_sink.accepted == []

    monkeypatch.undo()


def test_worker_that_lost_its_database_settles_all_the_same(write, smtp_sink):
    email = write()
    smtp_sink.script("DATA", HOLD)

    with ThreadPoolExecutor(1) as pool:
        sending = pool.submit(in_thread, deliver_due)
        wait_for(lambda: smtp_sink.journal)
        end_other_connections()
        smtp_sink.release()
        assert sending.result() == 1

    email.refresh_from_db()
    assert (email.state, email.ambiguous) == (State.SENT, 0)


def test_killed_while_composing_is_sent_once(write, make_kind, smtp_sink, attempt):
    make_kind("slow")
    email = write(kind="slow")

    with worker(smtp_sink.port) as process:
        assert process.stdout.readline() == "composing\n"
        process.kill()
    assert state_of(email) == (State.SENDING, "prep", 0)

    assert attempt(email).state == State.SENT
    assert smtp_sink.accepted == [email.message_id]
    assert email.ambiguous == 0


def test_killed_before_data_is_sent_once(write, smtp_sink, attempt):
    email = write()
    smtp_sink.script("RCPT", HOLD)

    with worker(smtp_sink.port) as process:
        wait_for(lambda: not smtp_sink._scripts["RCPT"])
        process.kill()
    assert state_of(email) == (State.SENDING, "prep", 0)

    assert attempt(email).state == State.SENT
    assert smtp_sink.accepted == [email.message_id]
    assert email.ambiguous == 0


def test_killed_in_data_is_sent_again_and_recorded(write, smtp_sink, attempt):
    email = write()
    smtp_sink.script("DATA", HOLD)

    with worker(smtp_sink.port) as process:
        wait_for(lambda: smtp_sink.journal)
        process.kill()
    assert state_of(email) == (State.SENDING, "data", 0)

    assert attempt(email).state == State.SENT
    assert smtp_sink.accepted == [email.message_id] * 2
    assert (email.ambiguous, email.attempts) == (1, 2)


def test_reminder_killed_in_data_is_held(write, reminder, smtp_sink, attempt):
    email = write(kind="reminder")
    smtp_sink.script("DATA", HOLD)

    with worker(smtp_sink.port) as process:
        wait_for(lambda: smtp_sink.journal)
        process.kill()

    assert attempt(email).state == State.UNKNOWN
    assert smtp_sink.accepted == [email.message_id]
    assert email.ambiguous == 1


def state_of(email):
    email.refresh_from_db()
    return email.state, email.phase, email.ambiguous
