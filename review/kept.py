"""Figures of a call: counted when somebody looks, and kept where that takes long.

A figure of a large call is kept as it stood at a moment, which its page names. The worker
counts it again every few minutes.
"""

import datetime as dt
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from consultations.models import Consultation
from submissions.models import Submission

from .finding.groups import NONE
from .models import KeptFigure
from .statements import may_take

# More than these take longer to count than somebody waits for a page.
COUNTED_AT_ONCE = 2_000
# What the worker left to grow older is counted by whoever looks.
KEPT_FOR = dt.timedelta(minutes=30)
# The worker spends no more than this share of its time on counting one figure.
SHARE = 1 / 60
# Seconds that a count may take; a million submissions take a third.
LONGEST = 25
EVERYTHING = Q()
# Of what is being counted for the first time: nobody shows what is so old.
NOT_YET = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Kind:
    """What is counted, by which keys."""

    name: str
    # Takes submissions, and a Q of what is to be counted in them; returns rows of a key, a
    # type of respondent, and numbers.
    count: Callable


@dataclass(frozen=True)
class Figure:
    """Numbers by a key and by type of respondent."""

    rows: list
    # When it was counted; None for just now.
    counted_at: dt.datetime | None = None

    def among(self, types):
        """Return the figure of these types of respondent alone, as addresses name them."""
        types = ["" if one == NONE else one for one in types]
        rows = [row for row in self.rows if row[1] in types]
        return Figure(rows, self.counted_at)

    @property
    def total(self):
        return sum(row[2] for row in self.rows)

    @property
    def by_key(self):
        return self._added_up(0)

    @property
    def by_type(self):
        return self._added_up(1)

    def _added_up(self, column):
        sums = defaultdict(int)
        for row in self.rows:
            sums[row[column]] += row[2]
        return dict(sums)

    def of(self, key):
        """Return the figure of one key alone."""
        return Figure([row for row in self.rows if row[0] == key], self.counted_at)


class Figures:
    """The figures of what a selection has of a call."""

    def __init__(self, selection, call):
        self.selection, self.call = selection, call

    @cached_property
    def are_kept(self):
        """Whether they are kept: of a large call, whose kept figures know types alone."""
        chosen = self.selection.chosen
        is_of_call = self.call.slug in chosen.get("call", [self.call.slug])
        return is_of_call and chosen.keys() <= {"call", "type"} and is_large(self.call)

    def of(self, kind, within=EVERYTHING):
        """Return the `Figure` of a kind; what is counted now is counted `within` a Q."""
        if not self.are_kept:
            submissions = self.selection.submissions.filter(consultation=self.call)
            return Figure(kind.count(submissions.order_by(), within))
        figure = kept(self.call, kind) or keep(self.call, kind)
        if "type" not in self.selection.chosen:
            return figure
        return figure.among(self.selection.chosen["type"])


def of_all_calls(kind):
    """Return the `Figure` of a kind whose keys begin with a call.

    What is not kept of a large call is counted, and kept, by whoever looks.
    """
    fresh = {one.consultation_id: one for one in _fresh().filter(name=kind.name)}
    found = [Figure(one.rows, one.counted_at) for one in fresh.values()]
    others = Consultation.objects.exclude(pk__in=fresh).order_by()
    large = list(_large(others))
    found += [keep(call, kind) for call in large]
    small = others.exclude(pk__in=[call.pk for call in large])
    submissions = Submission.objects.submitted().filter(consultation__in=small)
    counted_now = kind.count(submissions.order_by(), EVERYTHING)
    return Figure(
        [row for one in found for row in one.rows] + counted_now,
        min((one.counted_at for one in found), default=None),
    )


def is_large(call):
    return _large(Consultation.objects.filter(pk=call.pk)).exists()


def _large(calls):
    some = Submission.objects.submitted().filter(consultation=OuterRef("pk"))
    return calls.filter(Exists(some.order_by()[COUNTED_AT_ONCE:]))


def kept(call, kind):
    """Return the kept `Figure` of a kind, or None."""
    found = _fresh().filter(consultation=call, name=kind.name).first()
    return found and Figure(found.rows, found.counted_at)


def _fresh():
    return KeptFigure.objects.filter(counted_at__gt=timezone.now() - KEPT_FOR)


def keep(call, kind):
    """Count what a call has received, and keep the `Figure`; return it.

    What is forgotten while it is counted is not kept: its row is gone.
    """
    place, _made = KeptFigure.objects.get_or_create(
        consultation=call,
        name=kind.name,
        defaults={"rows": [], "counted_at": NOT_YET, "milliseconds": 0},
    )
    now, begun = timezone.now(), time.monotonic()
    with transaction.atomic(), may_take(LONGEST):
        rows = kind.count(call.submissions.submitted().order_by(), EVERYTHING)
    KeptFigure.objects.filter(pk=place.pk).update(
        rows=rows,
        counted_at=now,
        milliseconds=round((time.monotonic() - begun) * 1000),
    )
    return Figure(rows, now)


def forget(call, *kinds):
    """Have whoever looks next count these anew."""
    names = [kind.name for kind in kinds]
    KeptFigure.objects.filter(consultation=call, name__in=names).delete()


def is_due(figure, now):
    """Whether the worker is to count a `KeptFigure` again."""
    return (
        figure.counted_at + dt.timedelta(milliseconds=figure.milliseconds / SHARE)
        <= now
    )
