"""What submissions say, and what staff made of it, gathered for many of them at once."""

import datetime as dt
from dataclasses import dataclass, field

from review.models import Assignment, Intake, Note, PublishedResponse, ThemedPassage
from submissions.models import (
    Answer,
    Attachment,
    EvidenceItem,
    PrincipleComment,
    SentenceComment,
    confidence_of_item,
    strictest,
)


@dataclass(frozen=True)
class File:
    """A file that a respondent attached; `stored` is its name in the storage.

    For the public holds what is stricter: its own confidence, or its item's.
    """

    name: str
    confidence: str
    public_confidence: str
    item: int | None
    stored: str
    size: int
    sha256: str
    content_type: str


@dataclass(frozen=True)
class Marked:
    """A theme on a passage; `quote` is "" for all that stands in the place."""

    theme: int
    place: str
    quote: str
    added_by: str
    added_at: dt.datetime


@dataclass(frozen=True)
class WrittenNote:
    author: str
    text: str
    written_at: dt.datetime


@dataclass
class Evidence:
    """What one submission says: by question, by version (None for all), by sentence.

    Not model instances: those that were prefetched point at one another, and a big file
    would fill the memory with them before they are collected.
    """

    # When a letter or an email came, that staff took in.
    received_at: dt.datetime | None = None
    # Of what the public reads: with the name, and without.
    public_ids: list[str] = field(default_factory=list)
    texts: dict[int, tuple[str, str]] = field(default_factory=dict)
    comments: dict[int | None, tuple[str, str, str]] = field(default_factory=dict)
    sentences: dict[int, tuple[str, str, str]] = field(default_factory=dict)
    # Of items and on their own.
    files: list[File] = field(default_factory=list)
    items: list[EvidenceItem] = field(default_factory=list)
    themes: list[Marked] = field(default_factory=list)
    notes: list[WrittenNote] = field(default_factory=list)
    assigned_to: str = ""

    def files_of(self, item):
        return [file for file in self.files if file.item == item.pk]


def gathered(submissions, needs):
    """Return the `Evidence` of each submission, by its id, with what is needed of it."""
    evidence = {submission.pk: Evidence() for submission in submissions}
    came_and_went(evidence)
    for fill in (said, files, items, reviewed):
        if fill in needs:
            fill(evidence)
    return evidence


def came_and_went(evidence):
    """When it reached us by hand, and under which names the public reads it."""
    taken_in = Intake.objects.filter(submission__in=evidence)
    for pk, received_at in taken_in.values_list("submission", "received_at"):
        evidence[pk].received_at = received_at
    published = PublishedResponse.objects.filter(submission__in=evidence)
    for pk, public_id in published.values_list("submission", "public_id"):
        evidence[pk].public_ids.append(public_id)


def said(evidence):
    answers = Answer.objects.filter(submission__in=evidence)
    for pk, question, text, confidence in answers.values_list(
        "submission", "question", "text", "confidence"
    ):
        evidence[pk].texts[question] = (text, confidence)
    comments = PrincipleComment.objects.filter(submission__in=evidence)
    for pk, version, *cells in comments.values_list(
        "submission", "version", "stance", "comment", "confidence"
    ):
        evidence[pk].comments[version] = tuple(cells)
    sentences = SentenceComment.objects.filter(submission__in=evidence)
    for pk, sentence, *cells in sentences.values_list(
        "submission", "sentence", "comment", "suggestion", "confidence"
    ):
        evidence[pk].sentences[sentence] = tuple(cells)


def files(evidence):
    found = Attachment.objects.filter(submission__in=evidence)
    for pk, name, confidence, of_item, may_quote, *cells in found.values_list(
        "submission",
        "name",
        "confidence",
        "item__confidence",
        "item__may_quote",
        "item",
        "stored__name",
        "stored__size",
        "stored__sha256",
        "stored__content_type",
    ):
        # Of a file on its own nothing else holds.
        of_item = confidence_of_item(of_item or confidence, may_quote)
        public = strictest(confidence, of_item)
        evidence[pk].files.append(File(name, confidence, public, *cells))


def items(evidence):
    found = EvidenceItem.objects.filter(submission__in=evidence)
    for item in found.prefetch_related("questions", "principles"):
        evidence[item.submission_id].items.append(item)


def reviewed(evidence):
    """Themes, notes, and whose it is to read: what staff made of it."""
    passages = ThemedPassage.objects.filter(submission__in=evidence)
    for pk, theme, place, quote, added_at, *person in passages.order_by(
        "place", "start", "pk"
    ).values_list(
        "submission", "theme", "place", "quote", "added_at", *_person("added_by")
    ):
        evidence[pk].themes.append(
            Marked(theme, place, quote, _name(*person), added_at)
        )
    notes = Note.objects.filter(submission__in=evidence)
    for pk, text, written_at, *person in notes.values_list(
        "submission", "text", "written_at", *_person("author")
    ):
        evidence[pk].notes.append(WrittenNote(_name(*person), text, written_at))
    assigned = Assignment.objects.filter(submission__in=evidence)
    for pk, *person in assigned.values_list("submission", *_person("user")):
        evidence[pk].assigned_to = _name(*person)


def _person(field):
    return [f"{field}__{part}" for part in ("first_name", "last_name", "username")]


def _name(first, last, username):
    """Return how staff are named; "" when the account is gone."""
    return f"{first or ''} {last or ''}".strip() or username or ""
