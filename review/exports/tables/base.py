"""What every table begins and ends with: who said it, and what staff made of it.

A table is a query: its columns are expressions, its rows what the relations of
relations.py are joined to. Every cell is a text, "" for nothing.
"""

from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _
from psycopg2.sql import SQL, Composable

from review.exports.call import Call
from review.exports.relations import relations
from review.exports.words import in_words, literal, may_be_published
from submissions.models import (
    Channel,
    HoldsContracts,
    OnBehalf,
    Publication,
    RespondentType,
)

QUERY = SQL("""
WITH {relations},
about AS MATERIALIZED (SELECT id, submitted_at, publication, {about_cells} FROM sent),
{own_relations}
themed AS (
    SELECT submission_id, {theme_place} AS place,
        string_agg(DISTINCT theme COLLATE "C", '; ' ORDER BY theme COLLATE "C") AS themes
    FROM marked GROUP BY 1, 2
),
noted AS (
    SELECT submission_id, string_agg(
        written_at || ' ' || author || ': ' || text, E'\\n\\n' ORDER BY number
    ) AS notes
    FROM notes GROUP BY submission_id
)
SELECT {cells}
FROM about {own_rows} {reviewed}
ORDER BY about.submitted_at, about.id{order}
""")
REVIEWED = SQL("""
LEFT JOIN themed ON themed.submission_id = about.id AND themed.place = {place}
LEFT JOIN noted ON noted.submission_id = about.id
LEFT JOIN assigned ON assigned.submission_id = about.id
""")


@dataclass(frozen=True)
class Column:
    heading: str
    # For the data dictionary.
    meaning: str
    # An expression; null is an empty cell.
    cell: str | Composable

    @property
    def sql(self):
        return SQL(self.cell) if isinstance(self.cell, str) else self.cell


class Table:
    """Columns about the submission, then a table's own, then what staff made of it."""

    # Relations of its own, and what joins them to `about`, which has a row a submission.
    own_relations = own_rows = SQL("")
    # Within a submission.
    order = SQL(", own.number")
    # Where the themes stand that are beside a row; None for anywhere in the submission.
    place = SQL("own.place")

    def __init__(self, consultation, *, with_email=False, with_review=True):
        self.call = Call(consultation)
        self.with_email = with_email
        self.with_review = with_review

    @cached_property
    def columns(self):
        return [
            *self.about_columns,
            *self.own_columns(),
            *(review_columns() if self.with_review else []),
        ]

    @cached_property
    def about_columns(self):
        email = Column(_("Email address"), _("As the respondent gave it."), "email")
        return [*about_columns(), *([email] if self.with_email else [])]

    @property
    def header(self):
        return [column.heading for column in self.columns]

    @cached_property
    def query(self):
        """Return what asks for the rows of a page, with cells c0, c1 and so on."""
        theme_place = SQL("place") if self.place else SQL("''")
        return QUERY.format(
            relations=relations(self.call),
            about_cells=self._about_cells,
            own_relations=self.own_relations,
            theme_place=theme_place,
            cells=self._cells,
            own_rows=self.own_rows,
            reviewed=self._reviewed,
            order=self.order,
        )

    @cached_property
    def _about_cells(self):
        """Once a submission, however many rows it has."""
        return SQL(", ").join(
            SQL("{} AS {}").format(column.sql, SQL(f"about_{number}"))
            for number, column in enumerate(self.about_columns)
        )

    @cached_property
    def _cells(self):
        count = len(self.about_columns)
        cells = [
            *(SQL(f"about.about_{number}") for number in range(count)),
            *(column.sql for column in self.columns[count:]),
        ]
        return SQL(", ").join(
            SQL("coalesce({}, '') AS {}").format(cell, name)
            for cell, name in zip(cells, self.names, strict=True)
        )

    @property
    def names(self):
        """Return how `query` calls the cells."""
        return [SQL(f"c{number}") for number in range(len(self.columns))]

    @cached_property
    def query_as_json(self):
        """Return what asks for each row as an array of texts."""
        names = SQL(", ").join(self.names)
        rows = SQL("SELECT to_json(ARRAY[{}]) FROM ({}) rows")
        return rows.format(names, self.query)

    @cached_property
    def _reviewed(self):
        if not self.with_review:
            return SQL("")
        return REVIEWED.format(place=self.place or SQL("''"))


def about_columns():
    chosen, typed = _("As the respondent chose."), _("As the respondent gave it.")
    late = SQL("CASE WHEN is_late THEN {} END").format(literal(_("Late")))
    whole = _("The choice for the whole response; without one nothing is published.")
    by_hand = _("When a letter or an email came that staff took in; UTC, ISO 8601.")
    holds = in_words("holds_contracts", HoldsContracts)
    for_whom = _("For an organisation or as an individual.")
    ids = _("What the public reads it under: two when parts of it have no name.")
    return [
        Column(_("Reference"), _("The code on the respondent's receipt."), "reference"),
        Column(_("Sent at"), _("When it was sent first; UTC, ISO 8601."), "sent_at"),
        Column(_("Received at"), by_hand, "received"),
        Column(_("Late"), _("“Late” when it was accepted after closing."), late),
        Column(_("Channel"), _("How it reached us."), in_words("channel", Channel)),
        Column(_("Responding"), for_whom, in_words("on_behalf", OnBehalf)),
        Column(_("Name"), typed, "name"),
        Column(_("Organisation"), typed, "organisation"),
        Column(
            _("Type of respondent"), chosen, in_words("respondent_type", RespondentType)
        ),
        Column(_("Holds or bids for public service contracts"), chosen, holds),
        Column(_("Publication"), whole, in_words("publication", Publication)),
        Column(
            _("Published at"), _("When it was published; UTC, ISO 8601."), "published"
        ),
        Column(_("Public ids"), ids, "array_to_string(public_ids, ' ')"),
    ]


def review_columns():
    themes = _(
        "Themes that staff put on this place, or in a row for a whole "
        "submission on any place of it."
    )
    notes = _("Staff's own notes about the submission; never published.")
    return [
        Column(_("Themes"), themes, "themes"),
        Column(_("Notes"), notes, "notes"),
        Column(_("Assigned to"), _("Whose it is to read."), "assigned_to"),
    ]


def place_column(cell="own.place"):
    meaning = _("Names the text in every file and in JSON, as in question-1-4.")
    return Column(_("Place"), meaning, cell)


def may_be_published_column(cell):
    meaning = _("The stricter of the choice for the whole response and for this text.")
    return Column(_("May be published"), meaning, may_be_published(cell))
