"""What the portal writes to respondents, composed when it is sent."""

import datetime as dt
import secrets

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import timezone

from outbox.kinds import URGENT, Kind, register
from outbox.messages import render
from outbox.models import OutgoingEmail

from . import journey
from .models import Invitation, ResumeLink, Submission, hash_of

ACKNOWLEDGEMENT = "acknowledgement"
RESUME_LINK = "resume-link"
DEADLINE_REMINDER = "deadline-reminder"
INVITATION = "invitation"

RESUME_LINK_DAYS = 30
RESUME_LINKS_PER_HOUR = 3
INVITATIONS_PER_HOUR = 3
# An office may send several responses in an afternoon; nobody's mailbox is to be flooded.
ACKNOWLEDGEMENTS_PER_HOUR = 10
SUBMISSIONS_PER_EMAIL = 20


def acknowledgement(email):
    submission = _submission_of(email)
    return render(
        "submissions/emails/acknowledgement.txt",
        {"submission": submission, "consultation": submission.consultation},
    )


def resume_link(email):
    entries = [
        {"submission": submission, "url": _new_resume_url(submission, email.to_email)}
        for submission in _started_or_sent(email.to_email)
    ]
    invited = [
        {"submission": invitation.submission, "url": new_guest_url(invitation)}
        for invitation in _invited_to(email.to_email)
    ]
    return render(
        "submissions/emails/resume_link.txt",
        {"entries": entries, "invited": invited, "days": RESUME_LINK_DAYS},
    )


def invitation(email):
    invitation = Invitation.objects.select_related("submission__consultation").get(
        pk=email.context["invitation"]
    )
    context = {
        "invitation": invitation,
        "sender": invitation.submission.sender_to_name,
        "consultation": invitation.submission.consultation,
        "parts": journey.titles_of(invitation),
        "url": new_guest_url(invitation),
        "days": RESUME_LINK_DAYS,
    }
    return render("submissions/emails/invitation.txt", context)


def deadline_reminder(email):
    submission = _submission_of(email)
    stop_url = _site_url("submissions:reminders", stop_token(submission))
    context = {
        "submission": submission,
        "consultation": submission.consultation,
        "parts": journey.parts(submission),
        "resume_url": _new_resume_url(submission, email.to_email),
        "stop_url": stop_url,
    }
    headers = {
        "List-Unsubscribe": f"<{stop_url}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    return render("submissions/emails/deadline_reminder.txt", context, headers)


def is_acknowledgement_wanted(email):
    return _sent_this_hour(email) < ACKNOWLEDGEMENTS_PER_HOUR


def is_link_wanted(email):
    """Whether there is something to link to, and not three such emails this hour."""
    return _sent_this_hour(email) < RESUME_LINKS_PER_HOUR and (
        _started_or_sent(email.to_email).exists()
        or _invited_to(email.to_email).exists()
    )


def is_invitation_wanted(email):
    """Whether it stands, to something unsent, and not three such emails this hour."""
    standing = Invitation.objects.to_drafts().filter(pk=email.context["invitation"])
    return _sent_this_hour(email) < INVITATIONS_PER_HOUR and standing.exists()


def _sent_this_hour(email):
    return OutgoingEmail.objects.filter(
        kind=email.kind,
        to_email__iexact=email.to_email,
        sent_at__gt=timezone.now() - dt.timedelta(hours=1),
    ).count()


def is_reminder_wanted(email):
    """Whether it is still a draft, to the same address, that asked to be reminded."""
    waiting = Submission.objects.awaiting_reminder().of_address(email.to_email)
    return waiting.filter(pk=email.context["submission"]).exists()


def stop_token(submission):
    """Return the signed token of a "stop reminders" link; it can do nothing else."""
    return signing.dumps(submission.pk, salt="stop-reminders")


def submission_of_stop_token(token):
    """Return the id that `stop_token` signed; raises signing.BadSignature."""
    return signing.loads(token, salt="stop-reminders")


def _submission_of(email):
    return Submission.objects.select_related("consultation").get(
        pk=email.context["submission"]
    )


def _started_or_sent(address):
    everything = Submission.objects.of_address(address).select_related("consultation")
    return everything.order_by("-saved_at")[:SUBMISSIONS_PER_EMAIL]


def _invited_to(address):
    invitations = Invitation.objects.to_drafts().of_address(address)
    invitations = invitations.select_related("submission__consultation")
    return invitations.order_by("-created_at")[:SUBMISSIONS_PER_EMAIL]


def _new_resume_url(submission, address):
    """Make a link to all of a submission and return its address."""
    return _new_url(submission=submission, sent_to=address)


def new_guest_url(invitation):
    """Make a link to the parts of an invitation and return its address."""
    return _new_url(
        submission=invitation.submission,
        invitation=invitation,
        sent_to=invitation.email,
    )


def _new_url(**opens):
    """Make a link and return its address; the token itself is kept nowhere."""
    token = secrets.token_urlsafe(32)
    ResumeLink.objects.create(
        token_hash=hash_of(token),
        expires_at=timezone.now() + dt.timedelta(days=RESUME_LINK_DAYS),
        **opens,
    )
    return _site_url("submissions:resume", token)


def _site_url(name, *args):
    return settings.SITE_URL + reverse(name, args=args)


for kind in (
    Kind(
        ACKNOWLEDGEMENT,
        acknowledgement,
        is_acknowledgement_wanted,
        when_unsure="resend",
    ),
    Kind(
        RESUME_LINK,
        resume_link,
        is_link_wanted,
        when_unsure="resend",
        backoff=URGENT,
        is_private=True,
    ),
    Kind(
        INVITATION,
        invitation,
        is_invitation_wanted,
        when_unsure="resend",
        backoff=URGENT,
        is_private=True,
    ),
    Kind(
        DEADLINE_REMINDER,
        deadline_reminder,
        is_reminder_wanted,
        when_unsure="hold",
        is_bulk=True,
        is_private=True,
    ),
):
    register(kind)
