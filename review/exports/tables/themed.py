from functools import cached_property

from django.utils.translation import gettext as _
from psycopg2.sql import SQL

from review.exports.words import literal

from .base import Column, Table, may_be_published_column, place_column

# What stands in a place now: nothing, and kept back, once the respondent has sent
# changes that leave it out.
OWN = SQL("""
texts AS (
    SELECT submission_id, place, code, text, confidence FROM said
    UNION ALL
    SELECT submission_id, place || '-wording', code, wording, confidence FROM said
    WHERE wording IS NOT NULL
    UNION ALL
    SELECT submission_id, place_of_item, coalesce(nullif(title, ''), {untitled}),
        details, public_confidence
    FROM items
),
own AS (
    SELECT marked.*, texts.code, texts.text, texts.confidence,
        CASE marked.quote WHEN '' THEN texts.text <> ''
        ELSE strpos(texts.text, marked.quote) > 0 END AS stands
    FROM marked
    LEFT JOIN texts USING (submission_id, place)
),
""")


class OneRowAPassage(Table):
    """A row for each theme on a passage."""

    name = "passages"
    own_rows = SQL("JOIN own ON own.submission_id = about.id")

    @property
    def title(self):
        return _("Themed passages")

    @cached_property
    def own_relations(self):
        return OWN.format(untitled=literal(_("Evidence without a title")))

    def own_columns(self):
        return [
            place_column(),
            Column(
                _("Code"), _("As in 1.4, P2 or P2v1.3; of an item, its title."), "code"
            ),
            Column(_("Theme"), _("Its name in the codebook."), "own.theme"),
            Column(_("Part of"), _("The theme that it is part of."), "own.part_of"),
            Column(
                _("Passage"),
                _("The words that the theme stands on."),
                "coalesce(nullif(own.quote, ''), own.text)",
            ),
            self._extent(),
            self._stands(),
            Column(_("Theme added by"), _("A member of staff."), "own.added_by"),
            Column(_("Theme added at"), _("UTC, ISO 8601."), "own.added_at_utc"),
            may_be_published_column(
                "CASE WHEN own.stands THEN own.confidence ELSE 'locality-only' END"
            ),
        ]

    def _extent(self):
        return Column(
            _("Extent"),
            _("“Passage”, or “All” when the theme stands on all of the text."),
            SQL("CASE own.quote WHEN '' THEN {} ELSE {} END").format(
                literal(_("All")), literal(_("Passage"))
            ),
        )

    def _stands(self):
        return Column(
            _("Stands in the text"),
            _("“No” when the respondent has since sent other words."),
            SQL("CASE WHEN own.stands THEN {} ELSE {} END").format(
                literal(_("Yes")), literal(_("No"))
            ),
        )
