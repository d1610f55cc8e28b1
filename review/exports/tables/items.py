from django.utils.translation import gettext as _

from review.exports import gathering
from submissions.models import EvidenceKind, MayQuote, Shows

from .base import (
    Column,
    Row,
    Table,
    may_be_published_column,
    place_column,
)


class OneRowAnItem(Table):
    """A row for each evidence item, with where it is used and the names of its files."""

    name = "evidence"
    own_needs = (gathering.items, gathering.files)

    @property
    def title(self):
        return _("Evidence")

    def own_columns(self):
        typed, chosen = _("As the respondent typed it."), _("As the respondent chose.")
        return [
            place_column(),
            Column(_("Title"), typed),
            Column(_("Kind"), chosen),
            Column(_("What it says"), typed),
            Column(_("What it shows"), chosen),
            Column(_("Service"), typed),
            Column(_("Place it is about"), typed),
            Column(_("Period"), typed),
            Column(_("Source"), _("An address on the web.")),
            Column(_("May be quoted"), chosen),
            Column(_("Questions"), _("Codes of the questions it stands under.")),
            Column(_("Principles"), _("Codes of the principles it stands under.")),
            Column(_("Files"), _("The names of its files.")),
            may_be_published_column(),
        ]

    def own_rows(self, submission, evidence):
        label = self.in_words.label
        for item in evidence.items:
            place = f"item-{item.key}"
            yield Row(
                [
                    place,
                    item.title,
                    label(EvidenceKind, item.kind),
                    item.details,
                    label(Shows, item.shows),
                    item.service,
                    item.place,
                    item.period,
                    item.source_url,
                    label(MayQuote, item.may_quote),
                    " ".join(question.code for question in item.questions.all()),
                    " ".join(f"P{one.number}" for one in item.principles.all()),
                    "; ".join(file.name for file in evidence.files_of(item)),
                    self.in_words.may_be_published(submission, item.public_confidence),
                ],
                place,
            )
