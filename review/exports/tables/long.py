from functools import cached_property

from django.utils.translation import gettext as _
from psycopg2.sql import SQL

from review.exports.words import in_words, literal
from submissions.models import Stance

from .base import Column, Table, may_be_published_column, place_column

# A row for each thing said; about a sentence, for each text that is not blank.
OWN = SQL("""
own AS (
    SELECT said.*, one.*
    FROM said
    CROSS JOIN LATERAL (VALUES
        (FALSE, said.text, said.place, said.kind),
        (TRUE, said.wording, said.place || '-wording', {wording})
    ) one (is_wording, own_text, own_place, own_kind)
    WHERE one.own_text <> '' OR (said.wording IS NULL AND NOT one.is_wording)
),
""")


class OneRowAnAnswer(Table):
    """Long: a row for each answer or comment, in the order of the call."""

    name = "answers"
    own_rows = SQL("JOIN own ON own.submission_id = about.id")
    place = SQL("own.own_place")
    order = SQL(", own.number, own.is_wording")

    @property
    def title(self):
        return _("Answers")

    @cached_property
    def own_relations(self):
        return OWN.format(wording=literal(_("suggested wording")))

    def own_columns(self):
        return [
            place_column("own.own_place"),
            Column(
                _("Kind"),
                _("An answer, or a comment on a principle, a sentence, or them all."),
                "own.own_kind",
            ),
            Column(_("Section"), _("Of the call."), "own.section"),
            Column(_("Code"), _("As in 1.4, P2 or P2v1.3."), "own.code"),
            Column(_("Question or principle"), _("As it reads now."), "own.title"),
            Column(
                _("Stance"),
                _("On a principle, as the respondent chose."),
                in_words("own.stance", Stance),
            ),
            Column(_("Text"), _("As it was written."), "own.own_text"),
            may_be_published_column("own.confidence"),
        ]
