"""What the portal writes to respondents, composed when it is sent."""

import datetime as dt
import secrets
from functools import wraps

from django.conf import settings
from django.core import signing
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from outbox.kinds import URGENT, Kind, register
from outbox.messages import render
from outbox.models import OutgoingEmail

from . import journey
from .models import Invitation, LateRequest, ResumeLink, Submission, hash_of

ACKNOWLEDGEMENT = "acknowledgement"
CHANGE_ACKNOWLEDGEMENT = "change-acknowledgement"
PUBLICATION_CHANGE = "publication-change"
WITHDRAWAL = "withdrawal"
LATE_REQUEST = "late-request"
LATE_REQUEST_NOTICE = "late-request-notice"
LATE_DECISION = "late-decision"
RESUME_LINK = "resume-link"
DEADLINE_REMINDER = "deadline-reminder"
INVITATION = "invitation"
INTAKE_ACKNOWLEDGEMENT = "intake-acknowledgement"

RESUME_LINK_DAYS = 30
RESUME_LINKS_PER_HOUR = 3
INVITATIONS_PER_HOUR = 3
# An office may send several responses in an afternoon; nobody's mailbox is to be flooded.
ACKNOWLEDGEMENTS_PER_HOUR = 10
SUBMISSIONS_PER_EMAIL = 20


def to_respondent(compose):
    """Give `compose` the submission, and write in the language in which it was begun."""

    @wraps(compose)
    def composed(email):
        submissions = Submission.objects.select_related("consultation")
        submission = submissions.get(pk=email.context["submission"])
        with override(submission.language or settings.LANGUAGE_CODE):
            return compose(email, submission)

    return composed


@to_respondent
def acknowledgement(email, submission):
    link_page = _site_url("submissions:request_link")
    return _render("acknowledgement", submission, link_page=link_page)


@to_respondent
def intake_acknowledgement(email, submission):
    """Lead the sender of an email or a letter to what staff made of it."""
    resume_url = _new_resume_url(submission, email.to_email)
    return _render("intake_acknowledgement", submission, resume_url=resume_url)


@to_respondent
def change_acknowledgement(email, submission):
    revision = submission.revisions.get(number=email.context["number"])
    return _render("change_acknowledgement", submission, changed_at=revision.sent_at)


@to_respondent
def publication_change(email, submission):
    return _render("publication_change", submission)


@to_respondent
def withdrawal(email, submission):
    return _render("withdrawal", submission)


@to_respondent
def late_request(email, submission):
    return _render("late_request", submission, request=submission.late_request)


@to_respondent
def late_decision(email, submission):
    return _render(
        "late_decision",
        submission,
        request=submission.late_request,
        resume_url=_new_resume_url(submission, email.to_email),
    )


def late_request_notice(email):
    """Tell staff that somebody asks; of the draft itself it says nothing."""
    request = LateRequest.objects.select_related("submission__consultation").get(
        pk=email.context["late_request"]
    )
    url = _site_url("admin:submissions_laterequest_change", request.pk)
    return _render("late_request_notice", request.submission, url=url)


def resume_link(email):
    found = list(_started_or_sent(email.to_email))
    invitations = list(_invited_to(email.to_email))
    # Somebody who is invited alone has no language of his own: the owner's will be his.
    [first, *_others] = found or [one.submission for one in invitations]
    with override(first.language or settings.LANGUAGE_CODE):
        entries = [
            {
                "submission": submission,
                "url": _new_resume_url(submission, email.to_email),
            }
            for submission in found
        ]
        invited = [
            {"submission": one.submission, "url": new_guest_url(one)}
            for one in invitations
        ]
        return render(
            "submissions/emails/resume_link.txt",
            {"entries": entries, "invited": invited, "days": RESUME_LINK_DAYS},
        )


def invitation(email):
    invitation = Invitation.objects.select_related("submission__consultation").get(
        pk=email.context["invitation"]
    )
    with override(invitation.submission.language or settings.LANGUAGE_CODE):
        context = {
            "invitation": invitation,
            "sender": invitation.submission.sender_to_name,
            "consultation": invitation.submission.consultation,
            "parts": journey.titles_of(invitation),
            "until": invitation.submission.accepts_until,
            "url": new_guest_url(invitation),
            "days": RESUME_LINK_DAYS,
        }
        return render("submissions/emails/invitation.txt", context)


@to_respondent
def deadline_reminder(email, submission):
    stop_url = _site_url("submissions:reminders", stop_token(submission))
    headers = {
        "List-Unsubscribe": f"<{stop_url}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    return _render(
        "deadline_reminder",
        submission,
        headers,
        parts=journey.parts(submission),
        resume_url=_new_resume_url(submission, email.to_email),
        stop_url=stop_url,
    )


def _render(name, submission, headers=None, **context):
    context |= {"submission": submission, "consultation": submission.consultation}
    return render(f"submissions/emails/{name}.txt", context, headers)


def is_acknowledgement_wanted(email):
    return _sent_this_hour(email) < ACKNOWLEDGEMENTS_PER_HOUR


def is_decision_wanted(email):
    """Whether the address is still the respondent's: the email opens the response."""
    own = Submission.objects.of_address(email.to_email)
    return own.filter(pk=email.context["submission"]).exists()


def is_intake_acknowledgement_wanted(email):
    return is_decision_wanted(email) and is_acknowledgement_wanted(email)


def is_notice_wanted(email):
    """Whether staff still have to decide; however many ask in the hour after closing."""
    undecided = LateRequest.objects.filter(is_accepted=None)
    return undecided.filter(pk=email.context["late_request"]).exists()


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


def _started_or_sent(address):
    """Return what leads back to this address; an amendment is reached through what it
    amends, also by an address that only the amendment has.
    """
    own = Q(email__iexact=address) | Q(amendment__email__iexact=address)
    everything = Submission.objects.filter(own, amends=None)
    newest = everything.select_related("consultation").order_by("-saved_at")
    return newest[:SUBMISSIONS_PER_EMAIL]


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
    *(
        Kind(name, compose, is_acknowledgement_wanted, when_unsure="resend")
        for name, compose in (
            (CHANGE_ACKNOWLEDGEMENT, change_acknowledgement),
            (PUBLICATION_CHANGE, publication_change),
            (WITHDRAWAL, withdrawal),
        )
    ),
    *(
        # About a draft: whose it is, is nobody's business.
        Kind(
            name,
            compose,
            is_wanted,
            when_unsure="resend",
            is_private=True,
        )
        for name, compose, is_wanted in (
            (LATE_REQUEST, late_request, is_acknowledgement_wanted),
            (LATE_DECISION, late_decision, is_decision_wanted),
        )
    ),
    Kind(
        INTAKE_ACKNOWLEDGEMENT,
        intake_acknowledgement,
        is_intake_acknowledgement_wanted,
        when_unsure="resend",
    ),
    Kind(
        LATE_REQUEST_NOTICE,
        late_request_notice,
        is_notice_wanted,
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
