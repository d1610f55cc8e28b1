"""What was sent, kept each time: staff act on the newest."""

from django.db.models.functions import Now
from django.utils import timezone

from submissions import reading
from submissions.data import as_data

# What the respondent does not say, and so does not change.
NOT_SAID = {"reference", "sent_at", "privacy_notice", "is_late"}


def keep_revision(submission, *, read=None, sent_from=None, sent_at=None, number=None):
    """Write down what now stands in a submission that the caller has locked.

    `sent_from` is the key of the draft that was sent, `sent_at` when, if not just now.
    `read` is what `reading.whole` gave for it, `number` how many there are with this one.
    """
    if read is None:
        # Under the wordings of that day; a new choice about publication sends no words.
        as_of = (sent_at or timezone.now()) if sent_from else None
        read = reading.whole(submission, as_of)
    revision = submission.revisions.create(
        number=number or submission.revisions.count() + 1,
        sent_at=sent_at or Now(),
        sent_from=sent_from,
        contents=as_data(submission, read),
    )
    if read.files:
        revision.files.add(*{attached.stored for attached in read.files})
    return revision


def say_the_same(one, other):
    """Whether two submissions hold the same, whatever staff made of the questions."""
    return _said(one) == _said(other)


def _said(submission):
    data = as_data(submission)
    answers = [answer | {"question": ""} for answer in data["answers"]]
    said = {name: value for name, value in data.items() if name not in NOT_SAID}
    return said | {"answers": answers}
