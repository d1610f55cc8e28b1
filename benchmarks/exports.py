"""Files of large calls: CSV beside COPY by psql, workbook and pack beside xlsxwriter alone.

Each file is written in a process of its own, by what the worker and the command call; its
time is that of the writing, without the start of Python.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path

import psutil
import psycopg2
from xlsxwriter import Workbook

from keepitlocal.local import binaries

from .comparing import at_most
from .portals import portal
from .processes import cpu_of

SIZES = 10_000, 100_000
ROUNDS = 5
# XlsxWriter needs minutes for what COPY does in seconds.
ROUNDS_OF_WORKBOOKS = 3
MOST_MEMORY = at_most(100)
SHEETS = ["submissions", "answers", "evidence", "passages"]
# So many submissions' cells are written again and again by xlsxwriter alone, so that it
# needs neither a database nor memory for them.
SAMPLE = 500

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


def measure(report, quick=False):
    sizes = (200, 2_000) if quick else SIZES
    with portal() as made, tempfile.TemporaryDirectory() as folder:
        measured = Measured(report, made, Path(folder))
        for size in sizes:
            measured.grow(size)
            measured.csv()
            if size == sizes[0]:
                measured.pack()
            measured.workbook(ROUNDS_OF_WORKBOOKS if size == sizes[0] else 1)
        measured.chart(sizes)
    report.note(
        "The same answers as psql copies them from where the portal keeps them, a row an"
        " answer, are no reference for a table, but show what reading them costs."
    )


class Measured:
    """What is measured in one portal, as it grows."""

    def __init__(self, report, made, folder):
        self.report = report
        self.made = made
        self.folder = folder
        self.size = 0
        self.memory = {}
        self.connection = psycopg2.connect(made.database_url)
        self.connection.autocommit = True
        self.server = psutil.Process(self.connection.info.backend_pid).ppid()

    def grow(self, size):
        from consultations.models import Consultation  # noqa: PLC0415 - needs a portal

        from .bulk import fill  # noqa: PLC0415

        fill(Consultation.objects.get(), size - self.size)
        self.size = size
        places = self.made.rows(
            "SELECT DISTINCT question_id FROM submissions_answer UNION"
            " SELECT DISTINCT -version_id FROM submissions_principlecomment ORDER BY 1"
        )
        texts = ", ".join(
            f"max(text) FILTER (WHERE place = {place}) AS text_{number}"
            for number, (place,) in enumerate(places)
        )
        with self.connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS flat")
            cursor.execute(FLAT.format(texts=texts))
            cursor.execute("VACUUM ANALYZE flat")

    def csv(self):
        work = f"CSV of {self.size:,} submissions × 30 texts, formula-safe"
        wall = self.report.compare(work, COPY_FLAT, "s", at_most(1.2))
        cpu = self.report.compare(f"{work}: CPU of all processes", COPY_FLAT, "s")
        answers = self.report.figure(f"{COPY_ANSWERS}, {self.size:,} submissions", "s")
        for _round in range(ROUNDS):
            ours, our_cpu = self._exported("csv", "submissions")
            theirs, their_cpu = self._copied(COPY_FLAT)
            wall.add(ours, theirs)
            cpu.add(our_cpu, their_cpu)
            answers.values.append(self._copied(COPY_ANSWERS)[0])

    def workbook(self, rounds):
        work = f"XLSX of {self.size:,} submissions × 30 texts"
        self._beside_xlsxwriter(work, "xlsx", SHEETS[:1], rounds)

    def pack(self):
        work = f"ZIP pack of {self.size:,} submissions × 30 texts"
        self._beside_xlsxwriter(work, "zip", SHEETS, ROUNDS_OF_WORKBOOKS)

    def _beside_xlsxwriter(self, work, format, sheets, rounds):
        reference = "xlsxwriter, the same cells alone"
        compared = self.report.compare(work, reference, "s", at_most(1.5))
        for _round in range(rounds):
            ours, _cpu = self._exported(format, "submissions")
            alone = self._run("alone", *sheets)["seconds"]
            compared.add(ours, alone)

    def _exported(self, format, rows):
        with cpu_of(self.server, os.getpid()) as used:
            did = self._run(format, rows)
        self.memory.setdefault(format, {})[self.size] = did["megabytes"]
        return did["seconds"], used.seconds - did["cpu_to_start"]

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
        """Run this module in a process of its own; return what it says of itself."""
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.exports", self.folder, *arguments],
            env=os.environ,
            stdout=subprocess.PIPE,
            check=True,
        )
        return json.loads(done.stdout)

    def chart(self, sizes):
        title = "Peak memory of the process that writes a file"
        for format, by_size in self.memory.items():
            for size, megabytes in by_size.items():
                figure = self.report.figure(
                    f"{title}: {format}, {size:,} submissions", "MB", MOST_MEMORY
                )
                figure.values.append(megabytes)
        lines = {
            format: [by_size[size] for size in sizes]
            for format, by_size in self.memory.items()
            if len(by_size) == len(sizes)
        }
        self.report.chart(title, "MB", [f"{size:,}" for size in sizes], lines)


# In a process of its own


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("what")
    parser.add_argument("sheets", nargs="+")
    arguments = parser.parse_args()
    import django  # noqa: PLC0415 - of the process that is measured alone

    django.setup()
    write = alone if arguments.what == "alone" else exported
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        seconds = write(Path(folder), arguments.what, arguments.sheets)
    print(json.dumps(seconds | {"megabytes": peak_megabytes()}))


def peak_megabytes():
    """Return the most that this process has held; what `ru_maxrss` says is its parent's."""
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) / 1024


