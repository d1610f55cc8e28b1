"""What waits for somebody on the staff: each with how many, and where to do it."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from outbox.models import OutgoingEmail
from submissions.models import LateRequest

from . import figures, roles
from .finding.selection import Selection
from .models import Intake


@dataclass(frozen=True)
class Waiting:
    words: str
    count: int
    url: str


def for_user(user, call):
    """Return a `Waiting` for everything that this person may do, 0 to do included."""
    return [
        Waiting(words, count(user, call), reverse(f"admin:{page}") + query)
        for words, needed, count, page, query in KINDS
        if user.has_perm(needed)
    ]


def _unread(user, call):
    # As the list counts them: what was changed since is unread again. What a person has
    # read is less than what came in.
    query = f"?call={call.slug}" if call else ""
    received = Selection.from_string(query, user).count
    read = Selection.from_string(f"{query}&read=by-me", user).submissions.count()
    return max(0, received - read)


def _late_requests(user, call):
    undecided = LateRequest.objects.filter(decided_at=None)
    return undecided.filter(submission__consultation=call).count()


def _intakes(user, call):
    waiting = Intake.objects.waiting().filter(consultation=call)
    return waiting.exclude(handed_over_by=user).count()


def _provisional(user, call):
    return figures.provisional(call).count()


def _failed_emails(user, call):
    return OutgoingEmail.objects.undelivered().count()


# The words, the permission, what counts it, the name of the address, and its query.
KINDS = [
    (
        _("Submissions that you have not read"),
        roles.READ,
        _unread,
        "submissions_submission_changelist",
        "?read=not-by-me",
    ),
    (
        _("Requests to be accepted late"),
        roles.MODERATE,
        _late_requests,
        "submissions_laterequest_changelist",
        "",
    ),
    (
        _("Letters and emails to place or check"),
        roles.MODERATE,
        _intakes,
        "review_intake",
        "",
    ),
    (
        _("Questions whose wording is not confirmed"),
        "consultations.change_question",
        _provisional,
        "consultations_question_changelist",
        "?is_provisional__exact=1",
    ),
    (
        _("Emails that could not be delivered"),
        "outbox.view_outgoingemail",
        _failed_emails,
        "outbox_outgoingemail_changelist",
        "",
    ),
]
