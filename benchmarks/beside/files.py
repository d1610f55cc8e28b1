"""The CSV files of all submissions: how fast, in how much memory, and with equal texts."""

import csv
import sys
from collections import Counter

from benchmarks.comparing import as_number

from .sites import IMPORT_EXPORT, PRETALX

# A peer that would need more for a file is not asked for it.
LONGEST_SECONDS, MOST_MB = 300, 6_000
# Shorter cells hold names and choices.
SHORTEST_TEXT = 200


class Files:
    """Compares our file with each peer's, every one made by a new process."""

    def __init__(self, report, both, rounds):
        self.report, self.both, self.rounds = report, both, rounds
        # Of each peer: (rows, what they cost), when it was asked last.
        self.last = {}

    def compare(self, peer, to_reach=None):
        if not self.can_bear(peer):
            return
        rows = self.both.count()
        work = f"CSV export of {rows:,}"
        speed = self.report.compare(work, peer, "rows/s", to_reach)
        memory = self.report.compare(f"{work}: peak memory", peer, "MB")
        for _ in range(self.rounds):
            ours, theirs = made(self.both.ours), made(self.both.peers[peer])
            speed.add(rows / ours.seconds, rows / theirs.seconds)
            memory.add(ours.peak_mb, theirs.peak_mb)
        self.last[peer] = rows, theirs

    def can_bear(self, peer):
        """Whether it would be done in time and memory, at what it needed a row."""
        if peer not in self.last:
            return True
        rows, cost = self.last[peer]
        times = self.both.count() / rows
        needs = cost.seconds * times, cost.peak_mb * times
        if needs[0] <= LONGEST_SECONDS and needs[1] <= MOST_MB:
            return True
        self.report.note(
            f"{peer} was not asked for {self.both.count():,}: it would take about"
            f" {as_number(round(needs[0]))} s and {as_number(round(needs[1]))} MB."
        )
        return False

    def check(self):
        """Stop unless the three files hold the same texts of as many submissions."""
        folder = self.both.portal.data_dir
        starts = {"ours": self.both.ours} | self.both.peers
        found = {}
        for name, start in starts.items():
            made(start, to=folder / "check.csv")
            found[name] = texts_in(folder / "check.csv")
        if not found["ours"] == found[PRETALX] == found[IMPORT_EXPORT]:
            sys.exit("The files do not hold the same texts: nothing was compared.")


def made(start, to=None):
    """Have a new process make the file; return what it cost."""
    with start() as process:
        # As in a server that has answered before.
        process.ask("warm up")
        return process.ask("export", to=to and str(to))


def texts_in(path):
    """Return how often each row's texts occur, without what any does against formulas."""
    with open(path, encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))[1:]
    return Counter(
        tuple(sorted(cell.lstrip("'=") for cell in row if len(cell) >= SHORTEST_TEXT))
        for row in rows
    )
