"""How long `make run` takes until all of it answers: `make bench ONLY=cold_start`.

The first start makes the database and loads the call; the second is what people wait for
every day. Nothing runs before either. The installation itself is not measured.
"""

import shutil

from benchmarks.comparing import at_most
from tests.portals import make_data_dir

from .starting import make_run

ROUNDS = 5


def measure(report, quick=False):
    first = report.figure("First start of `make run`, everything installed", "s")
    second = report.figure("Second start of `make run`", "s", at_most(6))
    data_dir = make_data_dir()
    try:
        with make_run(data_dir) as started:
            first.values.append(started.seconds)
        for _ in range(1 if quick else ROUNDS):
            with make_run(data_dir) as started:
                second.values.append(started.seconds)
    finally:
        shutil.rmtree(data_dir, ignore_errors=True)
