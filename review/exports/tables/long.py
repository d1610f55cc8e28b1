from functools import cached_property

from django.utils.translation import gettext as _

from review.exports import gathering
from submissions import places
from submissions.models import Stance

from .base import (
    Column,
    Row,
    Table,
    code_of,
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
        for begins, *cells, confidence in self._said(evidence):
            published = self.in_words.may_be_published(submission, confidence)
            yield Row([*begins, *cells, published], place=begins[0])

    def _said(self, evidence):
        """Yield what a row begins with, then stance, text and confidence."""
        for question in self.questions:
            if said := evidence.texts.get(question.pk):
                yield self._begins[question], "", *said
        for version in self.versions:
            if said := evidence.comments.get(version.pk):
                stance, *cells = said
                label = self.in_words.label(Stance, stance)
                yield self._begins[version], label, *cells
            for sentence in self.sentences[version.pk]:
                if said := evidence.sentences.get(sentence.pk):
                    comment, suggestion, confidence = said
                    if comment:
                        yield self._begins[sentence], "", comment, confidence
                    if suggestion:
                        begins = self._begins[sentence, "wording"]
                        yield begins, "", suggestion, confidence
        if None in evidence.comments:
            yield self._begins[None], *evidence.comments[None]

    @cached_property
    def _begins(self):
        """Return place, kind, section, code and wording of all that can be said."""
        section = _("The draft principles")
        whole = _("The principles as a whole")
        begins = {None: ["principles", _("general"), section, "", whole]}
        for question in self.questions:
            begins[question] = [
                f"question-{question.slug}",
                _("answer"),
                str(question.section),
                question.code,
                question.wording,
            ]
        for version in self.versions:
            title = title_of(version)
            cells = [section, code_of(version), title]
            begins[version] = [place_of(version), _("principle"), *cells]
            for sentence in self.sentences[version.pk]:
                place = f"sentence-{places.name_of_sentence(sentence)}"
                cells = [section, sentence_code(sentence), sentence.text]
                begins[sentence] = [place, _("sentence"), *cells]
                suggested = [f"{place}-wording", _("suggested wording"), *cells]
                begins[sentence, "wording"] = suggested
        return begins
