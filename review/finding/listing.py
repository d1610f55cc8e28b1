"""The submissions of a selection as a list: in order, page by page, row by row."""

from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Count, F, Max, Q

from review import bounded
from review.models import Flag, Note, Reading, SearchDocument
from submissions.models import (
    Channel,
    Publication,
    RespondentType,
    Revision,
    Submission,
)

from . import search
from .excerpts import excerpts_of

PER_PAGE = 50
# Each of them shows where it was found, and is as high as two.
FOUND_PER_PAGE = 25
# The words of so many are read to tell how well they answer a search.
RANKED_AT_MOST = 500

ORDERS = {
    "newest": ["-submitted_at", "-pk"],
    "oldest": ["submitted_at", "pk"],
    "longest": ["-search__word_count", "-search__pk"],
    "relevance": ["-rank", "-submitted_at", "-pk"],
}
KINDS, CHANNELS = dict(RespondentType.choices), dict(Channel.choices)


@dataclass
class Row:
    """One submission of the list with what staff made of it, as one person sees it."""

    submission: Submission
    # The number of the revision that this person has read, None for none.
    read: int | None
    newest: int
    readers: int
    notes: int
    is_flagged: bool
    excerpts: list = field(default_factory=list)

    @property
    def is_read(self):
        return self.read is not None and self.read >= self.newest

    @property
    def is_changed(self):
        """Whether it was changed after this person read it."""
        return self.read is not None and not self.is_read

    @property
    def other_readers(self):
        return self.readers - (self.read is not None)

    # Looked up by hand: get_…_display() reads all choices each time, a tenth of the page.
    # Like there, what is no choice any more stands for itself.
    @property
    def kind(self):
        kind = self.submission.respondent_type
        return KINDS.get(kind, kind)

    @property
    def channel(self):
        channel = self.submission.channel
        return CHANNELS.get(channel, channel)

    @property
    def may_publish(self):
        chosen = self.submission.publication
        return Publication(chosen).in_short if chosen in Publication else chosen

    @property
    def assignee(self):
        assignment = getattr(self.submission, "assignment", None)
        return assignment and assignment.user

    @property
    def seen(self):
        """The submission and whose it was, for a form that changes several at once."""
        assignment = getattr(self.submission, "assignment", None)
        return f"{self.submission.pk}-{assignment.user_id if assignment else ''}"


