"""From a response to its public copy, and back: redact, decide, publish, take down."""

from contextlib import contextmanager

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from review import passages
from review.models import (
    PublishedFile,
    PublishedText,
    PublishingDecision,
    Redaction,
    Step,
)
from review.publishing import snapshot
from review.publishing.desk import Desk
from review.publishing.queue import forget_counts
from submissions.models import Publication, Submission
from submissions.services.revisions import keep_revision


class NotPossible(Exception):
    """Says to a person why nothing was changed."""


@contextmanager
def locked(submission):
    """Lock what was sent and stands, for one change: its respondent waits, or we do."""
    with transaction.atomic():
        standing = Submission.objects.submitted().filter(pk=submission.pk)
        found = standing.select_for_update(of=["self"]).first()
        if found is None:
            raise NotPossible(
                _("It was withdrawn in the meantime. Nothing was changed")
            )
        yield found


def revision_of(submission):
    """Return the number of what was sent last: what staff decide is tied to it."""
    return submission.revisions.aggregate(newest=Max("number"))["newest"] or 0


def decision_about(submission):
    return submission.publishing_decisions.current().first()


# Redaction


def redact(submission, place, quote="", *, staff, reason, words="", **where):
    """Take words out of what is published, or the whole text if `quote` is "".

    `where` is `start`, which chooses among words that stand often, or `everywhere=True`
    for all of them, in whatever text. What is published already changes at once. Returns
    how many were made; raises passages.NoPassage or NotPossible.
    """
    with locked(submission) as sent:
        texts = Desk(sent).texts
        if place not in texts:
            raise NotPossible(_("This text is no longer part of the response"))
        made = 0
        for spot, span in _spans(texts, place, quote, **where):
            start, end = span or (None, None)
            _redaction, is_new = sent.redactions.get_or_create(
                place=spot,
                start=start,
                end=end,
                lifted_at=None,
                defaults={
                    "quote": texts[spot][start:end] if span else "",
                    "reason": reason,
                    "words": words,
                    "made_by": staff,
                },
            )
            made += is_new
        if sent.published_at:
            _write_copies(sent)
    return made


def _spans(texts, place, quote, *, start=None, everywhere=False):
    """Return (place, span) for all that is to be redacted; no span is the whole text.

    Half a name that a mouse left standing would still give somebody away.
    """
    if not quote:
        return [(place, None)]
    if not everywhere:
        text = texts[place]
        span = passages.find(text, quote, start)
        return [(place, passages.whole_words(text, span))]
    found = [
        (spot, passages.whole_words(text, span))
        for spot, text in texts.items()
        for span in passages.all_occurrences(text, quote)
    ]
    if not found:
        # Says so in its own words.
        passages.find(texts[place], quote)
    return found


def lift(redaction, *, staff):
    """Undo a redaction; an approval without it is another one. Raises NotPossible.

    What is published can only lose more: it is taken down before words come back.
    """
    with locked(redaction.submission) as sent:
        if sent.published_at:
            raise NotPossible(_("Take the response down first, then undo this"))
        standing = Redaction.objects.standing().filter(pk=redaction.pk)
        standing.update(lifted_by=staff, lifted_at=timezone.now())
        current = sent.publishing_decisions.current()
        current.filter(what=Step.APPROVED).update(ended_at=timezone.now())
        forget_counts(sent.consultation_id)


def leave(submission, findings, *, staff):
    """Note that what looks like personal data may be published: (place, text) of each."""
    with locked(submission) as sent:
        for place, text in findings:
            sent.left_as_it_is.get_or_create(
                place=place, text=text, defaults={"left_by": staff}
            )


# Decisions


