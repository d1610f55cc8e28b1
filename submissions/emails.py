"""What the portal writes to respondents, composed when it is sent."""

import datetime as dt
import secrets
from dataclasses import replace
from functools import cache, wraps

from django.conf import settings
from django.core import signing
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from consultations.models import Consultation
from consultations.uk_time import in_words
from outbox import messages
from outbox.kinds import URGENT, Kind, register

from . import calls, journey
from .compiled import OneOf, compiled
from .email_wordings import LETTERS, about_person, compose, sample_message
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
WORDING_TEST = "wording-test"

RESUME_LINK_DAYS = 30
RESUME_LINKS_PER_HOUR = 3
INVITATIONS_PER_HOUR = 3
# An office may send several responses in an afternoon; nobody's mailbox is to be flooded.
ACKNOWLEDGEMENTS_PER_HOUR = 10
SUBMISSIONS_PER_EMAIL = 20
TESTS_PER_HOUR = 30


def to_respondent(compose):
    """Give `compose` the submission, and write in the language in which it was begun."""

    @wraps(compose)
    def composed(email):
        submission = getattr(email, "submission", None) or _submission_of(email)
        with override(submission.language or settings.LANGUAGE_CODE):
            return compose(email, submission)

    return composed


def _submission_of(email):
    submissions = Submission.objects.select_related("consultation")
    return submissions.get(pk=email.context["submission"])


def load_submissions(emails):
    """Fetch what these emails are about in one query, with calls that are in memory."""
    wanted = [email.context["submission"] for email in emails]
    found = {submission.pk: submission for submission in _with_edition(wanted)}
    for submission in found.values():
        submission.consultation = calls.read(
            submission.consultation_id, submission.edition
        )
    for email in emails:
        email.submission = found.get(email.context["submission"])


@compiled
def _with_edition(pks):
    return Submission.objects.with_edition().filter(pk__in=OneOf(pks))


@to_respondent
def acknowledgement(email, submission):
    return _write(
        "acknowledgement",
        submission,
        time=submission.submitted_at,
        link=_site_url("submissions:request_link"),
    )


@to_respondent
def intake_acknowledgement(email, submission):
    """Lead the sender of an email or a letter to what staff made of it."""
    return _write(
        "intake-acknowledgement",
        submission,
        time=submission.submitted_at,
        channel=submission.get_channel_display().lower(),
        publication_choice=submission.get_publication_display(),
        link=_new_resume_url(submission, email.to_email),
    )


@to_respondent
def change_acknowledgement(email, submission):
    revision = submission.revisions.get(number=email.context["number"])
    return _write("change-acknowledgement", submission, time=revision.sent_at)


@to_respondent
def publication_change(email, submission):
    choice = submission.get_publication_display()
    return _write("publication-change", submission, publication_choice=choice)


@to_respondent
def withdrawal(email, submission):
    return _write("withdrawal", submission, time=submission.withdrawn_at)


@to_respondent
def late_request(email, submission):
    return _write("late-request", submission, time=submission.late_request.asked_at)


@to_respondent
def late_decision(email, submission):
    request = submission.late_request
    link = _new_resume_url(submission, email.to_email)
    about = {"reason": request.decision, "link": link}
    if request.is_accepted:
        until = submission.accepted_until
        return _write("late-decision-accepted", submission, until=until, **about)
    return _write("late-decision-refused", submission, **about)


def late_request_notice(email):
    """Tell staff that somebody asks; of the draft itself it says nothing."""
    request = LateRequest.objects.select_related("submission__consultation").get(
        pk=email.context["late_request"]
    )
    url = _site_url("admin:submissions_laterequest_change", request.pk)
    return _write("late-request-notice", request.submission, link=url)


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
        links = messages.text_of(
            "submissions/emails/_links.txt", {"entries": entries, "invited": invited}
        )
        # The links may lead to several calls: the newest one's wording says it.
        return _write("resume-link", first, links=links, days=RESUME_LINK_DAYS)


def invitation(email):
    invitation = Invitation.objects.select_related("submission__consultation").get(
        pk=email.context["invitation"]
    )
    submission = invitation.submission
    sender = submission.sender_to_name
    with override(submission.language or settings.LANGUAGE_CODE):
        return _write(
            "invitation",
            submission,
            to=invitation.name_to_greet,
            flags={"has_sender": bool(sender)},
            sender=sender or _("Somebody"),
            parts="\n".join(f"- {title}" for title in journey.titles_of(invitation)),
            until=submission.accepts_until,
            link=new_guest_url(invitation),
            days=RESUME_LINK_DAYS,
        )


