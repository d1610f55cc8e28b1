"""A submission whole, in the order of the call: for whoever reads it."""

from dataclasses import dataclass

from django.db.models import Q

from consultations.models import Question, Section
from principles.models import PrincipleVersion, Sentence

from . import journey, places, wording
from .models import (
    Answer,
    Attachment,
    EvidenceItem,
    PrincipleComment,
    SentenceComment,
)


@dataclass(frozen=True)
class ReadQuestion:
    question: Question
    answer: Answer | None
    items: list[EvidenceItem]

    @property
    def text(self):
        return self.answer.text if self.answer else ""


@dataclass(frozen=True)
class ReadSection:
    section: Section
    questions: list[ReadQuestion]


@dataclass(frozen=True)
class ReadSentence:
    sentence: Sentence
    said: SentenceComment | None

    @property
    def name(self):
        return places.name_of_sentence(self.sentence)

    @property
    def difference(self):
        """The pieces of the suggested wording, [] when none is suggested."""
        if not (self.said and self.said.suggestion):
            return []
        return wording.difference(self.sentence.text, self.said.suggestion)


@dataclass(frozen=True)
class ReadPrinciple:
    """A principle in the version that was commented on, else the current one."""

    version: PrincipleVersion
    comment: PrincipleComment | None
    sentences: list[ReadSentence]
    items: list[EvidenceItem]

    @property
    def has_something(self):
        said = any(read.said for read in self.sentences)
        return bool(self.comment or said or self.items)


@dataclass(frozen=True)
class ReadSubmission:
    sections: list[ReadSection]
    principles: list[ReadPrinciple]
    # About the principles as a whole.
    general: PrincipleComment | None
    # All of them, used on a question or not, each with its own files.
    items: list[EvidenceItem]
    # Those that belong to no item.
    attachments: list[Attachment]

    @property
    def files(self):
        """All attachments, of items and on their own."""
        of_items = [file for item in self.items for file in item.attachments.all()]
        return [*of_items, *self.attachments]

    @property
    def general_comment(self):
        return self.general.comment if self.general else ""


def whole(submission, as_of=None):
    """Return the `ReadSubmission`; the number of queries does not grow with it.

    What was sent is read under the wordings of `as_of`, else of when it was sent last.
    """
    items = evidence_items(submission)
    attachments = submission.attachments.filter(item=None).select_related("stored")
    return ReadSubmission(
        sections=_sections(submission, items, as_of),
        principles=principles(submission, items),
        general=submission.principle_comments.filter(version=None).first(),
        items=items,
        attachments=list(attachments),
    )


def evidence_items(submission):
    """Return the items with what they are used on and their files; four queries."""
    return list(_items(submission))


def evidence_item(submission, key):
    """Return the item of this key, read like the others, or None."""
    return _items(submission).filter(key=key).first()


def _items(submission):
    return items_in_reach(submission).prefetch_related(
        "questions", "principles", "attachments__stored"
    )


def items_in_reach(submission):
    """Return all items; to a guest, those that stand beside one of his parts."""
    if submission.may_write(journey.EVIDENCE):
        return submission.items.all()
    sections = [
        section.pk
        for section in submission.consultation.sections.all()
        if submission.may_write(journey.section_part(section))
    ]
    beside = Q(questions__section__in=sections)
    if submission.may_write(journey.PRINCIPLES):
        beside |= Q(principles__isnull=False)
    return submission.items.filter(beside).distinct()


def _sections(submission, items, as_of):
    answers = {answer.question_id: answer for answer in submission.answers.all()}
    sections = submission.consultation.sections.prefetch_related("questions")
    if submission.is_submitted:
        sections = sections.prefetch_related("questions__past_wordings")
        _put_back_wordings(sections, as_of or submission.last_sent_at)
    return [
        ReadSection(
            section,
            [
                ReadQuestion(
                    question,
                    answers.get(question.pk),
                    [item for item in items if question in item.questions.all()],
                )
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


def principles(submission, items=()):
    """Return a `ReadPrinciple` for each draft principle, in order.

    A comment on the principle or on one of its sentences was about one version: that
    one is shown.
    """
    comments = {
        comment.version_id: comment
        for comment in submission.principle_comments.filter(version__isnull=False)
    }
    said = said_of_sentences(submission)
    read = {*comments, *(one.sentence.version_id for one in said.values())}
    return [
        _principle(version, comments, said, items)
        for version in _versions(submission.consultation, read)
    ]


def _versions(consultation, read):
    """Return the current version of each principle, or the one of these ids."""
    current = PrincipleVersion.objects.current(consultation)
    older = (
        PrincipleVersion.objects.filter(pk__in=read)
        .order_by("number")
        .select_related("principle")
        .prefetch_related("sentences")
    )
    by_principle = {version.principle_id: version for version in older}
    return [by_principle.get(version.principle_id, version) for version in current]


def _principle(version, comments, said, items):
    return ReadPrinciple(
        version=version,
        comment=comments.get(version.pk),
        sentences=sentences(version, said),
        items=[item for item in items if version.principle in item.principles.all()],
    )


def sentences(version, said):
    """Return a `ReadSentence` for each sentence of a version."""
    return [
        ReadSentence(sentence, said.get(sentence.pk))
        for sentence in version.sentences.all()
    ]


def said_of_sentences(submission):
    """Return what is said about sentences, by their ids."""
    comments = submission.sentence_comments.select_related("sentence")
    return {said.sentence_id: said for said in comments}
