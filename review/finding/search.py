"""Full text: what is asked for, which submissions hold it, and where in them.

"Phrases in quotes", or, and -without are PostgreSQL's websearch. A part of a reference, a
name or an address for email is found as well, if it is three characters or longer.
"""

import json
import re
import unicodedata
from collections import deque
from dataclasses import dataclass
from itertools import groupby, islice
from operator import itemgetter

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db import connection
from django.db.models import F, Q, Value
from django.db.models.expressions import RawSQL
from django.utils.html import format_html, format_html_join
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

# Around what was found; nobody types these, and a text that holds them loses them.
BEGIN, END = "\ue000", "\ue001"
EXCERPTS = 2
# Of all documents.
FREQUENT = 0.05
BEFORE, LENGTH = 60, 260
MATCHES = 40
BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")


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


def is_frequent(asked):
    """Whether so many hold it that the newest of them are found by walking.

    Where one in a hundred does, a hundred vectors are read for each that is found; all of
    them are gathered sooner, by the index.
    """
    holding_it = expected(SearchDocument.objects.filter(words=query_of(asked)))
    return holding_it >= FREQUENT * expected(SearchDocument.objects.all())


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


def among(ids):
    """Return a Q that holds for these; the database knows from it how many they are."""
    return Q(pk__in=RawSQL("SELECT unnest(%s::bigint[])", [ids]))


def query_of(asked):
    return SearchQuery(asked.value, config=CONFIG, search_type="websearch")


def rank_of(asked):
    """Return how well a submission answers; long ones have no advantage."""
    return SearchRank(F("search__words"), query_of(asked), normalization=Value(1))


@dataclass(frozen=True)
class Excerpt:
    """Where in a submission a search was found."""

    # As in review/said.py.
    place: str
    code: str
    # Pairs of a piece of text and whether it was looked for.
    pieces: list

    @property
    def marked(self):
        """The text with marks, for a page: a template would take three times as long."""
        return format_html_join(
            "",
            "{}",
            (
                [format_html("<mark>{}</mark>", text) if is_marked else text]
                for text, is_marked in self.pieces
            ),
        )


def excerpts(submissions, asked):
    """Return up to two `Excerpt`s of each of these ids, by id; two queries."""
    if not (submissions and asked.stems):
        return {}
    # The longest first: of two that fit, a word begins with the longer.
    stems = sorted({*map(re.escape, asked.stems)}, key=len, reverse=True)
    looked_for = re.compile(rf"\b(?:{'|'.join(stems)})")
    chosen = [
        (pk, one)
        for pk, texts in groupby(_texts(submissions), key=itemgetter(0))
        for one in _best(_candidates(texts, looked_for, len(stems)), EXCERPTS)
    ]
    marked = _marked([one.window for _pk, one in chosen], asked)
    found = {}
    for (pk, one), text in zip(chosen, marked, strict=True):
        pieces = _pieces(text)
        if any(is_marked for _text, is_marked in pieces):
            found.setdefault(pk, []).append(Excerpt(one.place, one.code, pieces))
    return found


def _candidates(texts, looked_for, stems):
    """Return a `_Candidate` of each text, up to the last that can be among the best."""
    found, complete = [], 0
    for _pk, *text in texts:
        found.append(_Candidate(*text, looked_for, stems))
        complete += len(found[-1].held) == stems
        if complete == EXCERPTS:
            break
    return found


def _best(candidates, number):
    """Return those that hold most of what is looked for, and then what those lack."""
    best, held = [], set()
    left = [one for one in candidates if one.held]
    while left and len(best) < number:
        one = max(left, key=lambda one: (len(one.held - held), len(one.held)))
        best.append(one)
        held |= one.held
        left.remove(one)
    return best


class _Candidate:
    """One text, and the stretch of it that holds most of what is looked for."""

    def __init__(self, place, code, text, looked_for, stems):
        self.place, self.code, self.text = place, code, text
        self.at, self.held = 0, set()
        # The first are enough: a text of 200,000 characters may hold thousands.
        near = deque()
        for match in islice(looked_for.finditer(_plain(text)), MATCHES):
            near.append((match.start(), match.group()))
            while near[0][0] <= match.start() - LENGTH + BEFORE:
                near.popleft()
            held = {stem for _at, stem in near}
            if len(held) > len(self.held):
                self.at, self.held = near[0][0], held
            if len(held) == stems:
                break

    @property
    def window(self):
        return _window(self.text, self.at)


def _plain(text):
    """Return small letters without accents; each character stays at its place."""
    return BEYOND_ASCII.sub(
        lambda found: unicodedata.normalize("NFD", found.group())[0], text.lower()
    )


def _window(text, at):
    """Return the words around a place of a text, with dots where it was cut."""
    start, end = max(0, at - BEFORE), at + LENGTH - BEFORE
    part = text[start:end]
    if start and " " in part[:BEFORE]:
        part = part[part.index(" ") + 1 :]
    if end < len(text) and " " in part[-BEFORE:]:
        part = part[: part.rindex(" ")]
    part = " ".join(part.replace(BEGIN, "").replace(END, "").split())
    return f"{'… ' if start else ''}{part}{' …' if end < len(text) else ''}"


def _texts(submissions):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT submission_id, place, code, text FROM review_said "
            "WHERE submission_id = ANY(%s) ORDER BY submission_id, place",
            [list(submissions)],
        )
        return cursor.fetchall()


def _marked(windows, asked):
    """Return the texts with what was looked for between BEGIN and END."""
    options = f'HighlightAll=true, StartSel="{BEGIN}", StopSel="{END}"'
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ts_headline(%s, part, %s::tsquery, %s) "
            "FROM unnest(%s::text[]) WITH ORDINALITY AS parts (part, number) "
            "ORDER BY number",
            [CONFIG, asked.query, options, windows],
        )
        return [text for (text,) in cursor.fetchall()]


def _pieces(text):
    pieces = []
    for part in re.split(f"({BEGIN}.*?{END})", text, flags=re.DOTALL):
        is_marked = part.startswith(BEGIN)
        if part:
            pieces.append((part.strip(BEGIN + END), is_marked))
    return pieces
