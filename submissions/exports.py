"""Submissions of one call as CSV: one row a submission, an answer, or an evidence item.

For spreadsheets: UTF-8 with a byte order mark, every cell in quotes, CRLF after a row.
Choices are written as people read them (their codes are in the database), times as ISO 8601
in UTC. Addresses for email are left out unless asked for: analysis needs none, and files
travel.

A text that a spreadsheet would take for a formula gets an apostrophe in front, see
`defuse`; that is all that ever changes, so every other text comes back equal. Two limits
are the readers' own: Excel shows 32,767 characters of a cell, and Python's csv module must
be told to take cells of more than 131,072 (`csv.field_size_limit`).
"""

import codecs
import csv
import datetime as dt
import io
import re
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice

from django.db import connection, transaction
from django.utils.translation import gettext as _

from consultations.models import Question
from principles.models import PrincipleVersion

from .models import (
    Answer,
    Attachment,
    Confidence,
    EvidenceItem,
    PrincipleComment,
    SentenceComment,
    Stance,
    publication_of,
)

# As many submissions are in memory at once. One can hold 33 texts of 200,000 characters.
CHUNK = 25

# Nothing was said, and so there is nothing to keep back: no stance and no comment on a
# principle, no comment and no wording for a sentence.
NOTHING = ("", "", "")

# What a spreadsheet skips before it looks for a formula: white space, controls, and
# characters of no width.
SKIPPED = r"[\s\x00-\x1f\x7f-\x9f\u200b-\u200f\u2060\ufeff]"
FORMULA = re.compile(rf"{SKIPPED}*[=+\-@＝＋－＠\t\r\n]")


def defuse(text):
    """Return the text with an apostrophe in front if it begins like a formula.

    That is: with = + - @, their full-width forms, a tab or a line end, after any white
    space or control characters.
    """
    return f"'{text}" if FORMULA.match(text) else text


def as_csv(submissions, table, *, with_bom=True):
    """Yield the file in bytes: the table's header, then the rows of each submission.

    All of it is of one moment: what is sent, changed or deleted while the file is being
    written is not in it. Drafts never are. Closing the generator ends the transaction.
    """
    submissions = (
        submissions.submitted()
        .filter(consultation=table.consultation)
        .order_by("submitted_at", "pk")
    )
    # The cursor is closed before its transaction.
    with _one_moment(), closing(submissions.iterator(chunk_size=CHUNK)) as read:
        if with_bom:
            yield codecs.BOM_UTF8
        yield _encoded([table.header])
        while chunk := list(islice(read, CHUNK)):
            found_of = table.gather(chunk)
            for submission in chunk:
                yield _encoded(table.rows(submission, found_of.pop(submission.pk)))


@contextmanager
def _one_moment():
    """Read the database as it is now, for as long as the block takes."""
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            # A search in all answers happens in the first statement, and may take longer
            # than a page has.
            cursor.execute("SET LOCAL statement_timeout = '60s'")
            # Between statements we wait for whoever downloads. One who takes nothing for
            # this long is gone; until then old rows cannot be cleaned away.
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = '5min'")
        yield


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


def _evidence(submissions):
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


def _items(submissions):
    """Return the evidence items of each submission, by its id, in four queries."""
    items = {submission.pk: [] for submission in submissions}
    found = EvidenceItem.objects.filter(submission__in=items)
    for item in found.prefetch_related("questions", "principles", "attachments"):
        items[item.submission_id].append(item)
    return items


