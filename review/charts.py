"""Where the shapes of a chart stand. Drawn as SVG by templates/review/charts/.

Lengths are percentages of the chart's own, so that its letters never shrink with it.
"""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

# A column is a day; in a call that is longer than this, a week.
MOST_COLUMNS = 100


@dataclass(frozen=True)
class Bar:
    name: str
    count: int
    # Percentages: of the longest bar, or of the whole row.
    length: float
    # Where a piece of a row begins.
    start: float = 0.0
    # Of whatever it stands for: the value of a choice, or an address.
    value: str = ""


def bars(counts):
    """Return a `Bar` for each (name, count, value), the longest as long as the chart."""
    longest = max((count for _name, count, _value in counts), default=0) or 1
    return [
        Bar(str(name), count, _percent(count, longest), value=value)
        for name, count, value in counts
    ]


def pieces(counts):
    """Return a `Bar` for each (name, count, value), one after the other, 100 in all."""
    total = sum(count for _name, count, _value in counts) or 1
    row, before = [], 0
    for name, count, value in counts:
        row.append(
            Bar(
                str(name),
                count,
                _percent(count, total),
                _percent(before, total),
                value,
            )
        )
        before += count
    return row


@dataclass(frozen=True)
class Column:
    first: dt.date
    last: dt.date
    count: int
    left: float
    width: float
    height: float

    @property
    def top(self):
        return round(100 - self.height, 2)


@dataclass(frozen=True)
class Timeline:
    """Columns by day or week, with a line where the call closes."""

    columns: list[Column]
    highest: int
    unit: str
    closes_on: dt.date
    closing_line: float

    @property
    def closing_is_late(self):
        """Whether the words beside the line must stand to its left."""
        return self.closing_line > 70


def timeline(by_day, closes_on):
    """Return the `Timeline` of {date: count} without gaps."""
    dates = list(by_day)
    step = 1 if len(dates) <= MOST_COLUMNS else 7
    spans = [dates[begun : begun + step] for begun in range(0, len(dates), step)]
    counts = [sum(by_day[date] for date in span) for span in spans]
    highest = max(counts, default=0) or 1
    width = 100 / len(spans)
    columns = [
        Column(
            span[0],
            span[-1],
            count,
            left=round(number * width + width * 0.1, 3),
            width=round(width * 0.8, 3),
            height=_percent(count, highest),
        )
        for number, (span, count) in enumerate(zip(spans, counts, strict=True))
    ]
    closing = (dates.index(closes_on) + 1) / (len(spans) * step)
    return Timeline(
        columns,
        highest,
        _("day") if step == 1 else _("week"),
        closes_on,
        round(100 * closing, 2),
    )


def _percent(part, whole):
    return round(100 * part / whole, 2)
