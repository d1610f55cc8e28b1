"""Counts of what is there now, only as far as somebody looks."""

from django.utils.functional import cached_property

from consultations.staff import WithinPages

# Nobody turns pages further than this: a filter or another order leads there sooner.
AT_MOST = 10_000


def count_of(rows):
    """Return how many rows a query has; of more than `AT_MOST`, one more than that."""
    return rows.order_by().values("pk")[: AT_MOST + 1].count()


class BoundedPages(WithinPages):
    """Pages of the first `AT_MOST` rows of a query."""

    @cached_property
    def _counted(self):
        return count_of(self.object_list)

    @property
    def count(self):
        return min(self._counted, AT_MOST)

    @property
    def is_cut(self):
        """Whether it goes on after the last page."""
        return self._counted > AT_MOST
