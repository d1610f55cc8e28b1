"""After closing: a respondent asks to be accepted late, and staff decide."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from outbox.services import enqueue
from submissions import emails, reading
from submissions.models import LateRequest, Submission

from .drafts import Refused, locked_draft, missing_from
from .sent import tell
from .writing import keep_details

NOTICE_WITHIN = dt.timedelta(days=7)


class NotForAsking(Refused):
    """It is not late, is an amendment, or holds nothing that could be accepted."""


class AlreadyDecided(Refused):
    pass


def ask_late(submission, *, reason, email=""):
    """Ask staff to accept a draft after closing; once, whoever asks again.

    Raises AlreadySubmitted or NotForAsking.
    """
    with locked_draft(submission) as draft:
        if (
            draft.is_accepted_now()
            or draft.amends_id
            or "evidence" in missing_from(draft, reading.whole(draft))
        ):
            raise NotForAsking
        if email and not draft.email:
            keep_details(draft, {"email": email})
        request, is_new = LateRequest.objects.get_or_create(
            submission=draft, defaults={"reason": reason}
        )
        if is_new:
            tell(draft, emails.LATE_REQUEST)
            enqueue(
                emails.LATE_REQUEST_NOTICE,
                key=f"{emails.LATE_REQUEST_NOTICE}:{request.pk}",
                to=draft.consultation.contact_email,
                context={"late_request": request.pk},
                expires_at=timezone.now() + NOTICE_WITHIN,
            )


def decide_late(request, *, staff, reason, until=None):
    """Accept a late draft until a moment, or refuse it without one; tell its owner why.

    Raises AlreadyDecided, also when the draft was sent meanwhile.
    """
    with transaction.atomic():
        draft = Submission.objects.select_for_update().get(pk=request.submission_id)
        request.refresh_from_db()
        if request.is_decided or draft.is_submitted:
            raise AlreadyDecided
        request.is_accepted = until is not None
        request.decision = reason
        request.decided_at = timezone.now()
        request.decided_by = staff
        request.save()
        draft.accepted_until = until
        draft.save(update_fields=["accepted_until"])
        tell(draft, emails.LATE_DECISION)
