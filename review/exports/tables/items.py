from django.utils.translation import gettext as _
from psycopg2.sql import SQL

from review.exports.words import in_words
from submissions.models import EvidenceKind, MayQuote, Shows

from .base import Column, Table, may_be_published_column, place_column

OWN = SQL("""
own AS (
    SELECT items.*, (
        SELECT string_agg(f.name, '; ' ORDER BY f.number) FROM files f
        WHERE f.item_id = items.id
    ) AS files
    FROM items
),
""")


class OneRowAnItem(Table):
    """A row for each evidence item, with where it is used and the names of its files."""

    name = "evidence"
    own_relations = OWN
    own_rows = SQL("JOIN own ON own.submission_id = about.id")
    place = SQL("own.place_of_item")

    @property
    def title(self):
        return _("Evidence")

    def own_columns(self):
        typed, chosen = _("As the respondent typed it."), _("As the respondent chose.")
        return [
            place_column("own.place_of_item"),
            Column(_("Title"), typed, "own.title"),
            Column(_("Kind"), chosen, in_words("own.kind", EvidenceKind)),
            Column(_("What it says"), typed, "own.details"),
            Column(_("What it shows"), chosen, in_words("own.shows", Shows)),
            Column(_("Service"), typed, "own.service"),
            Column(_("Place it is about"), typed, "own.place"),
            Column(_("Period"), typed, "own.period"),
            Column(_("Source"), _("An address on the web."), "own.source_url"),
            Column(_("May be quoted"), chosen, in_words("own.may_quote", MayQuote)),
            Column(
                _("Questions"),
                _("Codes of the questions it stands under."),
                "array_to_string(own.questions, ' ')",
            ),
            Column(
                _("Principles"),
                _("Codes of the principles it stands under."),
                "array_to_string(ARRAY(SELECT 'P' || unnest(own.principles)), ' ')",
            ),
            Column(_("Files"), _("The names of its files."), "own.files"),
            may_be_published_column("own.public_confidence"),
        ]
