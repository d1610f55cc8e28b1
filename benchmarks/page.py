"""The tables and charts of docs/performance.md, from what was measured last."""

from pathlib import Path

from .comparing import as_number, kept

PAGE = Path(__file__).parents[1] / "docs/performance.md"
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"
HEAD = [
    "| work | beside | ours | the reference's | ratio: median (rounds: spread) | to reach |",
    "|---|---|---|---|---|---|",
]
FIGURES_HEAD = [
    "| figure | median | rounds: spread | to reach |",
    "|---|---|---|---|",
]


def write(parts):
    """Put what is known of each part between the page's markers; leave all else."""
    found = [one for part in parts if (one := kept(part))]
    figures = "\n".join(line for one in found for line in _part(*one))
    before, _, rest = PAGE.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}\n\n{figures}\n{END}{after}")


def _part(report, about):
    yield f"### {report.name.replace('_', ' ').capitalize()}"
    yield ""
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