def approve(submission, *, staff, revision):
    """Agree to publish what was read, which is `revision`; raises NotPossible."""
    with locked(submission) as sent:
        if sent.published_at:
            raise NotPossible(_("It is published already"))
        desk = Desk(sent)
        if revision != revision_of(sent):
            raise NotPossible(_("It was changed in the meantime. Read it again"))
        if obstacles := desk.obstacles:
            raise NotPossible(obstacles[0])
        _decide(sent, Step.APPROVED, staff)


def hold_back(submission, *, staff, reason):
    """Decide against publishing, for a reason; raises NotPossible."""
    with locked(submission) as sent:
        if sent.published_at:
            raise NotPossible(_("It is published: take it down instead"))
        _decide(sent, Step.HELD_BACK, staff, reason)


def publish(submission, *, staff):
    """Give the public its copy of what was approved; raises NotPossible."""
    with locked(submission) as sent:
        if sent.published_at:
            raise NotPossible(_("It is published already"))
        decision = decision_about(sent)
        if decision is None or decision.what != Step.APPROVED:
            raise NotPossible(_("It is not approved"))
        if decision.revision != revision_of(sent):
            raise NotPossible(_("It was changed after it was approved. Read it again"))
        if obstacles := Desk(sent).obstacles:
            raise NotPossible(obstacles[0])
        _write_copies(sent)
        sent.published_at = timezone.now()
        sent.save(update_fields=["published_at"])
        _decide(sent, Step.PUBLISHED, staff)


def take_down(submission, *, staff, reason):
    """Take the public's copy away, for a reason; raises NotPossible."""
    with locked(submission) as sent:
        if not sent.published_at:
            raise NotPossible(_("It is not published"))
        _remove_copies(sent)
        _decide(sent, Step.TAKEN_DOWN, staff, reason)


def narrow(submission, publication, *, staff, reason):
    """Publish less, because the respondent asked us; raises NotPossible.

    More needs the respondent's own hand. What was published goes at once, and what
    remains of it is approved anew.
    """
    order = list(Publication)
    with locked(submission) as sent:
        now = sent.publication or Publication.NOT
        if order.index(Publication(publication)) <= order.index(Publication(now)):
            raise NotPossible(_("Choose less than what may be published now"))
        _remove_copies(sent)
        sent.publication = publication
        sent.save(update_fields=["publication"])
        Submission.objects.filter(amends=sent).update(publication=publication)
        keep_revision(sent)
        _decide(sent, Step.NARROWED, staff, reason)


def _decide(sent, what, staff, reason=""):
    now = timezone.now()
    sent.publishing_decisions.current().update(ended_at=now)
    PublishingDecision.objects.create(
        submission=sent,
        what=what,
        revision=revision_of(sent),
        reason=reason,
        decided_by=staff,
        decided_at=now,
    )
    forget_counts(sent.consultation_id)


# The public's copy


def _remove_copies(sent):
    sent.published_responses.all().delete()
    sent.published_at = None
    sent.save(update_fields=["published_at"])


def _write_copies(sent):
    """Write the halves of a response, each under the public id that it may have had."""
    desk = Desk(sent)
    for half in snapshot.HALVES:
        is_named = half == Publication.WITH_NAME
        had = sent.published_responses.filter(name__isnull=not is_named)
        contents = desk.contents(half)
        if not contents:
            had.delete()
            continue
        copy, _is_new = had.update_or_create(
            defaults={
                "submission": sent,
                "consultation": sent.consultation,
                "name": sent.respondent if is_named else None,
                "respondent_type": contents["respondent_type"],
                "contents": contents,
            }
        )
        copy.texts.all().delete()
        PublishedText.objects.bulk_create(
            PublishedText(
                response=copy,
                consultation=sent.consultation,
                about=about,
                label=label,
                quote=quote,
                text=text,
            )
            for about, label, quote, text in snapshot.texts_in(contents)
        )
        copy.files.all().delete()
        PublishedFile.objects.bulk_create(
            PublishedFile(response=copy, stored=file.attachment.stored, name=file.text)
            for file in desk.public_files(half)
        )
