"""A draft: how it begins, how it is locked for a change, and what it still lacks."""

from contextlib import contextmanager

from django.db import transaction
from django.utils import timezone

from consultations.models import Consultation
from submissions.models import FinishedPart, Submission


class Refused(Exception):
    """The submission takes no more writing; nothing was changed."""


class AlreadySubmitted(Refused):
    pass


class ConsultationClosed(Refused):
    pass


class Incomplete(Refused):
    """It cannot be sent yet: `missing` holds what `missing_from` names."""

    def __init__(self, missing):
        super().__init__(", ".join(missing))
        self.missing = missing


def start(consultation):
    """Return a new, empty draft; raises ConsultationClosed."""
    if not Consultation.objects.open().filter(pk=consultation.pk).exists():
        raise ConsultationClosed
    return Submission.objects.create(consultation=consultation)


@contextmanager
def open_draft(submission):
    """Lock the draft for one change, all of it or none.

    Raises AlreadySubmitted, or ConsultationClosed by the database's clock, when the
    minutes of grace after closing are over too.
    """
    with transaction.atomic():
        draft = Submission.objects.select_for_update().get(pk=submission.pk)
        if draft.is_submitted:
            raise AlreadySubmitted
        if not Consultation.objects.accepting().filter(pk=draft.consultation_id):
            raise ConsultationClosed
        draft.saved_at = timezone.now()
        draft.save(update_fields=["saved_at"])
        yield draft


def mark_finished(draft, part, *, is_finished):
    """Note for the contents page whether the respondent has finished a part."""
    if is_finished:
        FinishedPart.objects.get_or_create(submission=draft, part=part)
    else:
        draft.finished_parts.filter(part=part).delete()


def missing_from(submission):
    """Return what must be given before sending: "name", "publication", "evidence"."""
    given = {
        "name": submission.respondent,
        "publication": submission.publication,
        "evidence": submission.answers.exists()
        or submission.principle_comments.exists()
        or submission.items.exists()
        or submission.attachments.exists(),
    }
    return [what for what, value in given.items() if not value]
