"""Measures all that docs/performance.md reports: `make bench`.

python -m benchmarks                     # all; an hour on two cores
python -m benchmarks exports search      # some
python -m benchmarks --quick             # small, to try whether it runs; nothing is kept
python -m benchmarks --page              # only the page, from the figures that are there
python -m benchmarks --publish           # put them into docs/performance.md

The figures are kept in var/bench, and shown in its results.md.
"""

import argparse
import importlib
import subprocess
import sys
import time

from . import machine, page
from .comparing import Report

# Each module has `measure(report, quick)`, and says in its docstring what it does.
PARTS = {
    "exports": "exports.exports",
    "peers": "beside.peers",
    "journey_requests": "requests.journey_requests",
    "search": "staff.search",
    "staff_pages": "staff.staff_pages",
    "emails": "mail.emails",
    "memory": "make_run.memory",
    "cold_start": "make_run.cold_start",
    "first_page": "crowd.first_page",
    "load": "crowd.load",
    "costs": "crowd.costs",
    "model": "crowd.model",
}


def main():
    arguments = parsed()
    broken = []
    if not (arguments.page or arguments.publish):
        parts = arguments.parts or PARTS
        broken = [part for part in parts if not measured(part, quick=arguments.quick)]
    if arguments.publish:
        page.publish(PARTS)
    elif not arguments.quick:
        page.write(PARTS)
    if broken:
        sys.exit(f"Not measured, for the reasons above: {', '.join(broken)}.")


def parsed():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--page", action="store_true")
    parser.add_argument("--publish", action="store_true")
    arguments = parser.parse_args()
    if unknown := set(arguments.parts) - PARTS.keys():
        parser.error(
            f"No such part: {', '.join(unknown)}. There are {', '.join(PARTS)}."
        )
    return arguments


def measured(part, *, quick):
    """Measure a part where no other has imported, cached or warmed anything."""
    print(f"\n== {part}", flush=True)
    program = (
        f"from benchmarks.__main__ import measure; measure({part!r}, quick={quick})"
    )
    return subprocess.run([sys.executable, "-c", program]).returncode == 0


def measure(part, *, quick):
    module = importlib.import_module(f"benchmarks.{PARTS[part]}")
    report = Report(part)
    began_at = time.monotonic()
    module.measure(report, quick=quick)
    # Small figures are no figures.
    for line in report.lines(with_verdicts=not quick):
        print(line, flush=True)
    if not quick:
        minutes = (time.monotonic() - began_at) / 60
        report.keep(machine.about() | {"minutes": round(minutes, 1)})


if __name__ == "__main__":
    main()
