"""Full text: what is asked for, and which submissions hold it.

"Phrases in quotes", or, and -without are PostgreSQL's websearch. A part of a reference, a
name or an address for email is found as well, if it is three characters or longer.
"""

import json
import re
from dataclasses import dataclass

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db import connection
from django.db.models import F, Q, Value
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from review.models import SearchDocument

from .groups import Group, Option

CONFIG = "review_english"
LONGEST = 500
# An index of three-letter groups finds nothing shorter.
SHORTEST_PART = 3
# A phrase and a word to leave out are parts of nothing.
OPERATOR = re.compile(r'"|(?:^|\s)-')
# Shares of all documents. So many hold what is frequent that the newest of them are found
# by walking: where one in a hundred does, a hundred vectors are read for each that is
# found, and all of them are gathered sooner, by the index.
FREQUENT = 0.05
# Of those that hold what is not rare, the newest are looked for among the newest of all.
RARE = 0.01


@dataclass(frozen=True)
class Asked(Option):
    """What a search asks for."""

    # The words to look for as a tsquery, "" when there are only words to leave out.
    query: str = ""
    # As the documents have it: small letters without accents.
    part: str = ""

    @property
    def has_part(self):
        letters = [one for one in self.part if one.isalnum()]
        is_long = len(self.part) >= SHORTEST_PART and len(letters) > 1
        return is_long and not OPERATOR.search(self.part)

    @property
    def pattern(self):
        """The part as LIKE takes it; None is like nothing."""
        escaped = re.sub(r"([\\%_])", r"\\\1", self.part)
        return f"%{escaped}%" if self.has_part else None

    @property
    def stems(self):
        """What the words begin with in a text: "community" has the stem "communiti"."""
        quoted = re.findall(r"'((?:[^']|'')+)'", self.query)
        return [stem.replace("''", "'").removesuffix("i") for stem in quoted]


class FullText(Group):
    """What is typed into the search box."""

    def options(self, user):
        return []

    def read(self, typed, user):
        text = " ".join(" ".join(typed[:1]).split())
        if not text:
            return [], []
        if len(text) > LONGEST:
            return [], [text]
        asked = understood(text)
        return ([asked], []) if asked.query or asked.has_part else ([], [text])

    def refusal(self, refused):
        if len(refused[0]) > LONGEST:
            return _("A search takes %(number)s characters at most.") % {
                "number": LONGEST
            }
        return _(
            "“%(text)s” says nothing to look for. Type another word, not only very common "
            "ones or ones to leave out."
        ) % {"text": refused[0]}

    def condition(self, chosen, user):
        return Q(pk__in=RawSQL(*_statement(chosen[0])))  # noqa: S611


FULL_TEXT = FullText("q", gettext_lazy("Search"))


def understood(text):
    """Return the `Asked` of what was typed; one query, which reads no table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT querytree(websearch_to_tsquery(%s, %s)), lower(unaccent(%s))",
            [CONFIG, text, text],
        )
        query, part = cursor.fetchone()
    return Asked(text, text, query="" if query == "T" else query, part=part)


def _statement(asked, at_most=None):
    return (
        "SELECT review_search(websearch_to_tsquery(%s, %s), %s, %s)",
        [CONFIG, asked.value if asked.query else None, asked.pattern, at_most],
    )


def holding(asked):
    """Return the search as a Q: fast for the first of very many in some order."""
    found = Q(search__words=query_of(asked)) if asked.query else Q(pk__in=[])
    if asked.has_part:
        found |= Q(search__who__contains=asked.part)
    return found


def share_of(asked):
    """Return about which share of all hold it, as the database expects."""
    holding_it = expected(SearchDocument.objects.filter(words=query_of(asked)))
    return holding_it / max(1, expected(SearchDocument.objects.all()))


def expected(queryset):
    """Return about how many rows the database expects, without reading any."""
    [plan] = json.loads(queryset.order_by().explain(format="json"))
    rows = plan["Plan"]["Plan Rows"]
    return round(rows, 2 - len(str(rows)))


def ids_of(asked, at_most):
    """Return the ids of so many that a search finds, in no order."""
    with connection.cursor() as cursor:
        cursor.execute(*_statement(asked, at_most))
        return [pk for (pk,) in cursor.fetchall()]


def newest_of(asked, share, submissions, number):
    """Return the ids of so many of the newest that a search finds, or None.

    None where it would look among too many of the newest submissions, or finds too few
    among them: then each that it finds is to be looked up, to know when it was sent.
    """
    if not RARE <= share < FREQUENT:
        return None
    newest_first = submissions.order_by("-submitted_at", "-pk")
    recent = newest_first.values("pk", "submitted_at")[: round(2 * number / share)]
    recent, params = recent.query.sql_with_params()
    found, found_params = _statement(asked)
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH recent AS MATERIALIZED ({recent}) SELECT pk FROM recent"  # noqa: S608
            f" WHERE pk IN ({found}) ORDER BY submitted_at DESC, pk DESC LIMIT %s",
            [*params, *found_params, number],
        )
        ids = [pk for (pk,) in cursor.fetchall()]
    return ids if len(ids) == number else None


def among(ids):
    """Return a Q that holds for these; the database knows from it how many they are."""
    return Q(pk__in=RawSQL("SELECT unnest(%s::bigint[])", [ids]))


def query_of(asked):
    return SearchQuery(asked.value, config=CONFIG, search_type="websearch")


def rank_of(asked):
    """Return how well a submission answers; long ones have no advantage."""
    return SearchRank(F("search__words"), query_of(asked), normalization=Value(1))
