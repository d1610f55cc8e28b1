"""What submissions say, gathered for many of them at once."""

from dataclasses import dataclass, field

from submissions.models import (
    Answer,
    Attachment,
    EvidenceItem,
    PrincipleComment,
    SentenceComment,
    Stance,
)


@dataclass(frozen=True)
class Evidence:
    """What one submission says: by question, by version (None for all), by sentence.

    Not model instances: those that were prefetched point at one another, and a big file
    would fill the memory with them before they are collected.
    """

    texts: dict[int, tuple[str, str]] = field(default_factory=dict)
    comments: dict[int | None, tuple[str, str, str]] = field(default_factory=dict)
    sentences: dict[int, tuple[str, str, str]] = field(default_factory=dict)
    # As (name, confidence), of items and on their own.
    files: list[tuple[str, str]] = field(default_factory=list)


def evidence_of(submissions):
    """Return the `Evidence` of each submission, by its id, in four queries."""
    evidence = {submission.pk: Evidence() for submission in submissions}
    answers = Answer.objects.filter(submission__in=evidence)
    for pk, question, text, confidence in answers.values_list(
        "submission", "question", "text", "confidence"
    ):
        evidence[pk].texts[question] = (text, confidence)
    comments = PrincipleComment.objects.filter(submission__in=evidence)
    for pk, version, stance, text, confidence in comments.values_list(
        "submission", "version", "stance", "comment", "confidence"
    ):
        label = str(Stance(stance).label) if stance else ""
        evidence[pk].comments[version] = (label, text, confidence)
    said = SentenceComment.objects.filter(submission__in=evidence)
    for pk, sentence, *cells in said.values_list(
        "submission", "sentence", "comment", "suggestion", "confidence"
    ):
        evidence[pk].sentences[sentence] = tuple(cells)
    files = Attachment.objects.filter(submission__in=evidence)
    for pk, name, confidence in files.values_list("submission", "name", "confidence"):
        evidence[pk].files.append((name, confidence))
    return evidence


def items_of(submissions):
    """Return the evidence items of each submission, by its id, in four queries."""
    items = {submission.pk: [] for submission in submissions}
    found = EvidenceItem.objects.filter(submission__in=items)
    for item in found.prefetch_related("questions", "principles", "attachments"):
        items[item.submission_id].append(item)
    return items
