"""Pages of submissions, newest first, that stay fast and stable however many there are.

?older=812    those sent before submission 812
?newer=812    those sent after it
"""

from dataclasses import dataclass

from django.db.models import Q

from submissions.models import Submission

SIZE = 25


@dataclass(frozen=True)
class Page:
    submissions: list[Submission]
    # The submission from which an address goes on; None where there is nothing that way.
    newer: int | None = None
    older: int | None = None


def page_of(submissions, query):
    """Return the `Page` that a QueryDict asks for; what makes no sense is the first."""
    newest_first = submissions.order_by("-submitted_at", "-pk")
    if edge := _edge(query.get("older")):
        found = _first(newest_first.filter(_older_than(edge)))
        return _page(found[:SIZE], has_newer=True, has_older=len(found) > SIZE)
    if edge := _edge(query.get("newer")):
        oldest_first = submissions.order_by("submitted_at", "pk")
        found = _first(oldest_first.filter(_newer_than(edge)))
        return _page(found[:SIZE][::-1], has_newer=len(found) > SIZE, has_older=True)
    found = _first(newest_first)
    return _page(found[:SIZE], has_newer=False, has_older=len(found) > SIZE)


def _first(submissions):
    """Return one more than a page holds; by their ids, which an index has in order."""
    ids = list(submissions.values_list("pk", flat=True)[: SIZE + 1])
    found = Submission.objects.in_bulk(ids)
    return [found[pk] for pk in ids if pk in found]


def _page(found, *, has_newer, has_older):
    if not found:
        return Page([])
    return Page(
        found,
        newer=found[0].pk if has_newer else None,
        older=found[-1].pk if has_older else None,
    )


def _edge(value):
    """Return when the submission of this id was sent, and its id, or None."""
    if not value or not value.isascii() or not value.isdecimal() or len(value) > 18:
        return None
    sent = Submission.objects.submitted().filter(pk=value)
    return sent.values_list("submitted_at", "pk").first()


def _older_than(edge):
    # The first of the conditions is in the others too: by it the index is entered.
    moment, pk = edge
    same = Q(submitted_at=moment, pk__lt=pk)
    return Q(submitted_at__lte=moment) & (Q(submitted_at__lt=moment) | same)


def _newer_than(edge):
    moment, pk = edge
    same = Q(submitted_at=moment, pk__gt=pk)
    return Q(submitted_at__gte=moment) & (Q(submitted_at__gt=moment) | same)
