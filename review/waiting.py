"""What waits for somebody on the staff: each with how many, and where to do it."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from outbox.models import OutgoingEmail
from submissions.models import LateRequest

from . import bounded, figures, roles
from .finding.selection import Selection
from .models import Intake


@dataclass(frozen=True)
class Waiting:
    words: str
    # As many, or where it `is_more`, more than that.
    count: int
    is_more: bool
    url: str


def for_user(user, call):
    """Return a `Waiting` for everything that this person may do, 0 to do included."""
    return [
        _waiting(words, find(user, call), reverse(f"admin:{page}") + query(call))
        for words, needed, find, page, query in KINDS
        if user.has_perm(needed)
    ]


def _waiting(words, rows, url):
    number = bounded.count_of(rows)
    is_more = number > bounded.AT_MOST
    return Waiting(words, min(number, bounded.AT_MOST), is_more, url)


def _as_it_is(query):
    return lambda call: query


def _unread_of(call):
    return f"?call={call.slug}&read=not-by-me" if call else "?read=not-by-me"


def _unread(user, call):
    return Selection.from_string(_unread_of(call), user).submissions


def _late_requests(user, call):
    undecided = LateRequest.objects.filter(decided_at=None)
    return undecided.filter(submission__consultation=call)


def _intakes(user, call):
    waiting = Intake.objects.waiting().filter(consultation=call)
    return waiting.exclude(handed_over_by=user)


def _provisional(user, call):
    return figures.provisional(call)


def _failed_emails(user, call):
    return OutgoingEmail.objects.undelivered()


# The words, the permission, what finds it, the name of the address, and its query.
KINDS = [
    (
        _("Submissions that you have not read"),
        roles.READ,
        _unread,
        "submissions_submission_changelist",
        _unread_of,
    ),
    (
        _("Requests to be accepted late"),
        roles.MODERATE,
        _late_requests,
        "submissions_laterequest_changelist",
        _as_it_is(""),
    ),
    (
        _("Letters and emails to place or check"),
        roles.MODERATE,
        _intakes,
        "review_intake",
        _as_it_is(""),
    ),
    (
        _("Questions whose wording is not confirmed"),
        "consultations.change_question",
        _provisional,
        "consultations_question_changelist",
        _as_it_is("?is_provisional__exact=1"),
    ),
    (
        _("Emails that could not be delivered"),
        "outbox.view_outgoingemail",
        _failed_emails,
        "outbox_outgoingemail_changelist",
        _as_it_is(""),
    ),
]
