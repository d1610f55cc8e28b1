"""Which submissions: one filter for the list, the counts, the charts and the exports.

    ?type=councillor&type=academic&channel=email&q="smaller lots"

Values of one group widen it (or), groups narrow each other (and). Names that it does not
know are left alone: they are the page's own. Values that make no sense are left out, and
said in `refused`.
"""

from collections import Counter
from functools import cached_property

from django.db.models import Count
from django.http import QueryDict
from django.utils.text import slugify
from django.utils.translation import gettext_lazy

from review import bounded, kept
from submissions.models import Submission

from . import search
from .groups import GROUPS
from .search import FULL_TEXT

ALL_GROUPS = {group.name: group for group in (*GROUPS, FULL_TEXT)}
# Columns of the submission: the list counts their values.
COUNTED = {group.name: group for group in GROUPS if group.column}
# The type comes last, as in the rows of a figure.
COUNTED["type"] = COUNTED.pop("type")
LONGEST_SLUG = 80
# A search that finds more is not counted, but for the few that other groups leave of it.
COUNTED_AT_MOST = 5_000
LARGE_COUNTED_AT_MOST = 1_000
# Where a search is expected to find so many, nobody looks whether it finds 5,000; fewer are
# gathered once, and looked up from then on.
SURELY_LARGE = 10_000
SORTS = {
    "relevance": gettext_lazy("Best match first"),
    "newest": gettext_lazy("Newest first"),
    "oldest": gettext_lazy("Oldest first"),
    "longest": gettext_lazy("Longest first"),
}


def _by_columns(submissions, within):
    columns = [group.column for group in COUNTED.values()]
    found = submissions.filter(within).values_list(*columns)
    return [
        [key, kind, number] for *key, kind, number in found.annotate(number=Count("pk"))
    ]


COLUMNS = kept.Kind("columns", _by_columns)


