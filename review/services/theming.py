"""Putting themes on what respondents said, and taking them off."""

from collections import defaultdict

from django.db import transaction
from django.utils.translation import gettext as _

from review import passages
from review.models import Theme, ThemedPassage
from review.said import said_in


class Gone(ValueError):
    """Says to the person that a text or theme is not there any more."""


def text_at(submission, place):
    """Return the `SaidText` that stands in a place of a submission."""
    for said in said_in(submission):
        if said.place == place:
            return said
    raise Gone(_("This text is not in the response any more: it was changed"))


@transaction.atomic
def put_on(theme, submission, said, span, staff):
    """Put a theme on a span of a text, or on all of it for None; once is enough."""
    theme = _standing(theme)
    start, end = span or (None, None)
    for passage in theme.passages.filter(submission=submission, place=said.place):
        if (passage.start is None) == (span is None) and (
            span is None or passages.moved(passage, said.text) == span
        ):
            return passage
    # One that lost its words may hold the very positions: it gives way to these.
    theme.passages.filter(
        submission=submission, place=said.place, start=start, end=end
    ).delete()
    return theme.passages.create(
        submission=submission,
        place=said.place,
        question_id=said.question,
        version_id=said.version,
        start=start,
        end=end,
        quote=said.text[start:end] if span else "",
        added_by=staff,
    )


def _standing(theme):
    """Return the theme locked, or what it was merged into while a page was open."""
    theme = Theme.objects.select_for_update().get(pk=theme.pk)
    return _standing(theme.merged_into) if theme.merged_into_id else theme


def take_off(passage):
    """Take a theme off; what it stood on can be had back only by putting it on again."""
    passage.delete()


def themes_of(submissions):
    """Return {id: [(place, theme, quote, by, at)]} of these ids, in order; one query."""
    themes = defaultdict(list)
    found = ThemedPassage.objects.filter(submission__in=submissions).order_by(
        "submission", "place", "start", "theme__name", "pk"
    )
    for pk, *passage in found.values_list(
        "submission", "place", "theme__name", "quote", "added_by__username", "added_at"
    ):
        themes[pk].append(tuple(passage))
    return themes
