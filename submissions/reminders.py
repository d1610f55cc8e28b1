"""When a draft's owner is reminded of the closing date, and who would be."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from django.db import models, transaction
from django.db.models import Case, Count, F, Value, When
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultations.models import Consultation
from consultations.uk_time import UK
from outbox import services as outbox
from outbox.models import OutgoingEmail, State

from . import emails
from .models import ReminderLadder, Submission
from .models.emailing import USUAL_DAYS

HOUR_OF_DAY = 9
# After an outage one reminder goes out, not three.
WINDOW = dt.timedelta(hours=24)
LAST_CALL = dt.timedelta(hours=2)
BETWEEN_TWO = dt.timedelta(hours=20)


class Fate(models.TextChoices):
    """What one step of the ladder means for one draft; the first that holds."""

    STOPPED = "stopped", _("stopped reminders")
    NOT_ASKED = "not-asked", _("did not ask for reminders")
    NO_ADDRESS = "no-address", _("gave no email address")
    BEGUN_SINCE = "begun-since", _("began after the reminder was due")
    HAS_IT = "has-it", _("has had this one, or a later one")
    JUST_REMINDED = "just-reminded", _("was reminded less than 20 hours before")
    REMINDED = "reminded", _("gets it")


@dataclass(frozen=True)
class Step:
    """One reminder of a call: when it is due, and whether that is still to come."""

    days: int
    due_at: dt.datetime
    is_over: bool


@dataclass(frozen=True)
class Forecast:
    """How many drafts of a call would get one step at a moment, and why others not."""

    step: Step
    at: dt.datetime
    reminded: int
    # Of `Fate`, the reason first, without those that nobody has.
    others: list[tuple[str, int]]


def ladder_of(consultation):
    """Return on how many days before closing a call's drafts are reminded."""
    ladder = ReminderLadder.objects.filter(consultation=consultation).first()
    return ladder.days if ladder else USUAL_DAYS


def set_ladder(consultation, days):
    """Remind on these days before closing from now on."""
    days = sorted(set(days), reverse=True)
    ReminderLadder.objects.update_or_create(
        consultation=consultation, defaults={"days": days}
    )


def due_at(closes_at, days):
    """Return 9am, by clocks in the UK, `days` days before the day of closing."""
    day = closes_at.astimezone(UK).date() - dt.timedelta(days=days)
    return dt.datetime.combine(day, dt.time(HOUR_OF_DAY), tzinfo=UK)


def steps(consultation, now=None):
    """Return each `Step` of a call's ladder, the first one first."""
    now = now or timezone.now()
    due = [
        (days, due_at(consultation.closes_at, days)) for days in ladder_of(consultation)
    ]
    return [
        Step(days, moment, is_over=not _can_go_out(consultation, moment, now))
        for days, moment in due
    ]


def _can_go_out(consultation, due, now):
    """Whether a step that is due then is still to come, or may go out now."""
    start = max(due, consultation.opens_at)
    end = min(due + WINDOW, consultation.closes_at - LAST_CALL)
    return start < end and now < end


def is_due(consultation, step, at):
    """Whether the planner would write this step's reminders at that moment."""
    return (
        consultation.opens_at <= at < consultation.closes_at - LAST_CALL
        and step.due_at <= at < step.due_at + WINDOW
    )


def plan(now=None):
    """Write the reminders that are due, each once; return how many were written."""
    now = now or timezone.now()
    written = 0
    for consultation in Consultation.objects.filter(
        opens_at__lte=now, closes_at__gt=now
    ):
        cancel_outdated(consultation)
        for step in steps(consultation, now):
            if is_due(consultation, step, now):
                written += _plan_step(consultation, step, now)
    return written


def _plan_step(consultation, step, now):
    drafts = _with_fates(consultation, step, now).filter(fate=Fate.REMINDED)
    ids = list(drafts.values_list("pk", flat=True))
    return sum(_remind(pk, consultation, step, now) for pk in ids)


