"""The submissions of a selection as a list: in order, page by page, row by row."""

from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from django.db.models import (
    Count,
    Exists,
    F,
    Max,
    OuterRef,
    Q,
    Subquery,
)
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language

from review import bounded
from review.models import Flag, Note, Reading, SearchDocument
from submissions.compiled import OneOf, compiled
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
}
# What a row says of the submission itself.
SHOWN = (
    "reference",
    "name",
    "organisation",
    "respondent_type",
    "channel",
    "publication",
    "is_late",
    "submitted_at",
)
KINDS, CHANNELS = dict(RespondentType.choices), dict(Channel.choices)


@dataclass
class Row:
    """One submission of the list with what staff made of it, as one person sees it."""

    # As `_shown` gives it.
    submission: Submission
    excerpts: list = field(default_factory=list)

    @property
    def is_read(self):
        read = self.submission.read_revision
        return read is not None and read >= (self.submission.newest_revision or 1)

    @property
    def is_changed(self):
        """Whether it was changed after this person read it."""
        return self.submission.read_revision is not None and not self.is_read

    @property
    def other_readers(self):
        is_mine = self.submission.read_revision is not None
        return (self.submission.reader_count or 0) - is_mine

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
        return _in_short(self.submission.publication, get_language())

    @cached_property
    def _sent(self):
        return localtime(self.submission.submitted_at)

    @property
    def sent_on(self):
        return _in_words(self._sent.date(), get_language())

    @property
    def sent_at(self):
        return f"{self._sent:%H:%M}"

    @property
    def seen(self):
        """The submission and whose it was, for a form that changes several at once."""
        return f"{self.submission.pk}-{self.submission.assignee_id or ''}"


@lru_cache(maxsize=100)
def _in_short(publication, language):
    """As for the kinds, but that Python looks long for the word that belongs to one."""
    is_known = publication in Publication
    return Publication(publication).in_short if is_known else publication


@lru_cache(maxsize=1_000)
def _in_words(day, language):
    """Many are sent on one day, and a template finds out about each how to write it."""
    return date_format(day, "j M Y")


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
        ids = list(in_order(self.selection)[start : start + self.per_page])
        user, asked = self.selection.user, self.selection.asked
        shown = {one.pk: one for one in _shown(ids, user and user.pk)}
        excerpts = excerpts_of(ids, asked) if asked else {}
        return [Row(shown[pk], excerpts.get(pk, [])) for pk in ids if pk in shown]


def in_order(selection):
    """Return the ids of a selection in the order that it asks for, to take a slice of.

    The best answers to a search are looked for among the newest that it finds.
    """
    if selection.sort == "relevance":
        return search.ranked(selection.asked, selection.newest(RANKED_AT_MOST))
    found = selection.listed
    if selection.sort == "longest":
        # Every one has its document; said here, the index on its length can be used.
        found = found.filter(search__isnull=False)
    return found.order_by(*ORDERS[selection.sort]).values_list("pk", flat=True)


@compiled
def _shown(ids, user):
    """Return submissions with what the list shows of them; each sees the own readings."""
    readings, notes = _of_it(Reading), _of_it(Note)
    shown = Submission.objects.filter(pk__in=OneOf(ids)).only(*SHOWN).order_by()
    return shown.annotate(
        word_count=F("search__word_count"),
        assignee_id=F("assignment__user"),
        assignee=F("assignment__user__username"),
        read_revision=Subquery(readings.filter(user=user).values("revision")),
        newest_revision=_one(_of_it(Revision), Max("number")),
        reader_count=_one(readings, Count("pk")),
        note_count=_one(notes, Count("pk")),
        is_flagged=Exists(_of_it(Flag).filter(user=user)),
    )


def _of_it(model):
    return model.objects.filter(submission=OuterRef("pk")).order_by()


def _one(rows, aggregate):
    """Return what all of these rows come to; None if there are none."""
    return Subquery(rows.values("submission").values(found=aggregate))


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
    ids = list(in_order(selection)[:RANKED_AT_MOST])
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
