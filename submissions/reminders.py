"""When a draft's owner is reminded of the closing date."""

import datetime as dt

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from consultations.models import Consultation
from consultations.uk_time import UK
from outbox.services import enqueue

from . import emails
from .models import Submission

DAYS_BEFORE_CLOSING = (14, 7, 1)
HOUR_OF_DAY = 9
# After an outage one reminder goes out, not three.
WINDOW = dt.timedelta(hours=24)
LAST_CALL = dt.timedelta(hours=2)
BETWEEN_TWO = dt.timedelta(hours=20)


def due_at(closes_at, days):
    """Return 9am, by clocks in the UK, `days` days before the day of closing."""
    day = closes_at.astimezone(UK).date() - dt.timedelta(days=days)
    return dt.datetime.combine(day, dt.time(HOUR_OF_DAY), tzinfo=UK)


def plan(now=None):
    """Write the reminders that are due, each once; return how many were written."""
    now = now or timezone.now()
    return sum(
        _plan_step(consultation, days, now)
        for consultation in Consultation.objects.filter(
            opens_at__lte=now, closes_at__gt=now + LAST_CALL
        )
        for days in DAYS_BEFORE_CLOSING
        if due_at(consultation.closes_at, days)
        <= now
        < due_at(consultation.closes_at, days) + WINDOW
    )


def _plan_step(consultation, days, now):
    waiting = consultation.submissions.awaiting_reminder().filter(
        Q(reminded_at=None) | Q(reminded_at__lte=now - BETWEEN_TWO),
        created_at__lt=due_at(consultation.closes_at, days),
    )
    ids = list(waiting.values_list("pk", flat=True))
    return sum(_remind(pk, consultation, days, now) for pk in ids)


@transaction.atomic
def _remind(pk, consultation, days, now):
    """Write one reminder, unless a planner beside this one just did."""
    draft = (
        Submission.objects.awaiting_reminder()
        .select_for_update(skip_locked=True)
        .filter(Q(reminded_at=None) | Q(reminded_at__lte=now - BETWEEN_TWO), pk=pk)
        .first()
    )
    if draft is None:
        return 0
    # A closing date that moves makes new reminders; the same date never makes two.
    closing = f"{consultation.closes_at.astimezone(dt.UTC):%Y%m%dT%H%M}"
    enqueue(
        emails.DEADLINE_REMINDER,
        key=f"deadline-reminder:{draft.pk}:{closing}:{days}",
        to=draft.email,
        context={"submission": draft.pk, "days": days},
        expires_at=consultation.closes_at,
    )
    draft.reminded_at = now
    draft.save(update_fields=["reminded_at"])
    return 1
