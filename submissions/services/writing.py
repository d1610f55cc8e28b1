"""Writing in a draft: answers, comments, evidence, and their earlier versions."""

import datetime as dt

from django.db.models.functions import Length
from django.utils import timezone

from consultations.models import Question
from submissions.models import (
    Answer,
    EvidenceItem,
    PastText,
    PrincipleComment,
    SentenceComment,
)

PAST_TEXTS = 5
ONE_VERSION = dt.timedelta(minutes=10)


def keep_details(draft, details):
    """Write fields of the submission itself: a dict of field name to value.

    Links that were sent to an address which is no longer the respondent's open nothing.
    """
    for name, value in details.items():
        setattr(draft, name, value)
    draft.save(update_fields=list(details))
    if "email" in details:
        # Links to changes lead to what is changed: it may have an address of its own.
        opened = draft.amends or draft
        others = opened.resume_links.filter(invitation=None, revoked_at=None)
        for address in (draft.email, opened.email):
            others = others.exclude(sent_to__iexact=address)
        others.update(revoked_at=timezone.now())


def keep_answers(draft, answers):
    """Write answers: a dict of question id to (text, confidence).

    An empty text takes the answer away.
    """
    blank = [question for question, (text, _confidence) in answers.items() if not text]
    if blank:
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


def keep_sentence_comment(draft, sentence, comment, suggestion, confidence):
    """Write what is said about one sentence; without comment and suggestion it goes."""
    if comment or suggestion:
        SentenceComment.objects.update_or_create(
            submission=draft,
            sentence=sentence,
            defaults={
                "comment": comment,
                "suggestion": suggestion,
                "confidence": confidence,
            },
        )
    else:
        draft.sentence_comments.filter(sentence=sentence).delete()


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
        draft.past_texts.filter(field=f"details-{key.hex}").delete()
        item.delete()


def keep_past_texts(draft, texts, *, is_another=False):
    """Remember versions of texts to go back to: a dict of field name to text.

    Writing on for ten minutes is one version. A text that has become much shorter is
    another, since that may have been a slip; one that goes on shrinking is not, or slow
    deleting would push out the whole text. The last five are kept.
    """
    kept = _past_versions(draft, texts)
    started, continued, outlived = [], [], []
    for field, text in texts.items():
        versions = kept.get(field, [])
        if is_another or _is_another_version(versions, text):
            started.append(PastText(submission=draft, field=field, text=text))
            outlived += versions[PAST_TEXTS - 1 :]
        else:
            versions[0].text, versions[0].saved_at = text, timezone.now()
            continued.append(versions[0])
    PastText.objects.bulk_create(started)
    # All of them in one statement, whose rows are there.
    PastText.objects.bulk_create(
        continued,
        update_conflicts=True,
        unique_fields=["pk"],
        update_fields=["text", "saved_at"],
    )
    if outlived:
        draft.past_texts.filter(pk__in=[version.pk for version in outlived]).delete()


def _past_versions(draft, fields):
    """Return {field: its versions, the newest first}: of their texts only the length."""
    versions = draft.past_texts.filter(field__in=fields).defer("text")
    by_field = {}
    for version in versions.annotate(length=Length("text")):
        by_field.setdefault(version.field, []).append(version)
    return by_field


def _is_another_version(versions, text):
    if not versions or timezone.now() - versions[0].started_at > ONE_VERSION:
        return True
    is_shrinking = len(versions) > 1 and versions[0].length < versions[1].length
    return not is_shrinking and len(text) < versions[0].length * 0.9
