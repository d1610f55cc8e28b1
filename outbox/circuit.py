"""Leaves the relay alone when it fails again and again, so that a long outage kills nothing."""

import logging
from datetime import timedelta

from django.db import transaction
from django.db.models.functions import Now

from outbox.models import Circuit

logger = logging.getLogger(__name__)

OPENS_AT = 5
# Seconds; it doubles with each further failure. A relay that is away costs nothing to ask,
# and is asked often, so that emails leave within a minute of its return. One that refuses
# us waits for a person, and may lock out who asks too often.
SHORTEST = 30
LONGEST = 60
LONGEST_FOR_A_PERSON = 600


def is_open() -> bool:
    return Circuit.objects.filter(closes_at__gt=Now()).exists()


def note_answer() -> None:
    """Forget the failures: the relay answered for a message."""
    Circuit.objects.filter(failures__gt=0).update(failures=0, closes_at=None)


@transaction.atomic
def note_failure(error: str, *, at_once: bool = False) -> bool:
    """Count a failure of the relay; returns whether the circuit is open now.

    It opens at the fifth in a row, or `at_once` when only a person can mend the cause.
    """
    circuit, _ = Circuit.objects.select_for_update().get_or_create(pk=1)
    circuit.failures = max(circuit.failures + 1, OPENS_AT if at_once else 0)
    circuit.last_error = error
    opens = circuit.failures >= OPENS_AT
    if opens:
        longest = LONGEST_FOR_A_PERSON if at_once else LONGEST
        pause = min(SHORTEST * 2 ** (circuit.failures - OPENS_AT), longest)
        circuit.closes_at = Now() + timedelta(seconds=pause)
        logger.error("No email leaves for %s seconds: %s", pause, error)
    circuit.save()
    return opens
