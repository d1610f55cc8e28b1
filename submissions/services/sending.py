"""Sending, and the emails that a respondent asks for."""

import datetime as dt
import uuid

from django.db.models.functions import Now
from django.utils import timezone

from consultations.models import PrivacyNotice
from outbox.models import OutgoingEmail
from outbox.services import enqueue
from submissions import emails, reading
from submissions.compiled import compiled
from submissions.models import Submission
from submissions.references import new_reference

from .amendments import send_changes
from .drafts import (
    AlreadySubmitted,
    locked_draft,
    refuse_closed,
    refuse_what_is_missing,
    sign_off,
)
from .revisions import keep_revision
from .sent import tell

LINK_REQUESTS_PER_HOUR = 10


def submit(submission, *, signed_off_by=""):
    """Close a draft for good and write its acknowledgement in the same transaction.

    Returns the submission with its reference, of an amendment the one that it amends;
    sending it again changes nothing and returns the same. Raises ConsultationClosed or
    Incomplete (what several people wrote needs somebody who signs it off), and for an
    amendment what `send_changes` does.
    """
    if submission.amends_id:
        return send_changes(submission, signed_off_by=signed_off_by)
    try:
        with locked_draft(submission) as draft:
            refuse_closed(draft)
            sign_off(draft, signed_off_by)
            read = reading.whole(draft)
            refuse_what_is_missing(draft, read)
            draft.reference = new_reference(draft.consultation.reference_prefix)
            draft.is_late = not draft.was_in_time
            # Not before what it may have waited for: staff who accept it late, another notice.
            [notice] = _newest_notice(draft.consultation_id) or [None]
            draft.privacy_notice = notice
            draft.submitted_at = notice.found_at if notice else draft.asked_at
            draft.save(
                update_fields=["reference", "submitted_at", "is_late", "privacy_notice"]
            )
            keep_revision(
                draft,
                read=read,
                sent_from=draft.key,
                sent_at=draft.submitted_at,
                number=1,
            )
            tell(draft, emails.ACKNOWLEDGEMENT)
            return draft
    except AlreadySubmitted:
        # A second click, a second tab, a browser that asked twice: one receipt.
        submission.refresh_from_db()
        return submission


@compiled
def _newest_notice(call):
    notices = PrivacyNotice.objects.filter(consultation=call)
    return notices.annotate(found_at=Now()).order_by("-number")[:1]


def request_link(address_or_reference):
    """Write an email that leads back to what an address has started or sent.

    A reference stands for the address that its response holds. The same happens for
    every address: whether there is anything is looked up when the email is sent, so that
    the page tells nobody who has a draft. Nor is the table a place to fill up: beyond ten
    requests an hour for one address nothing is written.
    """
    address = _address_of(address_or_reference)
    asked = OutgoingEmail.objects.filter(
        kind=emails.RESUME_LINK,
        to_email__iexact=address,
        created_at__gt=timezone.now() - dt.timedelta(hours=1),
    )
    if not address or asked.count() >= LINK_REQUESTS_PER_HOUR:
        return
    enqueue(
        emails.RESUME_LINK,
        key=f"resume-link:{uuid.uuid4()}",
        to=address,
        context={},
    )


def _address_of(address_or_reference):
    if "@" in address_or_reference:
        return address_or_reference
    found = Submission.objects.filter(reference=address_or_reference)
    return found.values_list("email", flat=True).first() or ""


def stop_reminders(submission_id):
    """Remind the owner of this submission no more, of any draft for the same call."""
    submission = Submission.objects.filter(pk=submission_id).first()
    if submission:
        same_call = Submission.objects.filter(consultation=submission.consultation_id)
        same_call.of_address(submission.email).filter(wants_reminders=True).update(
            wants_reminders=False, reminders_stopped_at=Now()
        )
