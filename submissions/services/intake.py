"""What came by email or post, made a submission."""

from django.conf import settings
from django.db import transaction

from submissions import emails, reading
from submissions.models import Confidence, Submission
from submissions.references import new_reference

from .drafts import refuse_what_is_missing
from .revisions import keep_revision
from .sent import tell
from .writing import keep_answers, keep_principle_comments


@transaction.atomic
def take_in(consultation, details, *, answers, comments, files):
    """Make a submission of what staff have transcribed, and tell its sender.

    It counts as sent when it was received: `details` holds `submitted_at`, `channel` and
    what else the sender said of himself. `answers` and `comments` are as `keep_answers`
    and `keep_principle_comments` take them; `files` are pairs of a name and a StoredFile.
    A letter shows addresses and signatures: its file is for Locality only. Raises
    Incomplete.
    """
    received_at = details["submitted_at"]
    submission = Submission.objects.create(
        consultation=consultation,
        reference=new_reference(consultation.reference_prefix),
        language=settings.LANGUAGE_CODE,
        created_at=received_at,
        is_late=received_at > consultation.accepts_until,
        **details,
    )
    keep_answers(submission, answers)
    keep_principle_comments(submission, comments)
    for name, stored in files:
        submission.attachments.create(
            name=name, stored=stored, confidence=Confidence.LOCALITY_ONLY
        )
    read = reading.whole(submission, received_at)
    refuse_what_is_missing(submission, read)
    keep_revision(submission, read=read, sent_from=submission.key, sent_at=received_at)
    tell(submission, emails.INTAKE_ACKNOWLEDGEMENT)
    return submission
