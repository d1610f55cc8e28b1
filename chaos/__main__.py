"""Run the portal, break it at random, mend it, and check that nothing was lost.

    make chaos                                 # about six minutes, at least 500 faults
    python -m chaos --seconds 60 --seed 7 --faults F1,F10,F17

Everything is real and thrown away afterwards: PostgreSQL, broker, web server behind nginx
where it is installed, worker, beat, outbox loop, and an SMTP server that keeps a journal.
Prints a table in Markdown; the status is 1 when an invariant is broken.
"""

import argparse
import os
import random
import shutil
import sys
import time
from pathlib import Path

from . import invariants
from .faults import FAULTS, World
from .notebook import Notebook
from .outbox_clock import OutboxClock
from .parts import Parts
from .reminders import DRAFTS, prepare_reminders
from .report import report
from .respondents import Crowd
from .storm import Storm

# How many seconds of the outbox's waiting pass in one: a lease is over after nine.
SPEED = 20
STARTED_AT = time.monotonic()
A_DAY = 24 * 60 * 60


def main():
    options = read_options()
    tell("Starting the parts ...")
    with Parts() as parts:
        notebook = Notebook()
        prepare_reminders(parts, notebook, options.backlog)
        crowd = Crowd(parts.place, notebook, parts.sink, options.seed)
        world = World(parts, crowd, random.Random(options.seed))
        faults = [FAULTS[name] for name in options.faults]
        storm = Storm(world, faults, options.seed)
        with OutboxClock(parts, SPEED) as clock:
            crowd.start(options.respondents)
            with parts.held_down(*options.down):
                storm.blow(options.seconds, options.least, options.gap, tell)
            tell("The storm is over: healing ...")
            evidence = heal(parts, crowd, notebook, clock, options.backlog)
        tell("Judging ...")
        print(report(evidence, storm, faults))
        is_broken = any(invariants.broken(evidence).values())
        if is_broken:
            keep_log(parts)
    tell("Done")
    return int(is_broken)


def read_options():
    parser = argparse.ArgumentParser(
        prog="python -m chaos", description=__doc__.split("\n")[0]
    )
    add = parser.add_argument
    add("--seconds", type=float, default=330, help="of faults")
    add("--least", type=int, default=0, help="faults, however long they take")
    add("--gap", type=float, default=0.5, help="mean seconds between two faults")
    add("--seed", type=int, default=20261128)
    add("--respondents", type=int, default=4)
    add("--faults", type=names, default=list(FAULTS), help="F1,F2,… or none")
    add("--down", type=names, default=[], help="parts that stay down: valkey,worker,…")
    add("--backlog", type=int, default=0, help="reminders that are due at the start")
    return parser.parse_args()


def names(text):
    return [] if text == "none" else text.split(",")


def heal(parts, crowd, notebook, clock, backlog):
    """Wait until all is well again, and return the evidence."""
    wait_until(parts.answers, 60)
    parts.sink.release()
    stuck = crowd.finish(150)
    tell("Waiting for the last emails ...")
    clock.make_all_due()
    healed_at = time.monotonic()
    wait_until(lambda: not waiting(parts, PROMPT), 2 * invariants.LONGEST_WAIT)
    seconds = time.monotonic() - healed_at
    wait_until(
        lambda: not waiting(parts, ALL) and written(parts) == DRAFTS + backlog,
        2 * invariants.LONGEST_WAIT + backlog,
    )
    sweep_files(parts)
    return invariants.gather(parts, notebook, seconds, stuck)


# Reminders may queue behind the others.
PROMPT, ALL = "AND NOT is_bulk", ""


def waiting(parts, which):
    rows = parts.sql(
        "SELECT count(*) FROM outbox_outgoingemail"
        f" WHERE state IN ('pending', 'retry', 'sending') {which}"
    )
    return rows[0][0]


def written(parts):
    rows = parts.sql("SELECT count(*) FROM outbox_outgoingemail WHERE is_bulk")
    return rows[0][0]


def sweep_files(parts):
    """Let a day pass, after which files that belong to nobody are deleted.

    Whoever plans does it, and the outbox loop plans when it starts.
    """
    for path in files_of(parts):
        long_ago = time.time() - 2 * A_DAY
        os.utime(path, (long_ago, long_ago))
    parts.kill("outbox")
    wait_until(lambda: len(files_of(parts)) == len(parts.sql(invariants.FILES)), 60)


def files_of(parts):
    return list((parts.folder / "files").glob("*"))


def wait_until(condition, seconds):
    ends_at = time.monotonic() + seconds
    while not condition() and time.monotonic() < ends_at:
        time.sleep(0.2)


def keep_log(parts):
    kept = Path(f"{parts.folder}-log")
    shutil.copy(parts.folder / "log", kept)
    tell(f"What the programs said is in {kept}")


def tell(text):
    print(f"{time.monotonic() - STARTED_AT:4.0f}", text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
