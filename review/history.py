"""What happened to a submission and what staff did with it, in words. Not who looked."""

import datetime as dt
from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from submissions.models import LateRequest

from . import audit
from .models import Assignment, AuditEntry

# What the audit log's `what` says, in words; `to` is a member of staff, where it has one.
DID = {
    "assigned": gettext_lazy("Assigned to %(to)s"),
    "released": gettext_lazy("Assigned to nobody"),
    "noted": gettext_lazy("Wrote a note"),
    "note-changed": gettext_lazy("Changed a note"),
    "note-deleted": gettext_lazy("Deleted a note"),
    "redact": gettext_lazy("Redacted words"),
    "lift": gettext_lazy("Undid a redaction"),
}
# A page shows no more of what staff did.
NEWEST = 30


@dataclass(frozen=True)
class Event:
    at: dt.datetime
    what: str
    # A member of staff; None for the respondent and for the portal itself.
    who: str | None = None


def of(submission):
    """Return the `Event`s, newest first."""
    events = [
        *_of_the_respondent(submission),
        *_of_staff(submission),
        *_of_publishing(submission),
    ]
    return sorted(events, key=lambda event: event.at, reverse=True)


def _of_the_respondent(submission):
    yield Event(submission.submitted_at, _("Sent"))
    sendings = submission.revisions.values_list("number", "sent_at", "sent_from")
    for number, sent_at, sent_from in sendings:
        if sent_from is None and number > 1:
            yield Event(sent_at, _("The respondent chose anew what may be published"))
        elif number > 1:
            yield Event(sent_at, _("The respondent sent changes"))
    request = LateRequest.objects.filter(submission=submission).first()
    if request:
        yield Event(request.asked_at, _("The respondent asked to be accepted late"))
        if request.is_decided:
            words = (
                _("Accepted late") if request.is_accepted else _("Not accepted late")
            )
            yield Event(request.decided_at, words, str(request.decided_by or ""))


def _of_publishing(submission):
    decisions = submission.publishing_decisions.select_related("decided_by")
    for decision in decisions:
        who = str(decision.decided_by or "")
        yield Event(decision.decided_at, decision.get_what_display(), who)


def _of_staff(submission):
    for reading in submission.readings.select_related("user"):
        yield Event(reading.read_at, _("Marked as read"), str(reading.user))
    entries = _entries_about(submission)
    yield from map(_in_words, entries)
    yield from _assigned_with_others(submission, entries)


def _entries_about(submission):
    done = AuditEntry.objects.filter(
        about_type=submission._meta.label_lower,
        about_id=str(submission.pk),
        action=audit.CHANGE,
        status__lt=400,
        details__what__in=list(DID),
    )
    entries = list(done.select_related("user")[:NEWEST])
    given_to = {entry.details.get("to") for entry in entries} - {None}
    names = get_user_model().objects.in_bulk(given_to)
    for entry in entries:
        entry.to = names.get(entry.details.get("to"), _("an account that is deleted"))
    return entries


def _in_words(entry):
    words = DID[entry.details["what"]] % {"to": entry.to}
    return Event(entry.at, words, str(entry.user))


def _assigned_with_others(submission, entries):
    """Yield how it got to whoever has it, when the list did that for several at once.

    The audit log's entry is then about the list.
    """
    found = Assignment.objects.filter(submission=submission)
    assignment = found.select_related("user", "assigned_by").first()
    if assignment is None or any(
        entry.details["what"] == "assigned" and entry.at >= assignment.assigned_at
        for entry in entries
    ):
        return
    words = DID["assigned"] % {"to": assignment.user}
    yield Event(assignment.assigned_at, words, str(assignment.assigned_by or ""))
