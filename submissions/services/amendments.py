"""Changing what was sent: in a draft of its own, which takes its place when it is sent."""

from django.db import transaction

from submissions import data, emails, reading
from submissions.models import Submission

from .drafts import (
    AlreadySubmitted,
    ConsultationClosed,
    Refused,
    refuse_closed,
    refuse_what_is_missing,
    sign_off,
)
from .revisions import keep_revision, say_the_same
from .sent import locked_sent, tell
from .writing import keep_details

# The channel stays, and lateness is no detail that a respondent changes.
DETAILS = [name for name in data.DETAILS if name not in ("channel", "is_late")]
# Rows that point at the submission and at nothing else of it.
ROWS = [
    "answers",
    "principle_comments",
    "sentence_comments",
    "finished_parts",
    "past_texts",
]


class NothingChanged(Refused):
    pass


def amend(submission):
    """Return the draft in which what was sent is changed; made when there is none yet.

    Raises Settled or ConsultationClosed.
    """
    with locked_sent(submission) as original:
        amendment = Submission.objects.filter(amends=original).first()
        if amendment is None:
            if not original.is_accepted_now():
                raise ConsultationClosed
            amendment = _copy_of(original)
    return amendment


def discard(amendment):
    """Forget changes that were not sent."""
    with transaction.atomic():
        original = _lock_original(amendment)
        changes = Submission.objects.filter(pk=amendment.pk, amends=original)
        # Locked first: somebody may be saving in it.
        list(changes.select_for_update())
        changes.delete()
        # Closes links that were sent to an address which only the changes had.
        keep_details(original, {"email": original.email})


def send_changes(amendment, *, signed_off_by):
    """Put an amendment in the place of what it amends, and return that.

    Raises AlreadySubmitted, also when it was discarded, ConsultationClosed, Incomplete
    or NothingChanged.
    """
    with transaction.atomic():
        # Always locked before its amendment: nobody waits for somebody who waits.
        original = _lock_original(amendment)
        draft = Submission.objects.to_change().filter(pk=amendment.pk).first()
        if draft is None:
            raise AlreadySubmitted
        if original.is_settled:
            raise ConsultationClosed
        if not original.was_accepted:
            refuse_closed(draft)
        sign_off(draft, signed_off_by)
        refuse_what_is_missing(draft, reading.whole(draft))
        if say_the_same(draft, original):
            raise NothingChanged
        _put_in_place(draft, original)
        revision = keep_revision(original, sent_from=draft.key)
        tell(original, emails.CHANGE_ACKNOWLEDGEMENT, number=revision.number)
    return original


def _lock_original(amendment):
    return Submission.objects.to_change().get(pk=amendment.amends_id)


def _put_in_place(draft, original):
    details = {name: getattr(draft, name) for name in DETAILS}
    keep_details(original, details)
    original.privacy_notice = original.consultation.privacy_notice
    original.save(update_fields=["privacy_notice"])
    # Files before the items that they belong to.
    for name in (*ROWS, "attachments", "items"):
        getattr(original, name).all().delete()
        getattr(draft, name).update(submission=original)
    # Who helped with the changes is told that they are sent.
    draft.invitations.update(submission=original)
    draft.resume_links.update(submission=original)
    draft.delete()


def _copy_of(original):
    """Return an amendment that holds all that the original does."""
    amendment = Submission.objects.create(
        consultation=original.consultation,
        amends=original,
        channel=original.channel,
        language=original.language,
        accepted_until=original.accepted_until,
        **{name: getattr(original, name) for name in DETAILS},
    )
    for name in ROWS:
        rows = getattr(original, name).all()
        rows.model.objects.bulk_create(_copied(row, amendment) for row in rows)
    copies = {}
    for item in original.items.prefetch_related("questions", "principles"):
        used_on = item.questions.all(), item.principles.all()
        copy = copies[item.pk] = _copied(item, amendment)
        copy.save()
        copy.questions.set(used_on[0])
        copy.principles.set(used_on[1])
    for attachment in original.attachments.all():
        item = copies.get(attachment.item_id)
        copy = _copied(attachment, amendment)
        copy.item = item
        copy.save()
    return amendment


def _copied(row, amendment):
    """Return a row as a new one of the amendment's; it is not yet saved."""
    values = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if not field.primary_key
    }
    return type(row)(**values | {"submission_id": amendment.pk})