def exported(folder, format, sheets):
    """Write a file as the worker does."""
    from consultations.models import Consultation  # noqa: PLC0415
    from review.exports.work import written  # noqa: PLC0415
    from review.finding.selection import Selection  # noqa: PLC0415
    from review.models import Export  # noqa: PLC0415

    export = Export(
        consultation=Consultation.objects.get(), format=format, rows=sheets[0]
    )
    cpu_to_start, begun = time.process_time(), time.perf_counter()
    written(export, Selection.from_string(""), folder)
    return {"seconds": time.perf_counter() - begun, "cpu_to_start": cpu_to_start}


def alone(folder, _what, sheets):
    """Have xlsxwriter write the cells of as many rows, of a few submissions over again."""
    rows_of, count = sample(sheets)
    begun = time.perf_counter()
    # As a workbook that is to take any text without a guess at what it means.
    workbook = Workbook(
        folder / "alone.xlsx",
        {"constant_memory": True, "tmpdir": str(folder), "use_zip64": True},
    )
    for name, rows in rows_of.items():
        fill_sheets(workbook, name, rows, len(rows) * count // SAMPLE)
    workbook.close()
    return {"seconds": time.perf_counter() - begun}


def sample(sheets):
    """Return the rows of a few submissions by the name of their table, and how many all are."""
    from consultations.models import Consultation  # noqa: PLC0415
    from review.exports import TABLES, reading  # noqa: PLC0415
    from submissions.models import Submission  # noqa: PLC0415

    call = Consultation.objects.get()
    tables = [TABLES[name](call) for name in sheets]
    rows = {table.name: [] for table in tables}
    reading.PAGE = SAMPLE
    submissions = Submission.objects.submitted()
    with reading.one_moment():
        for _page in islice(reading.pages(submissions, call), 1):
            for table in tables:
                take = reading.Each(rows[table.name].append)
                reading.copy(reading.json_copied(table.query_as_json), take)
        return rows, submissions.count()


def fill_sheets(workbook, name, rows, count):
    """Write so many rows, on as many sheets as Excel needs for them."""
    most = 1_048_576
    for begun in range(0, count, most):
        sheet = workbook.add_worksheet(f"{name} {begun}")
        for number in range(min(most, count - begun)):
            for column, text in enumerate(rows[number % len(rows)]):
                if text:
                    sheet.write_string(number, column, text)


if __name__ == "__main__":
    main()
