"""Several connections to the relay, of one worker that has many emails to send."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar

import pytest
from django.db import OperationalError, connection

from outbox import claims
from outbox.delivery import deliver_due
from outbox.kinds import Message
from outbox.models import Circuit, OutgoingEmail, State
from tests.outbox.processes import in_thread, wait_for, worker
from tests.smtp import HOLD

pytestmark = pytest.mark.django_db(transaction=True)


def test_many_emails_leave_while_another_connection_waits(write, smtp_sink):
    for _ in range(3 * claims.BATCH):
        write()
    # The first batch goes over one connection.
    smtp_sink.script("DATA", *[None] * claims.BATCH, HOLD)

    with ThreadPoolExecutor(1) as pool:
        sending = pool.submit(in_thread, deliver_due)
        wait_for(lambda: len(smtp_sink.journal) == 2 * claims.BATCH + 1)
        smtp_sink.release()
        assert sending.result() == 3 * claims.BATCH

    assert smtp_sink.connections == 2
    assert len(set(smtp_sink.accepted)) == len(smtp_sink.accepted) == 3 * claims.BATCH


def test_few_emails_leave_over_one_connection(write, smtp_sink):
    for _ in range(claims.BATCH - 1):
        write()

    assert deliver_due() == claims.BATCH - 1

    assert smtp_sink.connections == 1


def test_no_connection_to_the_database_is_left_behind(write, smtp_sink):
    for _ in range(2 * claims.BATCH):
        write()

    deliver_due()

    assert smtp_sink.connections == 2
    wait_for(lambda: count_other_connections() == 0)


def test_relay_that_takes_one_connection_only_is_not_failing(write, smtp_sink):
    smtp_sink.at_most = 1
    for _ in range(3 * claims.BATCH):
        write()

    assert deliver_due() == 3 * claims.BATCH

    assert smtp_sink.connections == 2
    assert len(smtp_sink.accepted) == 3 * claims.BATCH
    assert not Circuit.objects.exists()


def test_trouble_on_another_connection_is_told_and_strands_nothing(
    write, make_kind, smtp_sink
):
    ours, has_failed = threading.current_thread(), threading.Event()

    def load(emails):
        if threading.current_thread() is not ours:
            has_failed.set()
            raise OperationalError("canceling statement due to statement timeout")
        assert not smtp_sink.journal or has_failed.wait(10)

    make_kind("note", load=load)
    for _ in range(3 * claims.BATCH):
        write()

    with pytest.raises(OperationalError):
        deliver_due()

    assert len(smtp_sink.accepted) >= claims.BATCH
    assert not OutgoingEmail.objects.filter(state=State.SENDING).exists()


def test_another_connection_knows_who_rang(write, make_kind, smtp_sink):
    """Its lines in the log lead to the page that rang, as those of the first do."""
    request, ours, sends = ContextVar("request"), threading.current_thread(), []

    def compose(email):
        if threading.current_thread() is not ours:
            sends.append(request.get(None))
        elif len(smtp_sink.journal) >= claims.BATCH:
            wait_for(lambda: sends)
        return Message("Hello", "text")

    make_kind("note", compose=compose)
    for _ in range(3 * claims.BATCH):
        write()
    request.set("page-1")

    deliver_due()

    assert set(sends) == {"page-1"}


def test_process_that_is_told_to_end_does_not_wait_for_all_that_is_due(
    write, make_kind, smtp_sink
):
    """A process of Celery's pool is told by SIGTERM, which raises SystemExit in it."""
    ours, sends = threading.current_thread(), threading.Event()

    def compose(email):
        if threading.current_thread() is not ours:
            sends.set()
            time.sleep(0.05)
        elif len(smtp_sink.journal) >= claims.BATCH:
            assert sends.wait(10)
            raise SystemExit
        return Message("Hello", "text")

    make_kind("note", compose=compose)
    for _ in range(5 * claims.BATCH):
        write()

    with pytest.raises(SystemExit):
        deliver_due()

    assert len(smtp_sink.accepted) < 3 * claims.BATCH
    # That which it was writing comes back when its lease ends, as if it had been killed.
    assert OutgoingEmail.objects.filter(state=State.SENDING).count() == 1


def test_told_to_end_before_it_begins_nothing_is_claimed(write, monkeypatch):
    monkeypatch.setattr(claims, "claim", pytest.fail)
    write()

    assert deliver_due(should_stop=lambda: True) == 0


def test_killed_on_two_connections_leaves_one_email_of_each_unsure(
    write, smtp_sink, attempt
):
    emails = [write() for _ in range(3 * claims.BATCH)]
    smtp_sink.script("DATA", *[None] * claims.BATCH, HOLD, HOLD)

    with worker(smtp_sink.port) as process:
        wait_for(lambda: len(smtp_sink.journal) == claims.BATCH + 2)
        process.kill()
    in_hand = OutgoingEmail.objects.filter(phase="data")
    assert {one.message_id for one in in_hand} == set(smtp_sink.accepted[-2:])

    attempt(emails[0])

    assert {email.state for email in OutgoingEmail.objects.all()} == {State.SENT}
    assert OutgoingEmail.objects.filter(ambiguous=1).count() == 2
    assert len(smtp_sink.accepted) == len(emails) + 2


def count_other_connections():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return cursor.fetchone()[0]