class Listing:
    """One page of a selection's submissions."""

    def __init__(self, selection, page=1):
        self.selection = selection
        self.page = min(max(1, page), self.pages)

    @cached_property
    def pages(self):
        paged = min(self.selection.count, self.ranks_some or bounded.AT_MOST)
        return max(1, -(-paged // self.per_page))

    @property
    def per_page(self):
        return FOUND_PER_PAGE if self.selection.asked else PER_PAGE

    @property
    def is_cut(self):
        """Whether it goes on after the last page."""
        is_longer = self.selection.count > self.pages * self.per_page
        return self.selection.is_more or is_longer

    @property
    def ranks_some(self):
        """How many of the newest are ranked, when not all of them are; else None."""
        is_ranked = self.selection.sort == "relevance"
        is_cut = is_ranked and self.selection.count > RANKED_AT_MOST
        return RANKED_AT_MOST if is_cut else None

    @property
    def first(self):
        return (self.page - 1) * self.per_page + 1

    @property
    def last(self):
        return self.first + len(self.rows) - 1

    @cached_property
    def rows(self):
        start = self.first - 1
        # Their ids first: an index has them, and nothing is joined to those before.
        ids = in_order(self.selection).values_list("pk", flat=True)
        ids = list(ids[start : start + self.per_page])
        found = Submission.objects.select_related("assignment__user", "search")
        found = found.defer("search__words", "search__who").in_bulk(ids)
        return rows_of(
            [found[pk] for pk in ids if pk in found],
            self.selection.user,
            self.selection.asked,
        )


def in_order(selection):
    """Return the submissions of a selection in the order that it asks for.

    The best answers to a search are looked for among the newest that it finds.
    """
    found = selection.listed
    if selection.sort == "relevance":
        newest = selection.newest(RANKED_AT_MOST)
        found = Submission.objects.filter(search.among(newest))
        found = found.annotate(rank=search.rank_of(selection.asked))
    elif selection.sort == "longest":
        # Every one has its document; said here, the index on its length can be used.
        found = found.filter(search__isnull=False)
    return found.order_by(*ORDERS[selection.sort])


def rows_of(submissions, user, asked=None):
    """Return a `Row` for each of these; the number of queries does not grow."""
    ids = [submission.pk for submission in submissions]
    readings = Reading.objects.filter(submission__in=ids)
    read = dict(readings.filter(user=user).values_list("submission", "revision"))
    readers = _counted(readings)
    notes = _counted(Note.objects.filter(submission__in=ids))
    flagged = Flag.objects.filter(submission__in=ids, user=user)
    flagged = set(flagged.values_list("submission", flat=True))
    sent = Revision.objects.filter(submission__in=ids).order_by()
    newest = dict(sent.values_list("submission").annotate(Max("number")))
    found = excerpts_of(ids, asked) if asked else {}
    return [
        Row(
            submission,
            read=read.get(submission.pk),
            newest=newest.get(submission.pk, 1),
            readers=readers.get(submission.pk, 0),
            notes=notes.get(submission.pk, 0),
            is_flagged=submission.pk in flagged,
            excerpts=found.get(submission.pk, []),
        )
        for submission in submissions
    ]


def _counted(rows):
    return dict(rows.order_by().values_list("submission").annotate(Count("pk")))


@dataclass(frozen=True)
class Place:
    """Where a submission stands in a list: `number` is None where counting takes long."""

    previous: Submission | None
    next: Submission | None
    number: int | None


def place_of(selection, submission):
    """Return the `Place` of a submission in the list of a selection."""
    if selection.asked:
        return _place_in_search(selection, submission)
    found = selection.submissions
    above, below = _sides(selection.sort, submission)
    return Place(
        previous=found.filter(above).order_by(*_turned(selection.sort)).first(),
        next=found.filter(below).order_by(*ORDERS[selection.sort]).first(),
        number=found.filter(above).order_by().count() + 1,
    )


def _place_in_search(selection, submission):
    ids = list(in_order(selection).values_list("pk", flat=True)[:RANKED_AT_MOST])
    if submission.pk not in ids:
        return Place(None, None, None)
    at = ids.index(submission.pk)
    around = [pk for pk in (ids[at - 1] if at else None, *ids[at + 1 : at + 2]) if pk]
    found = Submission.objects.in_bulk(around)
    return Place(
        previous=found.get(ids[at - 1]) if at else None,
        next=found.get(ids[at + 1]) if at + 1 < len(ids) else None,
        number=at + 1,
    )


def _sides(sort, submission):
    """Return the Qs of what stands above and below a submission."""
    if sort == "longest":
        document = SearchDocument.objects.filter(pk=submission.pk)
        key = "search__word_count"
        value = document.values_list("word_count", flat=True).first() or 0
    else:
        key, value = "submitted_at", submission.submitted_at
    pk = submission.pk
    # The first of the conditions is in the others too: by it the index is entered.
    more = Q(**{f"{key}__gte": value})
    more &= Q(**{f"{key}__gt": value}) | Q(**{key: value, "pk__gt": pk})
    less = Q(**{f"{key}__lte": value})
    less &= Q(**{f"{key}__lt": value}) | Q(**{key: value, "pk__lt": pk})
    return (less, more) if sort == "oldest" else (more, less)


def _turned(sort):
    return [
        F(name.removeprefix("-")).asc() if name.startswith("-") else F(name).desc()
        for name in ORDERS[sort]
    ]
