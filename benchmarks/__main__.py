"""Measures all that docs/performance.md reports, and writes its tables: `make bench`.

python -m benchmarks                     # all; an hour on two cores
python -m benchmarks exports search      # some; the page keeps what it has of the rest
python -m benchmarks --quick             # small, to try whether it runs
python -m benchmarks --page              # only the page, from the figures that are there
"""

import argparse
import importlib
import subprocess
import sys

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
    if not arguments.page:
        for part in arguments.parts or PARTS:
            in_own_process(part, quick=arguments.quick)
    # Small figures are no figures.
    if not arguments.quick:
        page.write(PARTS)


def parsed():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--page", action="store_true")
    arguments = parser.parse_args()
    if unknown := set(arguments.parts) - PARTS.keys():
        parser.error(
            f"No such part: {', '.join(unknown)}. There are {', '.join(PARTS)}."
        )
    return arguments


def in_own_process(part, *, quick):
    """Measure a part where no other has imported, cached or warmed anything."""
    print(f"\n== {part}", flush=True)
    program = (
        f"from benchmarks.__main__ import measure; measure({part!r}, quick={quick})"
    )
    if subprocess.run([sys.executable, "-c", program]).returncode:
        sys.exit(f"The benchmark {part} broke down: see above.")


def measure(part, *, quick):
    module = importlib.import_module(f"benchmarks.{PARTS[part]}")
    report = Report(part)
    module.measure(report, quick=quick)
    for line in report.lines():
        print(line, flush=True)
    if not quick:
        report.keep(machine.about())


if __name__ == "__main__":
    main()
