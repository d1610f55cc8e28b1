"""A submission whole, in the order of the call: for whoever reads it."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext

from consultations.models import PastWording, Question, Section
from principles.models import PrincipleVersion, Sentence

from . import calls, inventory, journey, places, wording
from .compiled import compiled
from .models import (
    Answer,
    Attachment,
    Confidence,
    EvidenceItem,
    PrincipleComment,
    SentenceComment,
    Stance,
)

# get_…_display() reads all choices each time.
STANCES = dict(Stance.choices)


def _is_kept_back(said):
    return said is not None and said.confidence != Confidence.PUBLISH


@dataclass(frozen=True)
class ReadQuestion:
    question: Question
    answer: Answer | None
    items: list[EvidenceItem]

    @property
    def text(self):
        return self.answer.text if self.answer else ""

    @property
    def anchor(self):
        return f"id_answer-{self.question.slug}"

    @property
    def in_words(self):
        return gettext("your answer to question %(code)s") % {
            "code": self.question.code
        }

    @property
    def has_something(self):
        return bool(self.text)

    @property
    def none_in_words(self):
        return gettext("Not answered (that is fine)")

    @property
    def is_kept_back(self):
        """Whether the answer is published less than the whole response."""
        return _is_kept_back(self.answer)


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
    def stance(self):
        """The stance of the comment in words, or ""."""
        return STANCES.get(self.comment.stance, "") if self.comment else ""

    @property
    def text(self):
        return self.comment.comment if self.comment else ""

    @property
    def is_kept_back(self):
        """Whether the comment is published less than the whole response."""
        return _is_kept_back(self.comment)

    @property
    def none_in_words(self):
        return gettext("No comment (that is fine)")

    @property
    def anchor(self):
        return f"id_stance-{self.version.principle.number}-v{self.version.number}"

    @property
    def in_words(self):
        return gettext("your comment on principle %(number)s") % {
            "number": self.version.principle.number
        }

    @property
    def has_something(self):
        return bool(self.comment or self.said or self.items)

    @property
    def said(self):
        """The sentences that something is said about."""
        return [read for read in self.sentences if read.said]


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
    # Whether others are or were invited to write in it.
    is_shared: bool

    @property
    def files(self):
        """All attachments, of items and on their own."""
        of_items = [file for item in self.items for file in item.attachments.all()]
        return [*of_items, *self.attachments]

    @property
    def has_something(self):
        """Whether anything is said or shown."""
        answered = any(
            asked.answer for part in self.sections for asked in part.questions
        )
        commented = any(principle.has_something for principle in self.principles)
        return bool(
            answered or commented or self.general or self.items or self.attachments
        )

    @property
    def general_comment(self):
        return self.general.comment if self.general else ""


def whole(submission, as_of=None):
    """Return the `ReadSubmission`; the number of queries does not grow with it.

    What was sent is read under the wordings of `as_of`, else of when it was sent last.
    """
    there = inventory.of(submission)
    items = evidence_items(submission) if there.items else []
    comments = comments_of(submission) if there.principle_comments else {}
    said = said_of_sentences(submission) if there.sentence_comments else {}
    return ReadSubmission(
        sections=_sections(submission, items, as_of),
        principles=principles(submission, comments, said, items),
        general=comments.get(None),
        items=items,
        attachments=_on_their_own(submission) if there.attachments else [],
        is_shared=there.invitations > 0,
    )


def _on_their_own(submission):
    attachments = submission.attachments.filter(item=None)
    return list(attachments.select_related("stored"))


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
        for section in calls.of(submission).sections.all()
        if submission.may_write(journey.section_part(section))
    ]
    beside = Q(questions__section__in=sections)
    if submission.may_write(journey.PRINCIPLES):
        beside |= Q(principles__isnull=False)
    return submission.items.filter(beside).distinct()


def _sections(submission, items, as_of):
    answers = {answer.question_id: answer for answer in _answers(submission.pk)}
    worded = {}
    if submission.is_submitted:
        worded = _wordings(submission, as_of or submission.last_sent_at)
    return [
        ReadSection(
            section,
            [
                ReadQuestion(
                    worded.get(question.pk, question),
                    answers.get(question.pk),
                    [item for item in items if question in item.questions.all()],
                )
                for question in section.questions.all()
            ],
        )
        for section in calls.of(submission).sections.all()
    ]


def _wordings(submission, moment):
    """Return, by their ids, the questions that read otherwise at a moment, as they did."""
    replaced = PastWording.objects.filter(
        question__section__consultation=submission.consultation_id,
        replaced_at__gt=moment,
    )
    worded = {}
    for past in replaced.order_by("-replaced_at").select_related("question__section"):
        past.question.wording = past.wording
        worded[past.question_id] = past.question
    return worded


def comments_of(submission):
    """Return the comments on principles by the id of their version; None is for all."""
    return {one.version_id: one for one in _comments(submission.pk)}


@compiled
def _comments(submission):
    return PrincipleComment.objects.filter(submission=submission)


@compiled
def _answers(submission):
    return Answer.objects.filter(submission=submission)


def principles(submission, comments, said, items=()):
    """Return a `ReadPrinciple` for each draft principle, in order.

    `comments` and `said` are what `comments_of` and `said_of_sentences` gave. A comment
    on the principle or on one of its sentences was about one version: that one is shown.
    """
    read = {*comments, *(one.sentence.version_id for one in said.values())}
    return [
        _principle(version, comments, said, items)
        for version in _versions(calls.of(submission), read)
    ]


def _versions(call, read):
    """Return the current version of each principle, or the one of these ids."""
    principles = [list(one.versions.all()) for one in call.principles.all()]
    return [
        next((one for one in reversed(versions) if one.pk in read), versions[-1])
        for versions in principles
        if versions
    ]


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
