"""What was measured, as Markdown: what is reached at a glance, and each part's tables."""

from .comparing import Comparison, as_number

HEAD = [
    "| work | beside | ours | the reference's | ratio: median (rounds: spread) | to reach |",
    "|---|---|---|---|---|---|",
]
FIGURES_HEAD = [
    "| figure | median | rounds: spread | to reach |",
    "|---|---|---|---|",
]
# Of a bound, at most so many times as much is drawn.
SHOWN = 3
SUMMARY_HEAD = [
    "| | part | measured in | to reach | reached | the farthest from it (spread) |",
    "|---|---|---|---|---|---|",
]


def summary(reports):
    """Return lines with a row for all that has one reference and one bound, and a chart."""
    rows = [(report, ones) for report in reports for ones in _alike(report)]
    lines = [_in_summary(number, *row) for number, row in enumerate(rows, start=1)]
    return [*SUMMARY_HEAD, *lines, "", *_beside_bounds([ones for _, ones in rows])]


def of_part(report, about):
    """Return the lines of one part: how it was measured, its tables and its charts."""
    took = f" in {about['minutes']} minutes" if "minutes" in about else ""
    lines = [
        (
            f"`make bench ONLY={report.name}`, {about['measured_at']}{took},"
            f" {about['machine']}; {about['versions']}; commit {about['commit']}."
        ),
        "",
    ]
    if report.comparisons:
        lines += [*HEAD, *map(_comparison, report.comparisons), ""]
    if report.figures:
        lines += [*FIGURES_HEAD, *map(_figure, report.figures), ""]
    for note in report.notes:
        lines += [note, ""]
    for chart in report.charts:
        lines += _chart(chart)
    return lines


def _alike(report):
    """Return lists of what has the same reference, or unit, and the same bound."""
    alike = {}
    for one in [*report.comparisons, *report.figures]:
        if one.to_reach:
            alike.setdefault((_measure(one), one.to_reach), []).append(one)
    return list(alike.values())


def _in_summary(number, report, ones):
    worst = _farthest(ones)
    reached = sum(one.to_reach.is_reached(one.value) for one in ones)
    mark = "✓" if reached == len(ones) else "✗"
    low, high = map(as_number, worst.spread)
    return (
        f"| {number} | {report.name} | {_measure(worst)} | {worst.to_reach} |"
        f" {reached} of {len(ones)} {mark} |"
        f" {worst.work}: {as_number(worst.value)} ({low} to {high}){_hair(worst)} |"
    )


def _measure(one):
    is_ratio = isinstance(one, Comparison)
    return f"× {one.reference}" if is_ratio else one.unit or "number"


def _farthest(ones):
    extreme = min if ones[0].to_reach.is_least else max
    return extreme(ones, key=lambda one: one.value)


def _hair(one):
    """Say in how many rounds the bound was reached, if not in all or none."""
    reached = sum(map(one.to_reach.is_reached, one.each))
    is_clear = reached in (0, len(one.each))
    return "" if is_clear else f", reached in {reached} of {len(one.each)} rounds"


def _beside_bounds(rows):
    """Return a chart of the farthest of each row, as a share of what is to be reached."""
    shares = {
        str(number): _shares(_farthest(ones))
        for number, ones in enumerate(rows, start=1)
        if ones[0].to_reach.value
    }
    if not shares:
        return []
    low, median, high = zip(*shares.values(), strict=True)
    return [
        (
            "The farthest of each row, as a share of what is to be reached: bars are medians, lines the least and"
            " the most of the rounds, and the level line is the bound, which a bar may touch. Of a bound of 0"
            f" nothing is a share; more than {SHOWN} × is drawn as that."
        ),
        "",
        *_drawn(
            "share of the bound",
            shares,
            [("bar", median), ("line", low), ("line", high), ("line", [1] * len(low))],
        ),
    ]


def _shares(one):
    """Return (least, median, most) of something, each as a share of its bound."""
    bound = one.to_reach.value
    values = (one.spread[0], one.value, one.spread[1])
    if one.to_reach.is_least:
        shares = [bound / value if value else SHOWN for value in reversed(values)]
    else:
        shares = [value / bound for value in values]
    return [min(share, SHOWN) for share in shares]


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
    return f"{one.to_reach} {mark}{_hair(one)}"


def _chart(chart):
    """Return a chart that Markdown viewers draw, and others show as its figures.

    Bars of a second series would stand before those of the first: all are in one.
    """
    labels, values = [], []
    for at, label in enumerate(chart.labels):
        for name, of_name in chart.series.items():
            labels.append(f"{name} {label}" if len(chart.series) > 1 else label)
            values.append(of_name[at])
    return [f"{chart.title}:", "", *_drawn(chart.unit, labels, [("bar", values)])]


def _drawn(unit, labels, series):
    top = 1.1 * max(value for _, values in series for value in values)
    names = ", ".join(f'"{label}"' for label in labels)
    return [
        "```mermaid",
        "xychart-beta",
        f"    x-axis [{names}]",
        # Mermaid takes no exponents.
        f'    y-axis "{unit}" 0 --> {top:.2f}',
        *(
            f"    {kind} [{', '.join(f'{value:.3f}' for value in values)}]"
            for kind, values in series
        ),
        "```",
        "",
    ]
