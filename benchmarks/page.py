"""Where the figures go: a page of this machine's own, or docs/performance.md."""

import re
import sys
from pathlib import Path

from . import tables
from .comparing import RESULTS, kept

OWN = RESULTS / "results.md"
PAGE = Path(__file__).parents[1] / "docs/performance.md"
# Each part's figures stand where the page has its markers, between words about it.
PLACE = re.compile(
    r"(<!-- figures of (\w+) -->\n).*?(<!-- end of figures -->)", re.DOTALL
)
SUMMARY = re.compile(r"(<!-- summary -->\n).*?(<!-- end of summary -->)", re.DOTALL)


def write(parts):
    """Write what was measured here to a page of its own."""
    found = _found(parts)
    lines = ["# Measured here", "", *_summary(found)]
    for part, measured in found.items():
        lines += [f"## {part}", "", *tables.of_part(*measured)]
    OWN.write_text("\n".join(lines))
    print(f"\nAll of it: {OWN}")


def publish(parts):
    """Put it between the markers of docs/performance.md; leave all else as it is."""
    found = _found(parts)
    text = PAGE.read_text()
    has_place = {place[2] for place in PLACE.finditer(text)}
    if missing := set(parts) - found.keys() | set(parts) - has_place:
        sys.exit(f"Not measured here, or without a place: {', '.join(missing)}.")
    if changed := [part for part, one in found.items() if _is_of_no_commit(*one)]:
        sys.exit(f"Measured with code that is in no commit: {', '.join(changed)}.")
    text = PLACE.sub(
        lambda place: _between(place[1], tables.of_part(*found[place[2]]), place[3]),
        text,
    )
    text = SUMMARY.sub(
        lambda place: _between(place[1], _summary(found), place[2]), text
    )
    PAGE.write_text(text)


def _is_of_no_commit(_report, about):
    return "-" in about["commit"]


def _found(parts):
    return {part: one for part in parts if (one := kept(part))}


def _summary(found):
    return tables.summary([report for report, _about in found.values()])


def _between(begin, lines, end):
    return "\n".join([begin, *lines, end])
