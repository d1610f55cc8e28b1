"""Words in a text: where they stand, which marks cover them, and where they went.

Positions count characters (code points) as Python does; a line end is one.
"""

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


class NoPassage(ValueError):
    """Says to a person why words cannot be marked in a text."""


class NotThere(NoPassage):
    pass


class StandsOften(NoPassage):
    """`spans` are the places to choose from."""

    def __init__(self, message, spans):
        super().__init__(message)
        self.spans = spans


@dataclass(frozen=True)
class Mark:
    """Where a passage stands in a text now."""

    start: int
    end: int
    passage: Any


@dataclass(frozen=True)
class Segment:
    """A piece of a text, and all marks that cover it."""

    start: int
    text: str
    marks: tuple[Mark, ...]

    @property
    def beginning(self):
        """The marks of which this is the first piece."""
        return [mark for mark in self.marks if mark.start == self.start]

    @property
    def ending(self):
        """The marks of which this is the last piece."""
        end = self.start + len(self.text)
        return [mark for mark in self.marks if mark.end == end]


def find(text, quote, start=None):
    """Return where the words begin and end; `start` chooses when they stand often.

    Spaces and line ends between the words may differ from the text's: people paste.
    """
    if not quote.strip():
        raise NotThere(_("Enter the words, or mark them in the text"))
    spans = occurrences(text, quote)
    if not spans:
        raise NotThere(_("These words are not in the text. Copy them from it"))
    if len(spans) == 1:
        return spans[0]
    for span in spans:
        if span[0] == start:
            return span
    message = ngettext(
        "These words stand in the text %(count)s time: choose which, or enter more of them",
        "These words stand in the text %(count)s times: choose which, or enter more of them",
        len(spans),
    )
    raise StandsOften(message % {"count": f"{len(spans):,}"}, spans)


def occurrences(text, quote):
    """Return (start, end) of each place where the words stand, in order."""
    quote = quote.replace("\r\n", "\n").strip()
    return _matches(re.escape(quote), text) or all_occurrences(text, quote)


def all_occurrences(text, quote):
    """Return the same, those with other spaces too where some stand exactly so."""
    return _matches(r"\s+".join(map(re.escape, quote.split())), text)


def _matches(pattern, text):
    # Looked ahead for, because "to and to" stands twice in "to and to and to".
    found = re.finditer(f"(?=({pattern}))", text)
    return [match.span(1) for match in found]


def whole_words(text, span):
    """Return the span with the rest of the words that it cuts into."""
    start, end = span
    while 0 < start < len(text) and _in_word(text[start - 1 : start + 1]):
        start -= 1
    while 0 < end < len(text) and _in_word(text[end - 1 : end + 1]):
        end += 1
    return start, end


def _in_word(two):
    return re.fullmatch(r"\w\w", two) is not None


def moved(passage, text):
    """Return where a passage stands in a text that may have changed, None if nowhere.

    It stays where it was while its words do; else it goes to where they stand once.
    """
    if passage.start is None:
        return (0, len(text))
    if text[passage.start : passage.end] == passage.quote:
        return (passage.start, passage.end)
    spans = _matches(re.escape(passage.quote), text)
    return spans[0] if len(spans) == 1 else None


def marks_on(text, passages):
    """Return the `Mark`s of the passages in a text, and the passages that are lost."""
    marks, lost = [], []
    for passage in passages:
        if span := moved(passage, text):
            marks.append(Mark(*span, passage))
        else:
            lost.append(passage)
    return marks, lost


def segments(text, marks):
    """Return the text as `Segment`s; their texts joined are the text."""
    edges = {edge for mark in marks for edge in (mark.start, mark.end)}
    borders = sorted({0, len(text), *edges})
    return [
        Segment(
            start,
            text[start:end],
            tuple(mark for mark in marks if mark.start <= start and end <= mark.end),
        )
        for start, end in pairwise(borders)
    ]
