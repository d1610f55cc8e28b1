"""A submission whole, in the order of the call: for whoever reads it."""

from dataclasses import dataclass

from consultations.models import Question, Section
from principles.models import PrincipleVersion

from .models import PrincipleComment


@dataclass(frozen=True)
class ReadQuestion:
    question: Question
    text: str


@dataclass(frozen=True)
class ReadSection:
    section: Section
    questions: list[ReadQuestion]


@dataclass(frozen=True)
class ReadPrinciple:
    """A principle in the version that was commented on, else the current one."""

    version: PrincipleVersion
    comment: PrincipleComment | None


@dataclass(frozen=True)
class ReadSubmission:
    sections: list[ReadSection]
    principles: list[ReadPrinciple]
    general_comment: str


def whole(submission):
    """Return the `ReadSubmission`; the number of queries does not grow with it."""
    return ReadSubmission(
        sections=_sections(submission),
        principles=principles(submission),
        general_comment=general_comment(submission),
    )


def _sections(submission):
    texts = dict(submission.answers.values_list("question", "text"))
    sections = submission.consultation.sections.prefetch_related("questions")
    if submission.is_submitted:
        sections = sections.prefetch_related("questions__past_wordings")
        _put_back_wordings(sections, submission.submitted_at)
    return [
        ReadSection(
            section,
            [
                ReadQuestion(question, texts.get(question.pk, ""))
                for question in section.questions.all()
            ],
        )
        for section in sections
    ]


def _put_back_wordings(sections, moment):
    """Show each question as it read when it was answered, whatever staff made of it."""
    for section in sections:
        for question in section.questions.all():
            question.wording = question.wording_at(moment)


def principles(submission):
    """Return a `ReadPrinciple` for each draft principle, in order."""
    comments = {
        comment.version.principle_id: comment
        for comment in submission.principle_comments.filter(version__isnull=False)
        .select_related("version__principle")
        .prefetch_related("version__sentences")
    }
    return [
        ReadPrinciple(comment.version if comment else current, comment)
        for current in PrincipleVersion.objects.current(submission.consultation)
        for comment in [comments.get(current.principle_id)]
    ]


def general_comment(submission):
    general = submission.principle_comments.filter(version=None).first()
    return general.comment if general else ""
