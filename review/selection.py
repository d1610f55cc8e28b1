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
from django.utils.translation import gettext as _

from submissions.models import Submission

from .groups import GROUPS
from .search import FULL_TEXT

ALL_GROUPS = {group.name: group for group in (*GROUPS, FULL_TEXT)}
# Columns of the submission: the list counts their values.
COUNTED = {group.name: group for group in GROUPS if group.column}
LONGEST_SLUG = 80


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
            _("%(group)s does not know “%(values)s”: it is left out.")
            % {"group": ALL_GROUPS[name].words, "values": ", ".join(refused)[:100]}
            for name, (_chosen, refused) in self._read.items()
            if refused
        ]

    @property
    def is_everything(self):
        return not self.options

    @property
    def searched(self):
        """What was typed to search for, "" for nothing."""
        return self.chosen.get("q", [""])[0]

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
        return self._narrowed(self.conditions)

    def _narrowed(self, names):
        found = Submission.objects.submitted()
        for name in names:
            found = found.filter(self.conditions[name])
        return found

    @property
    def query_string(self):
        """Return the filter as an address has it, "" for everything."""
        return query_string_of(self.chosen)

    def without(self, name, value):
        """Return the query string of the same filter less one value."""
        return query_string_of(
            {
                group: [one for one in values if (group, one) != (name, value)]
                for group, values in self.chosen.items()
            }
        )

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

    @cached_property
    def counts(self):
        """Return how many there are of each value, as {"type": {"councillor": 7}}.

        A group's own choice is left out of its counts: they say what ticking would give.
        """
        counts = {name: Counter() for name in COUNTED}
        for row, number in self._cube:
            for name, of_group in counts.items():
                if self._holds(row, leaving_out=name):
                    of_group[row[name]] += number
        return counts

    @cached_property
    def count(self):
        """How many are chosen."""
        return sum(number for row, number in self._cube if self._holds(row))

    @cached_property
    def _cube(self):
        """Count once, by all the counted columns together: few combinations occur."""
        others = self._narrowed(self.conditions.keys() - COUNTED.keys())
        columns = [group.column for group in COUNTED.values()]
        rows = others.order_by().values_list(*columns).annotate(number=Count("pk"))
        return [(self._as_values(kept), number) for *kept, number in rows]

    def _as_values(self, kept):
        """Return a row of columns as {"type": "councillor"}."""
        return {
            name: group.value_of(value)
            for (name, group), value in zip(COUNTED.items(), kept, strict=True)
        }

    def _holds(self, row, leaving_out=None):
        chosen = self.chosen
        return all(
            name == leaving_out or value in chosen.get(name, [value])
            for name, value in row.items()
        )


def query_string_of(chosen):
    """Return {"type": ["councillor"]} as an address has it."""
    query = QueryDict(mutable=True)
    for name, values in chosen.items():
        if values:
            query.setlist(name, values)
    return f"?{query.urlencode()}" if query else ""