@to_respondent
def deadline_reminder(email, submission):
    stop_url = _site_url("submissions:reminders", stop_token(submission))
    headers = {
        "List-Unsubscribe": f"<{stop_url}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    parts = journey.parts(submission)
    return _write(
        "deadline-reminder",
        submission,
        headers=headers,
        parts="\n".join(f"- {part.title}: {part.detail}" for part in parts),
        link=_new_resume_url(submission, email.to_email),
        stop_link=stop_url,
    )


def wording_test(email):
    """Show a member of staff a wording, also one that is not in use, on made-up data."""
    letter = LETTERS[email.context["letter"]]
    consultation = Consultation.objects.get(pk=email.context["consultation"])
    subject, body = email.context["subject"], email.context["body"]
    said = sample_message(letter, consultation, subject, body)
    return replace(said, subject=_("TEST: %(subject)s") % {"subject": said.subject})


def _write(letter, submission, *, to=None, headers=None, flags=None, **values):
    """Return the message of this letter, to the submission's respondent or to a name."""
    name = submission.name_to_greet if to is None else to
    filled = about_person(name) | {"reference": submission.reference}
    for placeholder, value in values.items():
        if isinstance(value, dt.datetime):
            value = in_words(value)
        filled[placeholder.replace("_", " ")] = value
    return compose(
        LETTERS[letter],
        submission.consultation,
        filled,
        headers=headers,
        **(flags or {}),
    )


def is_always_wanted(email):
    return True


def is_decision_wanted(email):
    """Whether the address is still the respondent's: the email opens the response."""
    own = Submission.objects.of_address(email.to_email)
    return own.filter(pk=email.context["submission"]).exists()


def is_notice_wanted(email):
    """Whether staff still have to decide; however many ask in the hour after closing."""
    undecided = LateRequest.objects.filter(is_accepted=None)
    return undecided.filter(pk=email.context["late_request"]).exists()


def is_link_wanted(email):
    """Whether there is something to link to."""
    address = email.to_email
    return _started_or_sent(address).exists() or _invited_to(address).exists()


def is_invitation_wanted(email):
    """Whether it stands, to something unsent."""
    drafts = Invitation.objects.to_drafts()
    return drafts.filter(pk=email.context["invitation"]).exists()


def is_reminder_wanted(email):
    """Whether it is still a draft, to the same address, that asked to be reminded, and
    of the closing date that holds.
    """
    waiting = Submission.objects.awaiting_reminder().of_address(email.to_email)
    draft = waiting.filter(pk=email.context["submission"])
    closes_at = draft.values_list("consultation__closes_at", flat=True).first()
    return closes_at is not None and email.context.get("closing") in (
        None,
        as_version(closes_at),
    )


def as_version(closes_at):
    """Return a closing date as reminders of it carry it: another one makes new ones."""
    return f"{closes_at.astimezone(dt.UTC):%Y%m%dT%H%M}"


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
    path = reverse(name, args=args) if args else _path_of(name)
    return settings.SITE_URL + path


# A page without arguments has one path, for as long as a process lives.
_path_of = cache(reverse)


def _label_of(name):
    if name == LATE_DECISION:
        return gettext_lazy("Decision about late acceptance")
    if name == WORDING_TEST:
        return gettext_lazy("Test of a wording")
    return LETTERS[name].title


LOADED = {"load": load_submissions}
ACKNOWLEDGES = LOADED | {"per_hour": ACKNOWLEDGEMENTS_PER_HOUR}
FROM_MEMORY = ACKNOWLEDGES | {"is_from_memory": True}
# Whose drafts they are is nobody's business.
PRIVATE = {"is_private": True}

for name, compose_it, is_wanted, options in (
    (ACKNOWLEDGEMENT, acknowledgement, is_always_wanted, FROM_MEMORY),
    (CHANGE_ACKNOWLEDGEMENT, change_acknowledgement, is_always_wanted, ACKNOWLEDGES),
    (PUBLICATION_CHANGE, publication_change, is_always_wanted, FROM_MEMORY),
    (WITHDRAWAL, withdrawal, is_always_wanted, FROM_MEMORY),
    (INTAKE_ACKNOWLEDGEMENT, intake_acknowledgement, is_decision_wanted, ACKNOWLEDGES),
    (LATE_REQUEST_NOTICE, late_request_notice, is_notice_wanted, {}),
    (
        WORDING_TEST,
        wording_test,
        is_always_wanted,
        {"backoff": URGENT, "per_hour": TESTS_PER_HOUR},
    ),
    (LATE_REQUEST, late_request, is_always_wanted, ACKNOWLEDGES | PRIVATE),
    (LATE_DECISION, late_decision, is_decision_wanted, LOADED | PRIVATE),
    (
        RESUME_LINK,
        resume_link,
        is_link_wanted,
        PRIVATE | {"backoff": URGENT, "per_hour": RESUME_LINKS_PER_HOUR},
    ),
    (
        INVITATION,
        invitation,
        is_invitation_wanted,
        PRIVATE | {"backoff": URGENT, "per_hour": INVITATIONS_PER_HOUR},
    ),
    (
        DEADLINE_REMINDER,
        deadline_reminder,
        is_reminder_wanted,
        LOADED | PRIVATE | {"is_bulk": True, "when_unsure": "hold"},
    ),
):
    register(
        Kind(
            name,
            compose_it,
            is_wanted,
            label=_label_of(name),
            **({"when_unsure": "resend"} | options),
        )
    )
