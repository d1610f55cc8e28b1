"""The answer to DATA was lost, and the relay's log is asked whether it took the email."""

import os
import signal
import time
from collections import Counter
from datetime import timedelta

import pytest
from django.db.models.functions import Now

from outbox import claims
from outbox.delivery import deliver_due
from outbox.models import Circuit, OutgoingEmail, State
from tests.outbox.processes import wait_for, worker
from tests.smtp import HANG_UP, LOSE


@pytest.fixture
def log(settings, smtp_sink, tmp_path):
    """The log that the relay of this test writes."""
    settings.RELAY_LOG = str(tmp_path / "mail.log")
    smtp_sink.log = tmp_path / "mail.log"
    smtp_sink.log.touch()
    return smtp_sink.log


def test_taken_is_settled_and_not_sent_again(write, smtp_sink, log, attempt):
    email = write()
    smtp_sink.script("DATA", HANG_UP)

    assert attempt(email).state == State.ASKED
    assert attempt(email).state == State.SENT

    assert (email.relay_id, email.ambiguous) == ("4F000001", 1)
    assert smtp_sink.accepted == [email.message_id]


@pytest.mark.parametrize("kind", ["note", "reminder"])
def test_not_taken_is_sent_again_whatever_the_kind(
    write, reminder, smtp_sink, log, attempt, kind
):
    email = write(kind=kind)
    smtp_sink.script("DATA", LOSE)

    assert attempt(email).state == State.ASKED
    assert attempt(email).state == State.SENT

    assert smtp_sink.accepted == [email.message_id]


def test_the_log_is_not_asked_before_the_relay_had_its_say(write, smtp_sink, log):
    email = write()
    smtp_sink.script("DATA", HANG_UP)

    for _ in range(3):
        deliver_due()

    email.refresh_from_db()
    assert email.state == State.ASKED
    assert email.next_attempt_at > email.created_at + timedelta(seconds=55)


def test_the_log_of_before_the_rotation_is_asked_too(write, smtp_sink, log, attempt):
    email = write()
    smtp_sink.script("DATA", HANG_UP)
    attempt(email)
    log.rename(f"{log}.1")
    log.touch()

    assert attempt(email).state == State.SENT

    assert smtp_sink.accepted == [email.message_id]


@pytest.mark.parametrize("trouble", ["gone", "of yesterday"])
@pytest.mark.parametrize(
    ("kind", "state"), [("note", State.SENT), ("reminder", State.UNKNOWN)]
)
def test_without_a_log_the_kind_says_what_happens(
    write, reminder, smtp_sink, log, attempt, kind, state, trouble
):
    email = write(kind=kind)
    smtp_sink.script("DATA", HANG_UP)
    attempt(email)
    if trouble == "gone":
        log.unlink()
    else:
        yesterday = time.time() - 24 * 60 * 60
        os.utime(log, (yesterday, yesterday))

    attempt(email)

    assert (email.state, email.ambiguous) == (state, 1)


def test_the_last_attempt_is_not_one_too_many(
    write, smtp_sink, log, attempt, monkeypatch
):
    monkeypatch.setattr(claims, "MAX_ATTEMPTS", 1)
    email = write()
    smtp_sink.script("DATA", LOSE)
    attempt(email)

    assert attempt(email).state == State.DEAD


def test_many_are_looked_for_in_few_queries(
    write, smtp_sink, log, later, django_assert_num_queries
):
    emails = [write() for _ in range(3)]
    smtp_sink.script("DATA", *[HANG_UP] * 3)
    deliver_due()
    later()

    # Recover, look up, claim in a savepoint; and one to settle each.
    with django_assert_num_queries(5 + 3):
        deliver_due()

    assert OutgoingEmail.objects.filter(state=State.SENT).count() == len(emails)


@pytest.mark.django_db(transaction=True)
def test_no_kill_loses_or_doubles_an_email(write, smtp_sink, log):
    """As in test_chaos, and the relay can be asked: strictly one copy each."""
    smtp_sink.script("RCPT", *(["451 Busy"] + [None] * 19) * 100)
    smtp_sink.script("DATA", *([HANG_UP] + [None] * 24 + [LOSE] + [None] * 24) * 100)
    emails = [write() for _ in range(150)]

    with worker(smtp_sink.port, "--nursery", RELAY_LOG=str(log)) as nursery:
        wait_for(all_sent, seconds=90)
        nursery.send_signal(signal.SIGTERM)
        kills = int(nursery.stdout.readline())

    copies = Counter(smtp_sink.accepted)
    print(f"{kills} kills, {copies.total() - len(emails)} copies")
    assert kills > 20
    assert copies == Counter(email.message_id for email in emails)


def all_sent():
    time.sleep(0.2)
    waiting = OutgoingEmail.objects.exclude(state=State.SENT)
    # Pauses are for relays; here they would only make the test slow.
    waiting.filter(state=State.RETRY).update(next_attempt_at=Now())
    Circuit.objects.update(failures=0, closes_at=None)
    return not waiting.exists()
