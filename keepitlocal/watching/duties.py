"""Keeps when each duty of worker and loop was last done: who is silent can be seen by all."""

import logging
import time
from collections import defaultdict
from dataclasses import dataclass

from django.db import DatabaseError, InterfaceError
from django.db.models import F
from django.db.models.functions import Now

from keepitlocal.models import Duty

logger = logging.getLogger(__name__)

# A bell is rung for every email: this process adds up what it did for so long.
WRITE_EVERY = 10  # seconds


@dataclass
class Sum:
    done: int = 0
    failed: int = 0
    seconds: float = 0.0


_sums: dict[str, Sum] = defaultdict(Sum)
_write_at: dict[str, float] = {}


def note(name: str, seconds: float, *, has_failed: bool = False) -> None:
    """Keep that a duty was done, or failed. Loses nothing but figures when it cannot."""
    kept = _sums[name]
    kept.seconds += seconds
    kept.failed += has_failed
    kept.done += not has_failed
    if time.monotonic() < _write_at.get(name, 0):
        return
    try:
        _write(name, kept)
    except (DatabaseError, InterfaceError) as error:
        # Not worth failing for, whoever did the duty.
        logger.warning("A duty could not be noted: %s", type(error).__name__)
        return
    del _sums[name]
    _write_at[name] = time.monotonic() + WRITE_EVERY


def _write(name, kept):
    then = {"done_at": Now()} if kept.done else {}
    Duty.objects.get_or_create(name=name)
    Duty.objects.filter(name=name).update(
        done=F("done") + kept.done,
        failed=F("failed") + kept.failed,
        seconds=F("seconds") + kept.seconds,
        **then,
    )


def ages() -> dict[str, float]:
    """Return {name: seconds since it was last done} of the duties that ever were."""
    done = Duty.objects.with_age().filter(done_at__isnull=False)
    return {duty.name: duty.age.total_seconds() for duty in done}
