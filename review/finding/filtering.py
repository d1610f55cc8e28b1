"""What the list shows around its rows: boxes to tick, what is chosen, orders and pages."""

from dataclasses import dataclass

from .groups import GROUPS, Day
from .selection import ALL_GROUPS, SORTS

# Open from the start, whether or not anything in them is chosen.
ALWAYS_OPEN = ("type", "read", "assignee")


@dataclass(frozen=True)
class Box:
    value: str
    words: str
    is_part: bool
    is_ticked: bool
    # How many there would be; None where it is not counted.
    count: int | None


@dataclass(frozen=True)
class PanelGroup:
    name: str
    words: str
    boxes: list
    is_day: bool
    # Of a day: what is typed.
    typed: str
    chosen: int

    @property
    def is_open(self):
        return self.chosen > 0 or self.name in ALWAYS_OPEN


def panel(selection):
    """Return a `PanelGroup` for each group that has something to choose."""
    groups = [_panel_group(group, selection) for group in GROUPS]
    return [group for group in groups if group.boxes or group.is_day]


def _panel_group(group, selection):
    chosen = selection.chosen.get(group.name, [])
    counts = (selection.counts or {}).get(group.name)
    is_day = isinstance(group, Day)
    return PanelGroup(
        group.name,
        group.words,
        [
            Box(
                option.value,
                option.words,
                option.is_part,
                is_ticked=option.value in chosen,
                count=None if counts is None else counts.get(option.value, 0),
            )
            for option in group.options(selection.user)
        ],
        is_day=is_day,
        typed=chosen[0] if is_day and chosen else "",
        chosen=len(chosen),
    )


def chips(selection):
    """Return the group, the words and the query string without it, of each choice."""
    return [
        (ALL_GROUPS[name].words, option.words, selection.without(name, option.value))
        for name, options in selection.options.items()
        for option in options
    ]


def sorts(selection):
    """Return the words, the query string and whether it is the present one, of orders."""
    return [
        (words, selection.sorted_by(name), name == selection.sort)
        for name, words in SORTS.items()
        if selection.asked or name != "relevance"
    ]


def pages(listing):
    """Return the numbers of pages to lead to; None stands for those left out."""
    near = range(listing.page - 2, listing.page + 3)
    numbers = [
        number
        for number in range(1, listing.pages + 1)
        if number in (1, listing.pages) or number in near
    ]
    shown = []
    for number in numbers:
        if shown and number - shown[-1] > 1:
            shown.append(None)
        shown.append(number)
    return shown