def _encoded(rows):
    lines = io.StringIO(newline="")
    writer = csv.writer(lines, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows([defuse(cell) for cell in row] for row in rows)
    return lines.getvalue().encode()


class Table:
    """What every row begins with, and what the call asks."""

    # Returns what the rows of some submissions are made of, by their ids.
    gather = staticmethod(_evidence)

    def __init__(self, consultation, *, with_email=False):
        self.consultation = consultation
        self.with_email = with_email

    # Asked for when the file is begun, and so of the same moment as its rows.
    @cached_property
    def questions(self):
        questions = Question.objects.filter(section__consultation=self.consultation)
        return list(questions.select_related("section"))

    @cached_property
    def versions(self):
        """Every version that was put out: a comment belongs to the text it was about."""
        return list(
            PrincipleVersion.objects.filter(principle__consultation=self.consultation)
            .order_by("principle__number", "number")
            .select_related("principle")
            .prefetch_related("sentences")
        )

    @property
    def sentences(self):
        return [one for version in self.versions for one in version.sentences.all()]

    def about_header(self):
        return [
            _("Reference"),
            _("Sent at"),
            _("Late"),
            _("Channel"),
            _("Responding"),
            _("Name"),
            _("Organisation"),
            _("Type of respondent"),
            _("Holds or bids for public service contracts"),
            _("Publication"),
            *([_("Email address")] if self.with_email else []),
        ]

    def about(self, submission):
        return [
            submission.reference,
            submission.submitted_at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            _("Late") if submission.is_late else "",
            submission.get_channel_display(),
            submission.get_on_behalf_display(),
            submission.name,
            submission.organisation,
            submission.get_respondent_type_display(),
            submission.get_holds_contracts_display(),
            submission.get_publication_display(),
            *([submission.email] if self.with_email else []),
        ]


class OneRowASubmission(Table):
    """Wide: a column for each question, two for each version and each sentence of one."""

    name = "submissions"

    @property
    def header(self):
        return [
            *self.about_header(),
            *(str(question) for question in self.questions),
            *(
                f"{_in_full(version)}: {part}"
                for version in self.versions
                for part in (_("stance"), _("comment"))
            ),
            *(
                f"{_sentence_code(sentence)} {sentence}: {part}"
                for sentence in self.sentences
                for part in (_("comment"), _("suggested wording"))
            ),
            _("The principles as a whole: comment"),
            _("Files"),
            _("Kept back"),
        ]

    def rows(self, submission, evidence):
        nothing, general = ("", ""), evidence.comments.get(None, NOTHING)
        yield [
            *self.about(submission),
            *(evidence.texts.get(one.pk, nothing)[0] for one in self.questions),
            *(
                cell
                for version in self.versions
                for cell in evidence.comments.get(version.pk, NOTHING)[:2]
            ),
            *(
                cell
                for sentence in self.sentences
                for cell in evidence.sentences.get(sentence.pk, NOTHING)[:2]
            ),
            general[1],
            "; ".join(name for name, _confidence in evidence.files),
            "; ".join(self._kept_back(evidence)),
        ]

    def _kept_back(self, evidence):
        """Yield as in "1.4: For Locality only" what is not published like the rest."""
        said = [
            *((one.code, evidence.texts.get(one.pk)) for one in self.questions),
            *((_code(one), evidence.comments.get(one.pk)) for one in self.versions),
            *(
                (_sentence_code(one), evidence.sentences.get(one.pk))
                for one in self.sentences
            ),
            (_("The principles as a whole"), evidence.comments.get(None)),
            *((name, (confidence,)) for name, confidence in evidence.files),
        ]
        for what, cells in said:
            if cells and cells[-1] != Confidence.PUBLISH:
                yield f"{what}: {Confidence(cells[-1]).label}"


class OneRowAnAnswer(Table):
    """Long: a row for each answer or comment, in the order of the call."""

    name = "answers"

    @property
    def header(self):
        return [
            *self.about_header(),
            _("Kind"),
            _("Section"),
            _("Code"),
            _("Question or principle"),
            _("Stance"),
            _("Text"),
            _("May be published"),
        ]

    def rows(self, submission, evidence):
        about = self.about(submission)
        for *cells, confidence in self._said(evidence):
            publication = publication_of(submission, Answer(confidence=confidence))
            yield [*about, *cells, str(publication.in_short)]

    def _said(self, evidence):
        for question in self.questions:
            if question.pk in evidence.texts:
                yield [
                    _("answer"),
                    str(question.section),
                    question.code,
                    question.wording,
                    "",
                    *evidence.texts[question.pk],
                ]
        for version in self.versions:
            if version.pk in evidence.comments:
                yield [
                    _("principle"),
                    _("The draft principles"),
                    _code(version),
                    _title(version),
                    *evidence.comments[version.pk],
                ]
            for sentence in version.sentences.all():
                yield from self._said_of(
                    sentence, *evidence.sentences.get(sentence.pk, NOTHING)
                )
        if None in evidence.comments:
            yield [
                _("general"),
                _("The draft principles"),
                "",
                _("The principles as a whole"),
                *evidence.comments[None],
            ]

    def _said_of(self, sentence, comment, suggestion, confidence):
        """Yield a row for the comment, and one for the wording that was suggested."""
        texts = {_("sentence"): comment, _("suggested wording"): suggestion}
        for kind, text in texts.items():
            if text:
                yield [
                    kind,
                    _("The draft principles"),
                    _sentence_code(sentence),
                    sentence.text,
                    "",
                    text,
                    confidence,
                ]


class OneRowAnItem(Table):
    """A row for each evidence item, with where it is used and the names of its files."""

    name = "evidence"
    gather = staticmethod(_items)

    @property
    def header(self):
        return [
            *self.about_header(),
            _("Title"),
            _("Kind"),
            _("What it says"),
            _("What it shows"),
            _("Service"),
            _("Place"),
            _("Period"),
            _("Source"),
            _("May be quoted"),
            _("Questions"),
            _("Principles"),
            _("Files"),
            _("May be published"),
        ]

    def rows(self, submission, items):
        about = self.about(submission)
        for item in items:
            yield [
                *about,
                item.title,
                item.get_kind_display(),
                item.details,
                item.get_shows_display(),
                item.service,
                item.place,
                item.period,
                item.source_url,
                item.get_may_quote_display(),
                " ".join(question.code for question in item.questions.all()),
                " ".join(f"P{one.number}" for one in item.principles.all()),
                "; ".join(attachment.name for attachment in item.attachments.all()),
                str(publication_of(submission, item).in_short),
            ]


TABLES = {
    table.name: table for table in (OneRowASubmission, OneRowAnAnswer, OneRowAnItem)
}


def _in_full(version):
    return f"{_code(version)} {_title(version)}"


def _code(version):
    return f"P{version.principle.number}"


def _sentence_code(sentence):
    """Return as in "P4v1.2": the second sentence of principle 4 in its first version."""
    return f"{_code(sentence.version)}v{sentence.version.number}.{sentence.number}"


def _title(version):
    """Return as in "Think local first (version 1)": a comment is about one wording."""
    return _("%(title)s (version %(number)s)") % {
        "title": version.principle.title,
        "number": version.number,
    }
