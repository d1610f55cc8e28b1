"""A relay that is down for a day."""

import datetime as dt

import pytest
from django.db.models import F

from outbox import circuit
from outbox.delivery import deliver_due
from outbox.models import Circuit, OutgoingEmail, State

LOOK_EVERY = dt.timedelta(minutes=20)
DAY = dt.timedelta(hours=24)


@pytest.fixture
def pass_time(db):
    """Let time pass, by moving the rows."""

    def pass_time(time):
        OutgoingEmail.objects.update(next_attempt_at=F("next_attempt_at") - time)
        Circuit.objects.update(closes_at=F("closes_at") - time)

    return pass_time


def test_nothing_dies_in_a_day_without_a_relay(write, smtp_sink, pass_time):
    emails = [write() for _ in range(6)]
    smtp_sink.refuse()

    for _ in range(DAY // LOOK_EVERY):
        deliver_due()
        pass_time(LOOK_EVERY)

    waiting = OutgoingEmail.objects.filter(state=State.RETRY, attempts=0)
    assert waiting.count() == len(emails)
    # It returns: all leave within a minute.
    smtp_sink.listen()
    pass_time(dt.timedelta(seconds=circuit.LONGEST))
    assert deliver_due() == len(emails)
    assert sorted(smtp_sink.accepted) == sorted(email.message_id for email in emails)
