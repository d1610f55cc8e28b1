"""A draft: how it begins, how it is locked for a change, and what it still lacks."""

from contextlib import contextmanager

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language

from consultations.models import Consultation
from submissions.compiled import compiled
from submissions.models import FinishedPart, Invitation, Submission


class Refused(Exception):
    """It takes no more writing; only KeptAfterClosing says that it was kept all the same."""


class AlreadySubmitted(Refused):
    """It was sent; or it was an amendment, and is gone because it was sent or discarded."""


class ConsultationClosed(Refused):
    pass


class InvitationWithdrawn(Refused):
    """It comes from a guest who was let out in the meantime."""


class KeptAfterClosing(ConsultationClosed):
    """What was written is kept, so that it can be accepted late; it cannot be sent."""


class Incomplete(Refused):
    """It cannot be sent yet: `missing` holds what `missing_from` names."""

    def __init__(self, missing):
        super().__init__(", ".join(missing))
        self.missing = missing


def start(consultation):
    """Return a new, empty draft; raises ConsultationClosed."""
    if not Consultation.objects.open().filter(pk=consultation.pk).exists():
        raise ConsultationClosed
    return Submission.objects.create(consultation=consultation, language=get_language())


@contextmanager
def locked_draft(submission):
    """Lock the draft, open or closed, for one change; raises AlreadySubmitted."""
    with transaction.atomic():
        [draft] = _locked(submission.pk) or [None]
        if draft is None or draft.is_submitted:
            raise AlreadySubmitted
        draft.consultation = submission.consultation
        yield draft


@compiled
def _locked(pk):
    return Submission.objects.to_change().filter(pk=pk).order_by()


def refuse_closed(draft):
    """Raise ConsultationClosed for a locked draft that may not be sent."""
    if not _is_accepted(draft):
        raise ConsultationClosed


def _is_accepted(draft):
    """Whether it may be sent: who waited for the lock is not late by that.

    Nor closed out when a deadline was put off meanwhile.
    """
    return draft.was_accepted or draft.is_accepted_now()


@contextmanager
def open_draft(submission):
    """Lock the draft to write in it, all of the change or none.

    Raises AlreadySubmitted, or InvitationWithdrawn to a guest. When it may no longer be
    sent, by the database's clock, the change is kept all the same: then KeptAfterClosing
    is raised after it.
    """
    with locked_draft(submission) as draft:
        draft.saved_at = timezone.now()
        draft.save(update_fields=["saved_at"])
        if submission.guest:
            _note_saved(submission.guest, draft.saved_at)
        yield draft
    if not _is_accepted(draft):
        raise KeptAfterClosing


def _note_saved(guest, moment):
    standing = Invitation.objects.standing().filter(pk=guest.pk)
    if not standing.update(saved_at=moment):
        raise InvitationWithdrawn


def mark_finished(draft, part, *, is_finished):
    """Note for the contents page whether the respondent has finished a part."""
    if is_finished:
        FinishedPart.objects.bulk_create(
            [FinishedPart(submission=draft, part=part)], ignore_conflicts=True
        )
    else:
        draft.finished_parts.filter(part=part).delete()


def missing_from(submission, read):
    """Return what must be given before sending: "name", "publication", "evidence".

    `read` is what `reading.whole` gave for it.
    """
    given = {
        "name": submission.respondent,
        "publication": submission.publication,
        "evidence": read.has_something,
    }
    return [what for what, value in given.items() if not value]


def sign_off(draft, name):
    """Note who signs off what several people wrote; "" leaves who did so before."""
    if name:
        draft.signed_off_by = name
        draft.save(update_fields=["signed_off_by"])


def refuse_what_is_missing(draft, read):
    """Raise Incomplete when something must be given before sending."""
    missing = missing_from(draft, read)
    if read.is_shared and not draft.signed_off_by:
        missing.append("signed_off_by")
    if missing:
        raise Incomplete(missing)
