from datetime import timedelta

import pytest
from django.db.models.functions import Now

from outbox import claims, health
from outbox.models import Circuit, OutgoingEmail, State


def test_an_empty_outbox_is_well(db):
    assert health.figures() == {
        "oldest_due_seconds": 0,
        "undelivered": {},
        "is_circuit_open": False,
    }


def test_figures_count_the_undelivered_and_the_oldest_wait(write):
    old, new, later, dead = [write() for _ in range(4)]
    due_in(old, -90)
    due_in(new, -10)
    due_in(later, 3600)
    OutgoingEmail.objects.filter(pk=dead.pk).update(state=State.DEAD)
    due_in(dead, -500)
    Circuit.objects.create(pk=1, closes_at=Now() + timedelta(minutes=1))

    figures = health.figures()

    assert figures["oldest_due_seconds"] == pytest.approx(90, abs=5)
    assert figures["undelivered"] == {"dead": 1}
    assert figures["is_circuit_open"] is True


def test_email_left_by_a_dead_worker_is_waiting_too(write):
    write()
    claims.claim()
    OutgoingEmail.objects.update(lease_expires_at=Now() - timedelta(seconds=30))

    assert health.figures()["oldest_due_seconds"] == pytest.approx(30, abs=5)


def due_in(email, seconds):
    then = Now() + timedelta(seconds=seconds)
    OutgoingEmail.objects.filter(pk=email.pk).update(next_attempt_at=then)
