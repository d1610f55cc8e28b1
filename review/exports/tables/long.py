from django.utils.translation import gettext as _

from review.exports import gathering
from submissions import places
from submissions.models import Stance

from .base import (
    Column,
    Row,
    Table,
    code_of,
    may_be_published,
    may_be_published_column,
    place_column,
    place_of,
    sentence_code,
    title_of,
)


class OneRowAnAnswer(Table):
    """Long: a row for each answer or comment, in the order of the call."""

    name = "answers"
    own_needs = (gathering.said,)

    @property
    def title(self):
        return _("Answers")

    def own_columns(self):
        return [
            place_column(),
            Column(
                _("Kind"),
                _("An answer, or a comment on a principle, a sentence, or them all."),
            ),
            Column(_("Section"), _("Of the call.")),
            Column(_("Code"), _("As in 1.4, P2 or P2v1.3.")),
            Column(_("Question or principle"), _("As it reads now.")),
            Column(_("Stance"), _("On a principle, as the respondent chose.")),
            Column(_("Text"), _("As it was written.")),
            may_be_published_column(),
        ]

    def own_rows(self, submission, evidence):
        for place, *cells, confidence in self._said(evidence):
            published = may_be_published(submission, confidence)
            yield Row([place, *cells, published], place)

    def _said(self, evidence):
        for question in self.questions:
            if question.pk in evidence.texts:
                yield [
                    f"question-{question.slug}",
                    _("answer"),
                    str(question.section),
                    question.code,
                    question.wording,
                    "",
                    *evidence.texts[question.pk],
                ]
        for version in self.versions:
            if version.pk in evidence.comments:
                stance, *cells = evidence.comments[version.pk]
                yield [
                    place_of(version),
                    _("principle"),
                    _("The draft principles"),
                    code_of(version),
                    title_of(version),
                    str(Stance(stance).label) if stance else "",
                    *cells,
                ]
            for sentence in version.sentences.all():
                if sentence.pk in evidence.sentences:
                    yield from _said_of(sentence, *evidence.sentences[sentence.pk])
        if None in evidence.comments:
            yield [
                "principles",
                _("general"),
                _("The draft principles"),
                "",
                _("The principles as a whole"),
                *evidence.comments[None],
            ]


def _said_of(sentence, comment, suggestion, confidence):
    """Yield a row for the comment, and one for the wording that was suggested."""
    place = f"sentence-{places.name_of_sentence(sentence)}"
    for where, kind, text in (
        (place, _("sentence"), comment),
        (f"{place}-wording", _("suggested wording"), suggestion),
    ):
        if text:
            yield [
                where,
                kind,
                _("The draft principles"),
                sentence_code(sentence),
                sentence.text,
                "",
                text,
                confidence,
            ]
