"""Files of large calls: CSV beside COPY by psql, workbook and pack beside xlsxwriter alone.

Each file is written in a process of its own, by what the worker and the command call; its
time is that of the writing, without the start of Python.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg2

from benchmarks.comparing import at_most
from benchmarks.portals import portal
from benchmarks.processes import cpu_of, postmaster
from keepitlocal.local import binaries

# XlsxWriter needs minutes for what COPY does in seconds.
SIZES_OF_PACKS = 1_000, 10_000, 30_000
SIZES_OF_WORKBOOKS = *SIZES_OF_PACKS, 100_000
SIZES_OF_CSV = 10_000, 100_000
ROUNDS = 5
MOST_MEMORY = at_most(100)
SHEETS = ["submissions", "answers", "evidence", "passages"]

COPY_FLAT = "COPY flat TO STDOUT (FORMAT csv)"
COPY_ANSWERS = "COPY submissions_answer TO STDOUT (FORMAT csv)"
# A row a submission, as a table would hold it that was made for this file.
FLAT = """
CREATE TABLE flat AS
SELECT submission_id, {texts} FROM (
    SELECT submission_id, question_id AS place, text FROM submissions_answer
    UNION ALL
    SELECT submission_id, -version_id, comment FROM submissions_principlecomment
) said GROUP BY submission_id ORDER BY submission_id
"""
PLACES = """
SELECT DISTINCT question_id FROM submissions_answer
UNION SELECT DISTINCT -version_id FROM submissions_principlecomment ORDER BY 1
"""


def measure(report, quick=False):
    of_csv = (200, 2_000) if quick else SIZES_OF_CSV
    of_packs = (200, 400, 1_000) if quick else SIZES_OF_PACKS
    of_workbooks = (*of_packs, 2_000) if quick else SIZES_OF_WORKBOOKS
    with portal() as made, tempfile.TemporaryDirectory() as folder:
        measured = Measured(report, made, Path(folder))
        for size in sorted({*of_csv, *of_workbooks}):
            measured.grow(size)
            if size in of_csv:
                measured.csv()
            rounds = 3 if size == of_packs[0] else 1
            if size in of_workbooks:
                measured.workbook(rounds)
            if size in of_packs:
                measured.pack(rounds)
        measured.csv_kept_back()
        measured.csv_at_worst()
        measured.chart()
    report.note(
        "The same answers as psql copies them from where the portal keeps them, a row an"
        " answer, are no reference for a table, but show what reading them costs."
    )


class Measured:
    """What is measured in one portal, as it grows."""

    def __init__(self, report, made, folder):
        from consultations.models import Consultation  # noqa: PLC0415 - needs a portal

        self.report = report
        self.made = made
        self.folder = folder
        self.call = Consultation.objects.get()
        self.size = 0
        # By format: of each size, in MB.
        self.memory = {}
        self.connection = psycopg2.connect(made.database_url)
        self.connection.autocommit = True
        self.server = postmaster(made.data_dir)

    def grow(self, size):
        from benchmarks.bulk import fill  # noqa: PLC0415 - needs a portal

        fill(self.call, size - self.size)
        self.size = size

    def csv(self):
        self._lay_flat()
        work = f"CSV of {self.size:,} submissions × 30 texts, formula-safe"
        self._beside_copy(work, ROUNDS, at_most(1.2))
        answers = self.report.figure(f"{COPY_ANSWERS}, {self.size:,} submissions", "s")
        answers.values = [self._copied(COPY_ANSWERS)[0] for _round in range(ROUNDS)]

    def csv_kept_back(self):
        """As if nearly everybody wanted something of theirs not to be published."""
        from benchmarks.bulk import keep_back_one_in_ten  # noqa: PLC0415

        keep_back_one_in_ten()
        work = f"CSV of {self.size:,}, one answer in ten kept back"
        self._beside_copy(work, 3, at_most(1.2))

    def csv_at_worst(self):
        """As if when a response is sent had nothing to do with when it was written."""
        from benchmarks.bulk import send_in_any_order  # noqa: PLC0415 - needs a portal

        send_in_any_order(self.call)
        work = f"At worst: CSV of {self.size:,}, sent in any order"
        self._beside_copy(work, 3, at_most(1.2))

    def _lay_flat(self):
        texts = ", ".join(
            f"max(text) FILTER (WHERE place = {place}) AS text_{number}"
            for number, (place,) in enumerate(self.made.rows(PLACES))
        )
        with self.connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS flat")
            cursor.execute(FLAT.format(texts=texts))
            cursor.execute("VACUUM ANALYZE flat")

    def _beside_copy(self, work, rounds, to_reach=None):
        self._compare(
            work,
            rounds,
            lambda: self._exported("csv", "submissions"),
            lambda: self._copied(COPY_FLAT),
            COPY_FLAT,
            to_reach,
        )

    def workbook(self, rounds):
        work = f"XLSX of {self.size:,} submissions × 30 texts"
        self._beside_xlsxwriter(work, "xlsx", SHEETS[:1], rounds)

    def pack(self, rounds):
        work = f"ZIP pack of {self.size:,} submissions × 30 texts"
        self._beside_xlsxwriter(work, "zip", SHEETS, rounds)

    def _beside_xlsxwriter(self, work, format, sheets, rounds):
        self._compare(
            work,
            rounds,
            lambda: self._exported(format, "submissions"),
            lambda: self._alone(sheets),
            "xlsxwriter, the same cells alone",
            at_most(1.5),
        )

    def _compare(self, work, rounds, ours, theirs, reference, to_reach):
        """Compare what takes (seconds, seconds of CPU), by both."""
        wall = self.report.compare(work, reference, "s", to_reach)
        cpu = self.report.compare(f"{work}: CPU of all processes", reference, "s")
        for _round in range(rounds):
            both = zip(ours(), theirs(), strict=True)
            for compared, pair in zip((wall, cpu), both, strict=True):
                compared.add(*pair)

    def _exported(self, format, rows):
        with cpu_of(self.server) as used:
            took = self._run(format, rows)
        self.memory.setdefault(format, {})[self.size] = took["megabytes"]
        return took["seconds"], took["cpu"] + used.seconds

    def _alone(self, sheets):
        took = self._run("alone", *sheets)
        return took["seconds"], took["cpu"]

    def _copied(self, statement):
        psql = binaries.find() / "bin/psql"
        command = [psql, self.made.database_url, "-c", statement]
        with cpu_of(self.server, os.getpid()) as used:
            begun = time.perf_counter()
            with open(self.folder / "copied", "wb") as file:
                subprocess.run(command, stdout=file, check=True)
            seconds = time.perf_counter() - begun
        return seconds, used.seconds

    def _run(self, *arguments):
        """Write a file in a process of its own; return what it says of itself."""
        command = [sys.executable, "-m", "benchmarks.exports.one_file", self.folder]
        done = subprocess.run(
            [*command, *arguments], env=os.environ, stdout=subprocess.PIPE, check=True
        )
        return json.loads(done.stdout)

    def chart(self):
        title = "Peak memory of the process that writes a file"
        for format, by_size in self.memory.items():
            for size, megabytes in by_size.items():
                figure = self.report.figure(
                    f"{title}: {format}, {size:,} submissions", "MB", MOST_MEMORY
                )
                figure.values.append(megabytes)
        workbooks = {name: self.memory[name] for name in ("xlsx", "zip")}
        sizes = sorted(workbooks["zip"])
        lines = {
            name: [by_size[size] for size in sizes]
            for name, by_size in workbooks.items()
        }
        self.report.chart(title, "MB", [f"{size:,}" for size in sizes], lines)
