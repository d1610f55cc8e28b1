"""Writes one file, and says what it took: in a process that does nothing else."""

import argparse
import json
import re
import tempfile
import time
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from xlsxwriter import Workbook

# So many submissions' cells are written again and again by xlsxwriter alone, so that it
# needs neither a database nor memory for them.
SAMPLE = 500


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
        took = write(Path(folder), arguments.what, arguments.sheets)
    print(json.dumps(took | {"megabytes": peak_megabytes()}))


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
    with taken() as took:
        written(export, Selection.from_string(""), folder)
    return took


def alone(folder, _what, sheets):
    """Have xlsxwriter write the cells of as many rows, of a few submissions over again."""
    rows_of, count = sample(sheets)
    with taken() as took:
        # As a workbook that is to take any text without a guess at what it means.
        workbook = Workbook(
            folder / "alone.xlsx",
            {"constant_memory": True, "tmpdir": str(folder), "use_zip64": True},
        )
        for name, rows in rows_of.items():
            fill_sheets(workbook, name, rows, len(rows) * count // SAMPLE)
        workbook.close()
    return took


@contextmanager
def taken():
    """Measure the block: give what holds its seconds, and those of this process's CPU."""
    took = {}
    begun, cpu = time.perf_counter(), time.process_time()
    yield took
    took["seconds"] = time.perf_counter() - begun
    took["cpu"] = time.process_time() - cpu


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
