"""The tables and charts of docs/performance.md, from what was measured last."""

import re
from pathlib import Path

from .comparing import as_number, kept

PAGE = Path(__file__).parents[1] / "docs/performance.md"
# Each part's figures stand where the page has its markers, between words about it.
PLACE = re.compile(
    r"(<!-- figures of (\w+) -->\n).*?(<!-- end of figures -->)", re.DOTALL
)
SUMMARY = re.compile(r"(<!-- summary -->\n).*?(<!-- end of summary -->)", re.DOTALL)
HEAD = [
    "| work | beside | ours | the reference's | ratio: median (rounds: spread) | to reach |",
    "|---|---|---|---|---|---|",
]
FIGURES_HEAD = [
    "| figure | median | rounds: spread | to reach |",
    "|---|---|---|---|",
]
# A part with more targets than that has those that it misses at a glance.
MANY = 18
SUMMARY_HEAD = [
    "| part | work | measured | to reach |",
    "|---|---|---|---|",
]


def write(parts):
    """Put what is known of each part between the page's markers; leave all else."""
    found = {part: one for part in parts if (one := kept(part))}
    text = PLACE.sub(lambda place: _filled(place, found), PAGE.read_text())
    rows = (row for part in found for row in _in_summary(*found[part]))
    summary = "\n".join(["", *SUMMARY_HEAD, *rows, "", ""])
    PAGE.write_text(SUMMARY.sub(lambda place: f"{place[1]}{summary}{place[2]}", text))


def _filled(place, found):
    begin, part, end = place.groups()
    if part not in found:
        return place.group()
    lines = "\n".join(["", *_part(*found[part]), ""])
    return f"{begin}{lines}{end}"


def _in_summary(report, _about):
    """Yield a row for each thing that is to reach something; of many, for those that miss."""
    measured = [*report.comparisons, *report.figures]
    targets = [one for one in measured if one.to_reach]
    missed = [one for one in targets if not one.to_reach.is_reached(one.value)]
    for one in targets if len(targets) <= MANY else missed:
        beside = f"× {one.reference}" if one in report.comparisons else one.unit
        value = f"{as_number(one.value)} {beside}"
        yield f"| {report.name} | {one.work} | {value} | {_to_reach(one)} |"
    if len(targets) > MANY:
        reached = len(targets) - len(missed)
        yield f"| {report.name} | all its rows | {reached} of {len(targets)} reached | |"


def _part(report, about):
    yield (
        f"`make bench ONLY={report.name}`, {about['measured_at']},"
        f" {about['machine']}; {about['versions']}; commit {about['commit']}."
    )
    yield ""
    if report.comparisons:
        yield from HEAD
        yield from map(_comparison, report.comparisons)
        yield ""
    if report.figures:
        yield from FIGURES_HEAD
        yield from map(_figure, report.figures)
        yield ""
    for note in report.notes:
        yield from (note, "")
    for chart in report.charts:
        yield from _chart(chart)


def _comparison(one):
    low, high = map(as_number, one.spread)
    return (
        f"| {one.work} | {one.reference} | {as_number(one.ours)} {one.unit} |"
        f" {as_number(one.theirs)} {one.unit} |"
        f" **{as_number(one.value)}** ({len(one.rounds)}: {low} to {high}) |"
        f" {_to_reach(one)} |"
    )


def _figure(one):
    low, high = map(as_number, one.spread)
    spread = f"{len(one.values)}: {low} to {high}" if len(one.values) > 1 else "1"
    value = f"{as_number(one.value)} {one.unit}"
    return f"| {one.work} | **{value}** | {spread} | {_to_reach(one)} |"


def _to_reach(one):
    if one.to_reach is None:
        return ""
    mark = "✓" if one.to_reach.is_reached(one.value) else "✗"
    return f"{one.to_reach} {mark}"


def _chart(chart):
    """Yield a chart that Markdown viewers draw, and others show as its figures."""
    labels = ", ".join(f'"{label}"' for label in chart.labels)
    yield f"{chart.title} ({', '.join(chart.series)}):"
    yield from ("", "```mermaid", "xychart-beta")
    yield f"    x-axis [{labels}]"
    yield f'    y-axis "{chart.unit}" 0 --> {_top(chart)}'
    for values in chart.series.values():
        yield f"    bar [{', '.join(f'{value:.4g}' for value in values)}]"
    yield from ("```", "")


def _top(chart):
    return f"{max(map(max, chart.series.values())) * 1.1:.3g}"