def _with_fates(consultation, step, at):
    """Return the drafts of a call, each with its `fate` if this step were taken then."""
    return (
        consultation.submissions.drafts()
        .filter(amends=None)
        .annotate(
            fate=Case(
                When(
                    wants_reminders=False,
                    reminders_stopped_at__isnull=False,
                    then=Value(Fate.STOPPED),
                ),
                When(wants_reminders=False, then=Value(Fate.NOT_ASKED)),
                When(email="", then=Value(Fate.NO_ADDRESS)),
                When(created_at__gte=step.due_at, then=Value(Fate.BEGUN_SINCE)),
                When(reminded_at__gte=step.due_at, then=Value(Fate.HAS_IT)),
                When(reminded_at__gt=at - BETWEEN_TWO, then=Value(Fate.JUST_REMINDED)),
                default=Value(Fate.REMINDED),
                output_field=models.CharField(),
            )
        )
    )


@transaction.atomic
def _remind(pk, consultation, step, now):
    """Write one reminder, unless a planner beside this one just did."""
    drafts = _with_fates(consultation, step, now).filter(fate=Fate.REMINDED, pk=pk)
    draft = drafts.select_for_update(skip_locked=True).first()
    if draft is None:
        return 0
    outbox.enqueue(
        emails.DEADLINE_REMINDER,
        # A closing date that moves makes new reminders; the same date never makes two.
        key=f"{_keys_of(consultation)}{step.days}:{draft.pk}",
        to=draft.email,
        context={
            "submission": draft.pk,
            "days": step.days,
            "closing": emails.as_version(consultation.closes_at),
        },
        about=draft.about,
        expires_at=consultation.closes_at,
    )
    draft.reminded_at = now
    draft.save(update_fields=["reminded_at"])
    return 1


def _keys_of_all(consultation):
    """Return how the key of each reminder of a call begins, whatever its closing date."""
    return f"{emails.DEADLINE_REMINDER}:{consultation.pk}:"


def _keys_of(consultation):
    """Return how the keys of reminders of the closing date that holds begin."""
    return f"{_keys_of_all(consultation)}{emails.as_version(consultation.closes_at)}:"


@transaction.atomic
def cancel_outdated(consultation):
    """Cancel what waits to remind of another closing date; return how many.

    Their drafts count as not reminded, so that the next step of the new date is theirs.
    """
    outdated = OutgoingEmail.objects.filter(
        key__startswith=_keys_of_all(consultation)
    ).exclude(key__startswith=_keys_of(consultation))
    cancelled = outbox.cancel(outdated)
    drafts = [email.context["submission"] for email in cancelled]
    Submission.objects.filter(pk__in=drafts).update(reminded_at=None)
    return len(cancelled)


def count_as_reminded(now=None):
    """Count all drafts as reminded now, after the database went back in time.

    They may have been, by what has been forgotten since. A step that comes due soon is
    only put off: nobody is reminded twice within `BETWEEN_TWO`. Returns how many.
    """
    drafts = Submission.objects.drafts().filter(amends=None)
    return drafts.update(reminded_at=now or timezone.now())


def forecast(consultation, step, at):
    """Return the `Forecast` of a step as the drafts are now: counts, and nothing else."""
    fates = _with_fates(consultation, step, at).order_by().values_list("fate")
    counts = dict(fates.annotate(Count("pk")))
    reminded = counts.pop(Fate.REMINDED, 0)
    others = [(str(fate.label), counts[fate]) for fate in Fate if fate in counts]
    return Forecast(step, at, reminded, others)


def forecasts(consultation, now=None):
    """Return the `Forecast` of each step that is still to come, for when it is due."""
    now = now or timezone.now()
    coming = [step for step in steps(consultation, now) if not step.is_over]
    return [
        forecast(consultation, step, max(step.due_at, now, consultation.opens_at))
        for step in coming
    ]


def dry_run(consultation, at):
    """Return the `Forecast`s of what the planner would do at a moment; none is written."""
    return [
        forecast(consultation, step, at)
        for step in steps(consultation, at)
        if is_due(consultation, step, at)
    ]


def written(consultation):
    """Return, by days before closing, how many reminders of the date that holds there
    are in each state: {14: {"sent": 3}}.
    """
    reminders = OutgoingEmail.objects.filter(key__startswith=_keys_of(consultation))
    days = Cast(F("context__days"), models.IntegerField())
    counted = reminders.order_by().values_list(days, "state").annotate(Count("pk"))
    by_days = defaultdict(dict)
    for step_days, state, count in counted:
        by_days[step_days][State(state)] = count
    return dict(by_days)
