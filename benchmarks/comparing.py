"""What a benchmark measures: ours beside a reference, round by round in one run.

A machine that is busy for a moment slows both sides of a round, so that the ratio of a
round says more than any time; of the rounds it is the median that is reported.
"""

import json
import math
import statistics
from dataclasses import asdict, dataclass, field
from pathlib import Path

RESULTS = Path(__file__).parents[1] / "var/bench"


@dataclass(frozen=True)
class ToReach:
    """A bound, as in "at most 1.2"."""

    value: float
    is_least: bool = False

    def __str__(self):
        return f"at {'least' if self.is_least else 'most'} {as_number(self.value)}"

    def is_reached(self, value):
        return value >= self.value if self.is_least else value <= self.value


def at_most(value):
    return ToReach(value)


def at_least(value):
    return ToReach(value, is_least=True)


@dataclass
class Comparison:
    """One piece of work, done by us and by a reference, in one unit."""

    work: str
    reference: str
    unit: str
    to_reach: ToReach | None = None
    # Of each round: (ours, the reference's).
    rounds: list[tuple[float, float]] = field(default_factory=list)

    def add(self, ours, reference):
        self.rounds.append((ours, reference))

    @property
    def ours(self):
        return statistics.median(ours for ours, _ in self.rounds)

    @property
    def theirs(self):
        return statistics.median(theirs for _, theirs in self.rounds)

    @property
    def each(self):
        """The ratio of each round, the smallest first."""
        return sorted(ours / theirs for ours, theirs in self.rounds)

    @property
    def value(self):
        """The ratio, ours to the reference's: the median of the rounds."""
        return statistics.median(self.each)

    @property
    def spread(self):
        return self.each[0], self.each[-1]


@dataclass
class Figure:
    """Something measured with nothing beside it, once or in several rounds."""

    work: str
    unit: str
    to_reach: ToReach | None = None
    values: list[float] = field(default_factory=list)

    @property
    def each(self):
        return self.values

    @property
    def value(self):
        return statistics.median(self.values)

    @property
    def spread(self):
        return min(self.values), max(self.values)


@dataclass
class Chart:
    """Lines or bars over a few sizes or names, for the report."""

    title: str
    unit: str
    labels: list[str]
    # As {"ours": [...], "reference": [...]}, each as long as the labels.
    series: dict[str, list[float]]


class Report:
    """What one part has measured; printed as it comes, and kept as JSON."""

    def __init__(self, name):
        self.name = name
        self.comparisons, self.figures, self.charts = [], [], []
        self.notes = []

    def compare(self, *args, **kwargs):
        self.comparisons.append(Comparison(*args, **kwargs))
        return self.comparisons[-1]

    def figure(self, *args, **kwargs):
        self.figures.append(Figure(*args, **kwargs))
        return self.figures[-1]

    def chart(self, title, unit, labels, series):
        self.charts.append(Chart(title, unit, labels, series))

    def note(self, text):
        """Say beside the table what its figures need to be understood."""
        self.notes.append(text)

    def lines(self, *, with_verdicts=True):
        """Yield a line for each thing that was measured, with whether it is good enough."""
        said = verdict if with_verdicts else lambda one: ""
        for one in self.comparisons:
            low, high = map(as_number, one.spread)
            yield (
                f"{one.work}: {as_number(one.value)} × {one.reference}"
                f" ({low} to {high}; {as_number(one.ours)} and"
                f" {as_number(one.theirs)} {one.unit})" + said(one)
            )
        for one in self.figures:
            low, high = map(as_number, one.spread)
            value = f"{one.work}: {as_number(one.value)} {one.unit}"
            yield value + (f" ({low} to {high})" if low != high else "") + said(one)
        yield from self.notes

    def keep(self, about):
        """Write it to var/bench, from where the page takes it."""
        RESULTS.mkdir(parents=True, exist_ok=True)
        content = {
            "about": about,
            "comparisons": [asdict(one) for one in self.comparisons],
            "figures": [asdict(one) for one in self.figures],
            "charts": [asdict(one) for one in self.charts],
            "notes": self.notes,
        }
        path = RESULTS / f"{self.name}.json"
        path.write_text(json.dumps(content, indent=1))


def kept(name):
    """Return (report, about) of what a part measured last, or None."""
    path = RESULTS / f"{name}.json"
    if not path.exists():
        return None
    content = json.loads(path.read_text())
    report = Report(name)
    report.comparisons = [_read(Comparison, one) for one in content["comparisons"]]
    report.figures = [_read(Figure, one) for one in content["figures"]]
    report.charts = [Chart(**one) for one in content["charts"]]
    report.notes = content["notes"]
    return report, content["about"]


def _read(kind, fields):
    to_reach = fields["to_reach"]
    return kind(**fields | {"to_reach": to_reach and ToReach(**to_reach)})


def share_of(values, share):
    """Return the least value that this share of them does not exceed: 0.95 for the p95."""
    return sorted(values)[math.ceil(len(values) * share) - 1]


def as_number(value):
    """Return a number with as many digits as anybody reads: 0.043, 1.07, 12.3, 1,234."""
    if value == int(value) or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.3g}"


def verdict(one):
    if one.to_reach is None:
        return ""
    word = "reached" if one.to_reach.is_reached(one.value) else "NOT REACHED"
    return f"; to reach: {one.to_reach}: {word}"
