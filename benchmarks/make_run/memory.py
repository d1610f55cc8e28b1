"""What the portal holds in memory, beside a bare Django and Celery: `make bench ONLY=memory`.

Both run as `make run` does: two web processes behind a master, a worker with beat and two
processes, a loop that sends what the worker missed, PostgreSQL, Valkey and an inbox. What
starts and watches them counts on our side alone. Pages that processes share are divided
among them (PSS). Measured when all of it answers, and again when 200 responses were sent to
us, in six requests each, and 200 notes to the bare site, in one.
"""

import http.client
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress

import psutil

from benchmarks.comparing import at_most
from benchmarks.processes import family
from tests.end_to_end.reloading import Respondent
from tests.portals import make_data_dir

from .bare.running import bare_run
from .starting import make_run

EMAILS = 200
ROUNDS = 3
# Until the processes that were forked last have settled.
SETTLE = 3
# By what stands in their commands, ours or the bare one's.
PARTS = {"web": {"gunicorn"}, "worker": {"keepitlocal.local.worker", "celery"}}


def measure(report, quick=False):
    compared = {
        (part, when): report.compare(
            f"Memory of {part}, {when}", "a bare Django and Celery", "MB", at_most(1.3)
        )
        for part in (*PARTS, "the whole of `make run`")
        for when in ("idle", f"after {EMAILS} emails")
    }
    emails = 10 if quick else EMAILS
    for _ in range(1 if quick else ROUNDS):
        theirs = held_by_bare(emails)
        ours = held_by_us(emails)
        for comparison, *held in zip(compared.values(), ours, theirs, strict=True):
            comparison.add(*held)


def held_by_us(emails):
    with throw_away() as data_dir, make_run(data_dir) as started:
        with measured(started.pid) as held:
            with ThreadPoolExecutor(4) as people:
                list(people.map(respond, [started.port] * emails, range(emails)))
            wait_for_emails(data_dir / "inbox", emails)
        return held


def respond(port, number):
    about = {"email": f"respondent-{number}@example.org"}
    Respondent(port).respond("Eleven became three.", **about)


def wait_for_emails(inbox, count):
    while len(list(inbox.glob("*.eml"))) < count:
        time.sleep(0.1)


def held_by_bare(emails):
    with throw_away() as data_dir, bare_run(data_dir) as bare:
        with measured(*bare.pids) as held:
            with ThreadPoolExecutor(4) as people:
                list(people.map(write_a_note, [bare.port] * emails))
            bare.wait_until_sent(emails)
        return held


def write_a_note(port):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", "/")
    assert connection.getresponse().read() == b"Written"
    connection.close()


@contextmanager
def measured(*pids):
    """Gives a list; it has the megabytes of each part, before and after, in the end."""
    held = []
    time.sleep(SETTLE)
    before = by_part(pids)
    yield held
    time.sleep(SETTLE)
    for pair in zip(before, by_part(pids), strict=True):
        held.extend(pair)


def by_part(pids):
    """Return the megabytes of web, of worker, and of all."""
    held = dict.fromkeys((*PARTS, "all"), 0)
    for process in family(*pids):
        with suppress(psutil.NoSuchProcess):
            command, pss = process.cmdline(), process.memory_full_info().pss / 1e6
            held["all"] += pss
            for part, programs in PARTS.items():
                held[part] += pss * (not programs.isdisjoint(command))
    return list(held.values())


@contextmanager
def throw_away():
    data_dir = make_data_dir()
    try:
        yield data_dir
    finally:
        shutil.rmtree(data_dir, ignore_errors=True)
