"""The emails about a submission, on the page on which staff read it."""

from dataclasses import dataclass

from django import template

from outbox import kinds
from outbox.models import UNDELIVERED, OutgoingEmail
from outbox.words import masked, what_happened
from review import roles

register = template.Library()

MOST = 20


@dataclass(frozen=True)
class ShownEmail:
    """One email as staff are told of it: never what it said."""

    what: str
    to: str
    state: str
    at: object
    outcome: str
    has_failed: bool


@register.inclusion_tag("review/emails/_card.html", takes_context=True)
def emails_card(context, submission):
    """Show what was written about a submission, and what became of it."""
    found = OutgoingEmail.objects.filter(about=submission.about)
    emails = [_shown(email) for email in found.order_by("-created_at")[:MOST]]
    request = context["request"]
    return {
        "request": request,
        "csrf_token": context.get("csrf_token", ""),
        "submission": submission,
        "emails": emails,
        "has_failed": any(email.has_failed for email in emails),
        "may_send_again": request.user.has_perm(roles.MODERATE),
    }


def _shown(email):
    return ShownEmail(
        what=kinds.label(email.kind),
        to=masked(email.to_email),
        state=email.get_state_display(),
        at=email.sent_at or email.created_at,
        outcome=what_happened(email),
        has_failed=email.state in UNDELIVERED,
    )
