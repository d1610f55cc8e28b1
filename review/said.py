"""What respondents said, text by text, with the place that each stands in.

A place names a text of a submission whatever rows it is kept in:

    question-1-4               the answer to question 1.4
    principle-2-v1             the comment on draft principle 2 in its first version
    principles                 the comment on the principles as a whole
    sentence-2-v1-3            the comment on the third sentence of that version
    sentence-2-v1-3-wording    the wording suggested for it
    item-<key>                 what an evidence item says
"""

from collections import defaultdict
from dataclasses import dataclass

from submissions import places
from submissions.models import (
    Answer,
    Confidence,
    EvidenceItem,
    PrincipleComment,
    SentenceComment,
)


@dataclass(frozen=True)
class SaidText:
    """One text that a respondent wrote, never blank."""

    place: str
    # As in "1.4", "P2", "P2v1.3", or the title of an evidence item.
    code: str
    text: str
    confidence: Confidence
    # Ids; None where it stands under none.
    question: int | None = None
    version: int | None = None

    @property
    def is_wording(self):
        return self.place.endswith("-wording")


def said_in(submission):
    """Return the `SaidText`s of one submission, in the order of the call."""
    return said_by([submission.pk])[submission.pk]


def said_by(submissions):
    """Return the `SaidText`s of each of these ids, by id; four queries."""
    said = defaultdict(list)
    for model in READ:
        for pk, text in said_in_rows(model.objects.filter(submission__in=submissions)):
            said[pk].append(text)
    return {pk: said[pk] for pk in submissions}


def said_in_rows(rows):
    """Yield the id of a submission and a `SaidText`, for each that stands in these rows."""
    return READ[rows.model](rows)


def _answers(answers):
    ordered = answers.select_related("question__section").order_by(
        "question__section__number", "question__position"
    )
    for answer in ordered:
        question = answer.question
        yield (
            answer.submission_id,
            SaidText(
                f"question-{question.slug}",
                question.code,
                answer.text,
                Confidence(answer.confidence),
                question=question.pk,
            ),
        )


def _comments(comments):
    ordered = comments.exclude(comment="").select_related("version__principle")
    for comment in ordered.order_by("version__principle__number", "version__number"):
        place, code = "principles", ""
        if version := comment.version:
            place = f"principle-{version.principle.number}-v{version.number}"
            code = f"P{version.principle.number}"
        yield (
            comment.submission_id,
            SaidText(
                place,
                code,
                comment.comment,
                Confidence(comment.confidence),
                version=comment.version_id,
            ),
        )


def _sentences(comments):
    ordered = comments.select_related("sentence__version__principle").order_by(
        "sentence__version__principle__number",
        "sentence__version__number",
        "sentence__number",
    )
    for said in ordered:
        version = said.sentence.version
        place = f"sentence-{places.name_of_sentence(said.sentence)}"
        code = f"P{version.principle.number}v{version.number}.{said.sentence.number}"
        texts = {place: said.comment, f"{place}-wording": said.suggestion}
        for where, text in texts.items():
            if text:
                yield (
                    said.submission_id,
                    SaidText(
                        where,
                        code,
                        text,
                        Confidence(said.confidence),
                        version=version.pk,
                    ),
                )


def _items(items):
    for item in items.exclude(details=""):
        yield (
            item.submission_id,
            SaidText(
                f"item-{item.key}",
                str(item),
                item.details,
                Confidence(item.confidence),
            ),
        )


# In the order of the call.
READ = {
    Answer: _answers,
    PrincipleComment: _comments,
    SentenceComment: _sentences,
    EvidenceItem: _items,
}
