"""Which submissions: one filter for the list, the counts, the charts and the exports.

    ?type=councillor&type=academic&channel=email&q="smaller lots"

Values of one group widen it (or), groups narrow each other (and). Names that it does not
know are left alone: they are the page's own.
"""

from functools import cached_property

from django.http import QueryDict

from submissions.models import Submission

# The groups whose values are compared with a column as they are.
COLUMNS = {
    "call": "consultation__slug",
    "type": "respondent_type",
    "on_behalf": "on_behalf",
    "channel": "channel",
    "publication": "publication",
}


class Selection:
    """The submissions that staff chose by an address's query."""

    def __init__(self, query, user=None):
        """Take a QueryDict; `user` is whose flags and readings are meant."""
        self.query = query
        self.user = user

    @classmethod
    def of(cls, request):
        return cls(request.GET, request.user)

    @cached_property
    def chosen(self):
        """Return the values of each group, as {"type": ["councillor"]}."""
        return {
            name: self.query.getlist(name)
            for name in COLUMNS
            if any(self.query.getlist(name))
        }

    @property
    def is_everything(self):
        return not self.chosen

    @property
    def submissions(self):
        """Return what was sent, stands, and is chosen."""
        found = Submission.objects.submitted()
        for name, values in self.chosen.items():
            found = found.filter(**{f"{COLUMNS[name]}__in": values})
        return found

    @property
    def query_string(self):
        """Return the filter as an address has it, "" for everything."""
        query = QueryDict(mutable=True)
        for name, values in self.chosen.items():
            query.setlist(name, values)
        return f"?{query.urlencode()}" if query else ""
