"""Counts what the bad inputs did, class by class; pytest prints it when all are through.

A pytest plugin. What the tables of a class counted travels with the report of its test, so
that tests which run side by side are counted too.
"""

from collections import Counter

import pytest

NAME = "bad inputs"
CLASSES = {
    "test_texts": "T texts",
    "test_addresses": "E addresses for email",
    "test_numbers": "N numbers",
    "test_dates": "D dates and times",
    "test_uploads": "U files",
    "test_file_names": "U files",
    "test_scanner": "U files",
    "test_http": "H requests",
    "test_sessions": "S sessions and states",
    "test_exports": "X exports",
}
BROKEN, LOST, CHANGED = "500s", "texts lost", "silent changes"
FAULTS = [BROKEN, LOST, CHANGED]


@pytest.fixture
def counted(record_property):
    """Return what tells the tally of cases that a test went through, and their faults."""

    def counted(cases, faults=()):
        record_property(NAME, [cases, dict(Counter(faults))])

    return counted


def pytest_terminal_summary(terminalreporter):
    rows = {}
    for outcome in ("passed", "failed"):
        for report in terminalreporter.stats.get(outcome, []):
            if report.when == "call" and report.nodeid.startswith("tests/bad_inputs/"):
                rows.setdefault(class_of(report), Counter()).update(count(report))
    if not rows:
        return
    terminalreporter.section(NAME)
    write = terminalreporter.write_line
    write(f"{'':24}{'sent':>7}" + "".join(f"{fault:>16}" for fault in FAULTS))
    for name in sorted(rows, key=list(CLASSES.values()).index):
        figures = "".join(f"{rows[name][fault]:>16}" for fault in FAULTS)
        write(f"{name:24}{rows[name]['sent']:>7}{figures}")


def class_of(report):
    module = report.nodeid.partition("::")[0].rpartition("/")[2]
    return CLASSES[module.removesuffix(".py")]


def count(report):
    """Return a Counter of what was sent, and of faults."""
    told = [value for name, value in report.user_properties if name == NAME]
    found = Counter(sent=sum(cases for cases, _faults in told) or 1)
    for _cases, faults in told:
        found.update(faults)
    return found
