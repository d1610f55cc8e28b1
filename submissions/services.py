"""What can be done with a submission: each verb keeps the rules, whoever calls it."""

import datetime as dt
import uuid
from contextlib import contextmanager

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from consultations.models import Consultation, Question
from outbox.models import OutgoingEmail
from outbox.services import enqueue

from . import emails
from .models import Answer, EvidenceItem, FinishedPart, PrincipleComment, Submission
from .references import new_reference

PAST_TEXTS = 5
ONE_VERSION = dt.timedelta(minutes=10)
ACKNOWLEDGE_WITHIN = dt.timedelta(days=7)
LINK_REQUESTS_PER_HOUR = 10


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


def keep_details(draft, details):
    """Write fields of the submission itself: a dict of field name to value.

    Links that were sent to an address which is no longer the respondent's open nothing.
    """
    for name, value in details.items():
        setattr(draft, name, value)
    draft.save(update_fields=list(details))
    if "email" in details:
        others = draft.resume_links.exclude(sent_to__iexact=draft.email)
        others.filter(revoked_at=None).update(revoked_at=timezone.now())


def keep_answers(draft, answers):
    """Write answers: a dict of question id to (text, confidence).

    An empty text takes the answer away.
    """
    blank = [question for question, (text, _confidence) in answers.items() if not text]
    draft.answers.filter(question__in=blank).delete()
    Answer.objects.bulk_create(
        (
            Answer(
                submission=draft,
                question_id=question,
                text=text,
                confidence=confidence,
            )
            for question, (text, confidence) in answers.items()
            if text
        ),
        update_conflicts=True,
        unique_fields=["submission", "question"],
        update_fields=["text", "confidence"],
    )


def keep_principle_comments(draft, comments):
    """Write comments: a dict of version id to (stance, text, confidence).

    The key None stands for all principles together. Without stance and text the comment
    goes away.
    """
    for version, (stance, text, confidence) in comments.items():
        if stance or text:
            PrincipleComment.objects.update_or_create(
                submission=draft,
                version_id=version,
                defaults={
                    "stance": stance,
                    "comment": text,
                    "confidence": confidence,
                },
            )
        else:
            draft.principle_comments.filter(version=version).delete()


def keep_item(draft, key, details):
    """Write an evidence item: a dict of field name to value, for a new one or a known.

    `questions` and `principles` are what it is used on from now on.
    """
    details = dict(details)
    used_on = {
        name: details.pop(name)
        for name in ("questions", "principles")
        if name in details
    }
    item, _is_new = EvidenceItem.objects.update_or_create(
        submission=draft, key=key, defaults=details
    )
    for name, rows in used_on.items():
        getattr(item, name).set(rows)


def use_item(draft, key, place):
    """Use an evidence item on one more question or principle."""
    item = draft.items.filter(key=key).first()
    if item:
        used_on = item.questions if isinstance(place, Question) else item.principles
        used_on.add(place)


def remove_item(draft, key):
    """Take an evidence item away, with its files."""
    item = draft.items.filter(key=key).first()
    if item:
        item.attachments.all().delete()
        item.delete()


def keep_past_texts(draft, texts, *, is_another=False):
    """Remember versions of texts to go back to: a dict of field name to text.

    Writing on for ten minutes is one version; a text that has become much shorter is
    always another, since that may have been a slip. The last five are kept.
    """
    for field, text in texts.items():
        versions = draft.past_texts.filter(field=field)
        newest = versions.first()
        if newest is None or is_another or _is_another_version(newest, text):
            draft.past_texts.create(field=field, text=text)
            old = versions.values("pk")[PAST_TEXTS:]
            draft.past_texts.filter(
                pk__in=list(old.values_list("pk", flat=True))
            ).delete()
        else:
            newest.text, newest.saved_at = text, timezone.now()
            newest.save(update_fields=["text", "saved_at"])


def _is_another_version(newest, text):
    is_old = timezone.now() - newest.started_at > ONE_VERSION
    return is_old or len(text) < len(newest.text) * 0.9


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
        or submission.items.exists(),
    }
    return [what for what, value in given.items() if not value]


def submit(submission):
    """Close a draft for good and write its acknowledgement in the same transaction.

    Returns the submission with its reference; sending it again changes nothing and
    returns the same. Raises ConsultationClosed or Incomplete.
    """
    try:
        with open_draft(submission) as draft:
            missing = missing_from(draft)
            if missing:
                raise Incomplete(missing)
            draft.reference = new_reference(draft.consultation.reference_prefix)
            draft.submitted_at = Now()
            draft.save(update_fields=["reference", "submitted_at"])
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
