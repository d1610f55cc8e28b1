from django.utils.translation import gettext as _

from review.exports import gathering
from submissions import places
from submissions.data import moment
from submissions.models import Confidence

from .base import (
    Column,
    Row,
    Table,
    code_of,
    may_be_published_column,
    place_column,
    place_of,
    sentence_code,
)

# What stood in the place is not there any more: the respondent has sent changes.
GONE = ("", "", Confidence.LOCALITY_ONLY)


class OneRowAPassage(Table):
    """A row for each theme on a passage."""

    name = "passages"
    own_needs = (gathering.said, gathering.items, gathering.reviewed)

    @property
    def title(self):
        return _("Themed passages")

    def own_columns(self):
        return [
            place_column(),
            Column(_("Code"), _("As in 1.4, P2 or P2v1.3; of an item, its title.")),
            Column(_("Theme"), _("Its name in the codebook.")),
            Column(_("Part of"), _("The theme that it is part of.")),
            Column(_("Passage"), _("The words that the theme stands on.")),
            Column(
                _("Extent"),
                _("“Passage”, or “All” when the theme stands on all of the text."),
            ),
            Column(
                _("Stands in the text"),
                _("“No” when the respondent has since sent other words."),
            ),
            Column(_("Theme added by"), _("A member of staff.")),
            Column(_("Theme added at"), _("UTC, ISO 8601.")),
            may_be_published_column(),
        ]

    def own_rows(self, submission, evidence):
        texts = self._texts(evidence) if evidence.themes else {}
        for marked in evidence.themes:
            code, text, confidence = texts.get(marked.place, GONE)
            theme = self.themes[marked.theme]
            stands = marked.quote in text if marked.quote else bool(text)
            yield Row(
                [
                    marked.place,
                    code,
                    theme.name,
                    theme.parent.name if theme.parent else "",
                    marked.quote or text,
                    _("Passage") if marked.quote else _("All"),
                    _("Yes") if stands else _("No"),
                    marked.added_by,
                    moment(marked.added_at),
                    self.in_words.may_be_published(
                        submission, confidence if stands else Confidence.LOCALITY_ONLY
                    ),
                ],
                marked.place,
            )

    def _texts(self, evidence):
        """Return (code, text, confidence) of all that was said, by its place."""
        texts = {}
        for question in self.questions:
            if said := evidence.texts.get(question.pk):
                texts[f"question-{question.slug}"] = (question.code, *said)
        for version in self.versions:
            if said := evidence.comments.get(version.pk):
                texts[place_of(version)] = (code_of(version), *said[1:])
            for sentence in self.sentences[version.pk]:
                texts |= _on_sentence(sentence, evidence.sentences.get(sentence.pk))
        if said := evidence.comments.get(None):
            texts["principles"] = ("", *said[1:])
        for item in evidence.items:
            texts[f"item-{item.key}"] = (
                str(item),
                item.details,
                item.public_confidence,
            )
        return texts


def _on_sentence(sentence, said):
    if said is None:
        return {}
    comment, suggestion, confidence = said
    place, code = (
        f"sentence-{places.name_of_sentence(sentence)}",
        sentence_code(sentence),
    )
    return {
        place: (code, comment, confidence),
        f"{place}-wording": (code, suggestion, confidence),
    }