class Selection:
    """The submissions that staff chose by an address's query."""

    def __init__(self, query, user=None):
        """Take a QueryDict; `user` is whose flags and readings are meant."""
        self.query = query
        self.user = user

    @classmethod
    def of(cls, request):
        return cls(request.GET, request.user)

    @classmethod
    def from_string(cls, query_string, user=None):
        """Return the selection of an address's query, with or without "?"."""
        return cls(QueryDict(query_string.removeprefix("?")), user)

    @cached_property
    def options(self):
        """Return the chosen `Option`s of each group that narrows."""
        return {
            name: chosen for name, (chosen, _refused) in self._read.items() if chosen
        }

    @cached_property
    def _read(self):
        return {
            name: group.read(self.query.getlist(name), self.user)
            for name, group in ALL_GROUPS.items()
            if any(self.query.getlist(name))
        }

    @cached_property
    def chosen(self):
        """Return the values of each group, as {"type": ["councillor"]}."""
        return {
            name: [option.value for option in options]
            for name, options in self.options.items()
        }

    @property
    def refused(self):
        """Return a sentence for each group of which values were left out."""
        return [
            ALL_GROUPS[name].refusal(refused)
            for name, (_chosen, refused) in self._read.items()
            if refused
        ]

    @property
    def is_everything(self):
        return not self.options

    @property
    def asked(self):
        """What is searched for, a `search.Asked`, or None."""
        return self.options.get("q", [None])[0]

    @cached_property
    def sort(self):
        """The order of the list, a name of SORTS; a search begins with the best."""
        asked = self.query.get("sort")
        known = asked in SORTS and (self.asked or asked != "relevance")
        return asked if known else self._usual_sort

    @property
    def _usual_sort(self):
        return "relevance" if self.asked else "newest"

    @cached_property
    def conditions(self):
        """Return the Q of each group that narrows, by its name."""
        return {
            name: ALL_GROUPS[name].condition(options, self.user)
            for name, options in self.options.items()
        }

    @property
    def submissions(self):
        """Return what was sent, stands, and is chosen."""
        return self._narrowed(self.conditions.values())

    @property
    def listed(self):
        """Return the same, in the way that counts and lists them fastest."""
        return self._narrowed(self._conditions_of_list.values())

    @cached_property
    def _conditions_of_list(self):
        """Return the conditions: the list asks several times, and searches once."""
        if not self.asked:
            return self.conditions
        if self._are_gathered:
            return self.conditions | {"q": search.among(self._found)}
        if search.is_gathered(self.asked, self._about):
            return self.conditions
        return self.conditions | {"q": search.holding(self.asked)}

    def newest(self, number):
        """Return the ids of so many of the newest that a search finds."""
        ids = None
        if self.is_large:
            others = [q for name, q in self.conditions.items() if name != "q"]
            among = self._narrowed(others)
            holding = max(self._about, 0 if self._is_surely_large else len(self._found))
            ids = search.newest_of(holding, among, number, self._found_among)
        newest = self.listed.order_by("-submitted_at", "-pk")
        return ids or list(newest.values_list("pk", flat=True)[:number])

    @cached_property
    def _about(self):
        """About how many a search finds."""
        return search.about(self.asked, SURELY_LARGE)

    @property
    def _is_surely_large(self):
        return self._about >= SURELY_LARGE

    @cached_property
    def _found(self):
        """The ids of all that a search finds, or of more than are looked up."""
        return search.ids_of(self.asked, SURELY_LARGE + 1)

    @property
    def _are_gathered(self):
        return not self._is_surely_large and len(self._found) <= SURELY_LARGE

    def _found_among(self, named):
        """Return those of an array of ids that a search finds, and maybe others."""
        if self._are_gathered:
            return self._found
        return search.found_among(self.asked, named)

    @property
    def is_large(self):
        """Whether it searches for what so many hold that they are not counted."""
        if not self.asked:
            return False
        return self._is_surely_large or len(self._found) > COUNTED_AT_MOST

    def _narrowed(self, conditions):
        found = Submission.objects.submitted()
        for condition in conditions:
            found = found.filter(condition)
        return found

    @cached_property
    def query_string(self):
        """Return the filter and the order as an address has them, "" for neither."""
        return self._address(self.chosen)

    def without(self, name, value):
        """Return the query string of the same filter less one value."""
        return self._address(
            {
                group: [one for one in values if (group, one) != (name, value)]
                for group, values in self.chosen.items()
            }
        )

    def sorted_by(self, sort):
        """Return the query string of the same filter in another order."""
        return self._address(self.chosen, sort)

    def _address(self, chosen, sort=None):
        query = QueryDict(mutable=True)
        for name, values in chosen.items():
            if values:
                query.setlist(name, values)
        sort = sort or self.sort
        if sort != self._usual_sort:
            query["sort"] = sort
        return f"?{query.urlencode()}" if query else ""

    def in_words(self):
        """Return a sentence for each group, as in "Type: Academic or Think tank"."""
        return [
            ALL_GROUPS[name].in_words(options) for name, options in self.options.items()
        ]

    @property
    def slug(self):
        """Return the filter for the name of a file; what was searched for is not in it."""
        if self.is_everything:
            return "all"
        said = []
        for name, values in self.chosen.items():
            said += [name, *(values if name not in ("q", "assignee") else [])]
        return slugify("-".join(said))[:LONGEST_SLUG].strip("-")

    @property
    def _is_by_columns(self):
        """Whether it narrows by counted columns alone, whose figures are kept."""
        return self.chosen.keys() <= COUNTED.keys()

    @cached_property
    def counts(self):
        """Return how many there are of each value, as {"type": {"councillor": 7}}.

        A group's own choice is left out of its counts: they say what ticking would give.
        None for a filter that leaves too many to be told apart while somebody waits.
        """
        is_known = self._is_by_columns or self.count <= COUNTED_AT_MOST
        if self.is_large or not is_known:
            return None
        counts = {name: Counter() for name in COUNTED}
        for row, number in self._cube:
            for name, of_group in counts.items():
                if self._holds(row, leaving_out=name):
                    of_group[row[name]] += number
        return counts

    @cached_property
    def count(self):
        """How many are chosen; where it `is_more`, more than so many.

        Where `is_counted` is false, about how many.
        """
        if self.is_large:
            return self._about_how_many()
        if self._is_by_columns or self.asked:
            return sum(number for row, number in self._cube if self._holds(row))
        return min(self._as_far_as_paged, bounded.AT_MOST)

    @property
    def is_more(self):
        is_bounded = not (self._is_by_columns or self.asked)
        return is_bounded and self._as_far_as_paged > bounded.AT_MOST

    @cached_property
    def _as_far_as_paged(self):
        return bounded.count_of(self.listed)

    def _about_how_many(self):
        if self.chosen.keys() == {"q"}:
            return max(COUNTED_AT_MOST + 1, self._about)
        holding = self.conditions | {"q": search.holding(self.asked)}
        expected = search.expected(self._narrowed(holding.values()))
        found = self.listed.order_by()
        some = found.values("pk")[: LARGE_COUNTED_AT_MOST + 1].count()
        return some if some <= LARGE_COUNTED_AT_MOST else max(some, expected)

    @property
    def by_call(self):
        """How many are chosen of each call, by its slug."""
        counts = Counter()
        for row, number in self._cube:
            if self._holds(row):
                counts[row["call"]] += number
        return counts

    @property
    def is_counted(self):
        return not self.is_large or self.count <= LARGE_COUNTED_AT_MOST

    @property
    def counted_at(self):
        """When what it counts was counted; None for just now."""
        return self._counted.counted_at if self._is_by_columns else None

    @cached_property
    def _counted(self):
        """The `kept.Figure` of all by the counted columns: few combinations occur."""
        others = [
            condition
            for name, condition in self._conditions_of_list.items()
            if name not in COUNTED
        ]
        if not others:
            return kept.of_all_calls(COLUMNS)
        found = self._narrowed(others).order_by()
        return kept.Figure(COLUMNS.count(found, kept.EVERYTHING))

    @cached_property
    def _cube(self):
        values = {name: group.values() for name, group in COUNTED.items()}
        return [
            (
                {
                    name: values[name].get(one)
                    for name, one in zip(COUNTED, [*key, kind], strict=True)
                },
                number,
            )
            for key, kind, number in self._counted.rows
        ]

    def among(self, figure):
        """Return what a figure of calls and types has of these calls and types."""
        calls = {pk for one in self.options.get("call", []) for pk in one.ids}
        rows = [row for row in figure.rows if not calls or row[0][0] in calls]
        narrowed = kept.Figure(rows, figure.counted_at)
        types = self.chosen.get("type")
        return narrowed.among(types) if types else narrowed

    def _holds(self, row, leaving_out=None):
        chosen = self.chosen
        return all(
            name == leaving_out or value in chosen.get(name, [value])
            for name, value in row.items()
        )
