"""Full text: what is asked for, which submissions hold it, and where in them.

"Phrases in quotes", or, and -without are PostgreSQL's websearch. A part of a reference, a
name or an address for email is found as well, if it is three characters or longer.
"""

from dataclasses import dataclass

from django.contrib.postgres.search import SearchQuery
from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .groups import Group, Option

CONFIG = "review_english"
LONGEST = 500
# An index of three-letter groups finds nothing shorter.
SHORTEST_PART = 3


@dataclass(frozen=True)
class Asked:
    """What a search asks for."""

    # The words to look for as a tsquery, "" when there are only words to leave out.
    words: str
    # As the documents have it: small letters without accents.
    part: str

    @property
    def has_part(self):
        letters = [one for one in self.part if one.isalnum()]
        return len(self.part) >= SHORTEST_PART and len(letters) > 1

    @property
    def finds_something(self):
        return bool(self.words or self.has_part)


def understood(text):
    """Return the `Asked` of what was typed; one query, which reads no table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT querytree(websearch_to_tsquery(%s, %s)), lower(unaccent(%s))",
            [CONFIG, text, text],
        )
        words, part = cursor.fetchone()
    return Asked("" if words == "T" else words, part)


class FullText(Group):
    """What is typed into the search box."""

    def options(self, user):
        return []

    def read(self, typed, user):
        text = " ".join(" ".join(typed[:1]).split())
        if not text:
            return [], []
        if len(text) > LONGEST or not understood(text).finds_something:
            return [], [text]
        return [Option(text, _("“%(text)s”") % {"text": text})], []

    def condition(self, chosen, user):
        text = chosen[0].value
        asked = understood(text)
        found = Q(pk__in=[])
        if asked.words:
            found |= Q(search__words=query_of(text))
        if asked.has_part:
            found |= Q(search__who__contains=asked.part)
        return found


FULL_TEXT = FullText("q", gettext_lazy("Search"))


def query_of(text):
    return SearchQuery(text, config=CONFIG, search_type="websearch")
