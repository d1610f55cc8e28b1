"""Sending, and the emails that a respondent asks for."""

import datetime as dt
import uuid

from django.db.models.functions import Now
from django.utils import timezone

from outbox.models import OutgoingEmail
from outbox.services import enqueue
from submissions import emails
from submissions.models import Submission
from submissions.references import new_reference

from .drafts import AlreadySubmitted, Incomplete, missing_from, open_draft

ACKNOWLEDGE_WITHIN = dt.timedelta(days=7)
LINK_REQUESTS_PER_HOUR = 10


def submit(submission, *, signed_off_by=""):
    """Close a draft for good and write its acknowledgement in the same transaction.

    Returns the submission with its reference; sending it again changes nothing and
    returns the same. Raises ConsultationClosed or Incomplete: what several people wrote
    needs somebody who signs it off.
    """
    try:
        with open_draft(submission) as draft:
            draft.signed_off_by = signed_off_by or draft.signed_off_by
            missing = missing_from(draft)
            if draft.invitations.exists() and not draft.signed_off_by:
                missing.append("signed_off_by")
            if missing:
                raise Incomplete(missing)
            draft.reference = new_reference(draft.consultation.reference_prefix)
            draft.submitted_at = Now()
            draft.privacy_notice = draft.consultation.privacy_notice
            draft.save(
                update_fields=[
                    "reference",
                    "submitted_at",
                    "signed_off_by",
                    "privacy_notice",
                ]
            )
            if draft.email:
                enqueue(
                    emails.ACKNOWLEDGEMENT,
                    key=f"acknowledgement:{draft.pk}",
                    to=draft.email,
                    context={"submission": draft.pk},
                    expires_at=timezone.now() + ACKNOWLEDGE_WITHIN,
                )
    except AlreadySubmitted:
        # A second click, a second tab, a browser that asked twice: one receipt.
        pass
    submission.refresh_from_db()
    return submission


def request_link(address):
    """Write an email that leads back to what this address has started or sent.

    The same happens for every address: whether there is anything is looked up when
    the email is sent, so that the page tells nobody who has a draft. Nor is the table
    a place to fill up: beyond ten requests an hour for one address nothing is written.
    """
    asked = OutgoingEmail.objects.filter(
        kind=emails.RESUME_LINK,
        to_email__iexact=address,
        created_at__gt=timezone.now() - dt.timedelta(hours=1),
    )
    if asked.count() >= LINK_REQUESTS_PER_HOUR:
        return
    enqueue(
        emails.RESUME_LINK,
        key=f"resume-link:{uuid.uuid4()}",
        to=address,
        context={},
    )


def stop_reminders(submission_id):
    """Remind the owner of this submission no more, of any draft for the same call."""
    submission = Submission.objects.filter(pk=submission_id).first()
    if submission:
        same_call = Submission.objects.filter(consultation=submission.consultation_id)
        same_call.of_address(submission.email).update(wants_reminders=False)
