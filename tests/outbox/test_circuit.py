from datetime import timedelta

import pytest
from django.db.models import F
from django.db.models.functions import Now

from outbox import circuit
from outbox.delivery import deliver_due
from outbox.models import Circuit, OutgoingEmail, State
from tests.smtp import LOSE


@pytest.fixture
def passes(later):
    def passes():
        later()
        Circuit.objects.update(closes_at=Now())

    return passes


def test_opens_after_five_failures_and_spares_the_rest(write, smtp_sink, caplog):
    emails = [write() for _ in range(8)]
    smtp_sink.refuse()

    deliver_due()

    assert circuit.is_open()
    assert Circuit.objects.get().failures == 5
    assert "No email leaves for 30 seconds" in caplog.text
    tried = OutgoingEmail.objects.exclude(last_error="")
    assert list(tried.order_by("created_at")) == emails[:5]
    assert OutgoingEmail.objects.due().count() == 3


def test_nothing_is_tried_while_it_is_open(write, smtp_sink):
    write()
    Circuit.objects.create(pk=1, failures=5, closes_at=Now() + timedelta(minutes=1))

    assert deliver_due() == 0
    assert smtp_sink.connections == 0


def test_closes_with_the_first_answer(write, smtp_sink, passes):
    for _ in range(6):
        write()
    smtp_sink.refuse()
    deliver_due()
    smtp_sink.listen()

    passes()
    assert deliver_due() == 6

    assert not circuit.is_open()
    assert Circuit.objects.get().failures == 0


@pytest.fixture
def pauses(write, passes):
    """Return how long it is open after each of seven failures, in half minutes."""
    write()
    Circuit.objects.create(pk=1, failures=4)

    def pauses():
        for _ in range(7):
            passes()
            deliver_due()
            state = Circuit.objects.annotate(left=F("closes_at") - Now()).get()
            yield round(state.left.total_seconds() / 30)

    return pauses


def test_relay_that_is_away_is_asked_again_within_a_minute(smtp_sink, pauses):
    smtp_sink.refuse()

    assert list(pauses()) == [1, 2, 2, 2, 2, 2, 2]


def test_relay_that_waits_for_a_person_is_left_alone_for_longer(smtp_sink, pauses):
    smtp_sink.script("MAIL", *["530 5.7.0 Sign in first"] * 7)

    assert list(pauses()) == [1, 2, 4, 8, 16, 20, 20]


def test_wrong_password_opens_it_at_once(write, smtp_sink):
    _, second = write(), write()
    smtp_sink.script("MAIL", "530 5.7.0 Sign in first")

    deliver_due()

    assert circuit.is_open()
    assert smtp_sink.connections == 1
    second.refresh_from_db()
    assert (second.state, second.last_error) == (State.RETRY, "")


def test_refused_recipient_is_an_answer(write, smtp_sink):
    Circuit.objects.create(pk=1, failures=4)
    write()
    smtp_sink.script("RCPT", "550 5.1.1 Nobody")

    deliver_due()

    assert Circuit.objects.get().failures == 0


def test_failures_with_an_answer_between_are_not_in_a_row(write, smtp_sink):
    for _ in range(4):
        write()
    smtp_sink.script("DATA", None, LOSE, None, LOSE)

    deliver_due()

    assert Circuit.objects.get().failures == 1
