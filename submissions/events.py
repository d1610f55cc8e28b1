"""What has happened to a response, for its respondent: what was done, and what we wrote."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce, Now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations import uk_time
from outbox.models import OutgoingEmail, State

from . import emails
from .models import Channel, LateRequest, ResumeLink

# The kinds that a respondent is told of: not what we write to staff.
KINDS = {
    emails.ACKNOWLEDGEMENT: gettext_lazy("We have received your evidence"),
    emails.INTAKE_ACKNOWLEDGEMENT: gettext_lazy("We have received your evidence"),
    emails.CHANGE_ACKNOWLEDGEMENT: gettext_lazy("We have received your changes"),
    emails.PUBLICATION_CHANGE: gettext_lazy("You changed what may be published"),
    emails.WITHDRAWAL: gettext_lazy("You have withdrawn your response"),
    emails.LATE_REQUEST: gettext_lazy("You asked us to accept it late"),
    emails.LATE_DECISION: gettext_lazy("Our answer to your request"),
    emails.RESUME_LINK: gettext_lazy("A link to your response"),
    emails.DEADLINE_REMINDER: gettext_lazy("A reminder of the closing date"),
}
STATES = {
    State.PENDING: gettext_lazy("Waiting to be sent"),
    State.SENDING: gettext_lazy("Being sent"),
    State.ASKED: gettext_lazy("Being sent"),
    State.RETRY: gettext_lazy("Waiting to be tried again"),
    State.SENT: gettext_lazy("Sent"),
    State.DEAD: gettext_lazy("Could not be delivered"),
    State.UNKNOWN: gettext_lazy("May have arrived"),
    State.CANCELLED: gettext_lazy("Not sent: no longer needed"),
}


@dataclass(frozen=True)
class Event:
    at: dt.datetime
    what: str


@dataclass(frozen=True)
class SentEmail:
    """One email as its respondent is told of it: never what it said."""

    kind: str
    what: str
    to: str
    at: dt.datetime
    state: str
    in_words: str


def of(submission):
    """Return an `Event` for each thing that happened, in order."""
    events = [
        *_sendings(submission),
        *_about_being_late(submission),
    ]
    if submission.withdrawn_at:
        events.append(Event(submission.withdrawn_at, _("You withdrew it")))
    if submission.published_at:
        events.append(Event(submission.published_at, _("Locality published it")))
    return sorted(events, key=lambda event: event.at)


def _sendings(submission):
    if submission.channel == Channel.EMAIL:
        yield Event(submission.submitted_at, _("We received it by email"))
    elif submission.channel == Channel.POST:
        yield Event(submission.submitted_at, _("We received it by post"))
    else:
        yield Event(submission.created_at, _("You began your response"))
        if submission.is_submitted:
            yield Event(submission.submitted_at, _("You sent it"))
    for number, sent_at, sent_from in submission.revisions.values_list(
        "number", "sent_at", "sent_from"
    ):
        if sent_from is None:
            yield Event(sent_at, _("You changed what may be published"))
        elif number > 1:
            yield Event(sent_at, _("You sent changes"))


def _about_being_late(submission):
    request = LateRequest.objects.filter(submission=submission).first()
    if request:
        yield Event(request.asked_at, _("You asked us to accept it late"))
        if request.is_accepted:
            yield Event(request.decided_at, _("Locality accepted it late"))
        elif request.is_decided:
            yield Event(request.decided_at, _("Locality did not accept it late"))


def standing(submission):
    """Say in a sentence where a response stands now."""
    if submission.is_withdrawn:
        return _("You have withdrawn it. Locality will not use or publish it.")
    if submission.published_at:
        return _("Locality has read it and published it.")
    if submission.is_submitted and not submission.consultation.is_accepting:
        return _("We have it, and Locality is reading the responses.")
    if submission.is_submitted:
        words = _("We have it. Locality reads it after the call closes, at %(moment)s.")
    elif submission.is_accepting:
        words = _("It is not sent yet. You can send it until %(until)s.")
    else:
        words = _("It was not sent before the call closed, at %(moment)s.")
    return words % {
        "moment": uk_time.in_words(submission.consultation.closes_at),
        "until": uk_time.in_words(
            submission.accepts_until or submission.consultation.closes_at
        ),
    }


def emails_about(submission):
    """Return a `SentEmail` for each email to the respondent about it, newest first.

    Links go to an address, for all that it has begun or sent: those that led to this one.
    Others say who else has a response, to anybody who types an address into a draft.
    """
    link = ResumeLink.objects.filter(
        submission=submission,
        invitation=None,
        sent_to__iexact=OuterRef("to_email"),
        created_at__gte=OuterRef("created_at"),
        created_at__lte=Coalesce(OuterRef("sent_at"), Now()),
    )
    about = Q(context__submission=submission.pk) | (
        Q(kind=emails.RESUME_LINK) & Q(Exists(link))
    )
    found = OutgoingEmail.objects.filter(about, kind__in=KINDS)
    return [
        SentEmail(
            kind=email.kind,
            what=str(KINDS[email.kind]),
            to=email.to_email,
            at=email.sent_at or email.created_at,
            state=email.state,
            in_words=str(STATES[State(email.state)]),
        )
        for email in found.order_by("-created_at")
    ]
