"""Full text: what is asked for, and which submissions hold it.

"Phrases in quotes", or, and -without are PostgreSQL's websearch. A part of a reference, a
name or an address for email is found as well, if it is three characters or longer.
"""

import json
import re
from dataclasses import dataclass

from django.contrib.postgres.search import SearchQuery
from django.db import connection
from django.db.models import Q
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
# What more hold is walked to, from the newest: a vector is read for each that is passed, and
# where one in a hundred holds it these are a hundred for each that is found.
GATHERED_AT_MOST = 25_000
# Of the newest of all, ten are named by an index in the time that it takes to look one up.
NAMED_FOR_ONE = 10
# What more hold the index of words takes longer to list than a walk to the first of them.
LISTED_AT_MOST = 50_000
# The newest that hold something are looked for among so many times as many of the newest of
# all as should do; and once more, if those hold it more seldom.
MARGINS = (1.2, 4)
# So many documents are drawn, by the page, to see how many hold what is searched for.
SAMPLE = 500
SAMPLED = """
    SELECT avg((words @@ websearch_to_tsquery(%s, %s) OR who LIKE %s)::integer)
    FROM review_searchdocument TABLESAMPLE SYSTEM (%s) REPEATABLE (0)
"""
# Long ones have no advantage.
RANKED = """
    SELECT submission_id FROM unnest(%s::bigint[]) WITH ORDINALITY AS given (id, number)
    JOIN review_searchdocument ON submission_id = id
    ORDER BY ts_rank(words, websearch_to_tsquery(%s, %s), 1) DESC, number
"""


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
    def is_phrase(self):
        """Whether words are to stand beside one another, which no index says."""
        return "<" in self.query

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


def about(asked, many):
    """Return about how many hold it, as the database expects.

    It takes words for strangers, which stand together by chance. So where it expects many, a
    sample is to find at least half of them, or it is the sample that tells.
    """
    number = expected(_documents(asked))
    if number < many:
        return number
    sampled = _sampled(asked)
    return number if 2 * sampled >= number else sampled


def _documents(asked):
    holding = Q(words=query_of(asked)) if asked.query else Q(pk__in=[])
    if asked.has_part:
        holding |= Q(who__contains=asked.part)
    return SearchDocument.objects.filter(holding)


def _sampled(asked):
    documents = number_of_documents()
    percent = min(100, 100 * SAMPLE / documents)
    with connection.cursor() as cursor:
        cursor.execute(SAMPLED, [CONFIG, asked.value, asked.pattern or "", percent])
        [share] = cursor.fetchone()
    return round(documents * (share or 0))


def number_of_documents():
    """Return about how many there are."""
    return max(1, expected(SearchDocument.objects.all()))


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


def is_gathered(asked, holding):
    """Whether the index gives all that hold it sooner than a walk comes to enough of them."""
    return holding <= GATHERED_AT_MOST and not asked.is_phrase


def newest_of(holding, submissions, number, found_among):
    """Return the ids of so many of the newest that a search finds, or None.

    `holding` is about how many it finds; `found_among` tells which of an array it finds.
    None where these are few enough to look each up or too many to list, or where the
    newest hold it more seldom than others do.
    """
    # It is expected, and may be expected to be none.
    recent = number * number_of_documents() / max(holding, 1)
    if holding > LISTED_AT_MOST or recent > NAMED_FOR_ONE * holding:
        return None
    for margin in MARGINS:
        many = round(margin * recent)
        named = _named(submissions, many)
        newest = named.strip("{}").split(",")
        found = {str(pk) for pk in found_among(named)}
        ids = [int(pk) for pk in newest if pk in found]
        # Fewer than were asked for are all that there are.
        if len(ids) >= number or len(newest) < many:
            return ids[:number]
    return None


def _named(submissions, number):
    """Return the ids of so many of the newest, as an array is written."""
    newest = submissions.order_by("-submitted_at", "-pk").values("pk")[:number]
    sql, params = newest.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT ARRAY({sql})::text", params)
        return cursor.fetchone()[0]


def found_among(asked, named):
    """Return those of the ids of an array that a search finds, in no order.

    As the array stands in the query, the database knows how long it is: the index of ids
    meets that of words before a row is read.
    """
    found, params = _documents(asked).values_list("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            f"{found} AND submission_id = ANY(%s::bigint[])", [*params, named]
        )
        return [pk for (pk,) in cursor.fetchall()]


def among(ids):
    """Return a Q that holds for these; the database knows from it how many they are."""
    return Q(pk__in=RawSQL("SELECT unnest(%s::bigint[])", [_as_array(ids)]))


def _as_array(ids):
    """Return numbers as a text: to read one number after the other takes twice as long."""
    return f"{{{','.join(map(str, ids))}}}"


def query_of(asked):
    return SearchQuery(asked.value, config=CONFIG, search_type="websearch")


def ranked(asked, ids):
    """Return these ids, the best answer first; of equal ones that which stood first."""
    with connection.cursor() as cursor:
        cursor.execute(RANKED, [_as_array(ids), CONFIG, asked.value])
        return [pk for (pk,) in cursor.fetchall()]
