"""Two hundred people who write at once for five minutes, on a portal as production has it.

What they do is in `people`. They begin within ten seconds, and whoever has sent a response
is followed by somebody else. Whoever makes the load is one process on the same machine, and
its own CPU is reported. Afterwards it is seen from outside that nothing was lost.
"""

import threading
import time
from contextlib import closing, suppress

from benchmarks.comparing import at_most, share_of
from benchmarks.processes import cpu_seconds, megabytes

from . import kept_words
from .people import LINK, Over, Person
from .production import Production
from .visitors import Failed, Notes

PEOPLE, SECONDS = 200, 300
# The first of them begin at once, the last so much later.
WITHIN = 10
# No kind of request may be slower than this for more than one in twenty.
SLOWEST = 500
# Fewer than this tell nothing about one in twenty.
ENOUGH = 20


def measure(report, quick=False):
    people, seconds = (20, 30) if quick else (PEOPLE, SECONDS)
    with Production() as portal:
        crowd = Crowd(portal, people)
        used, memory, connections = watched(portal, lambda: crowd.live(seconds))
        lost = kept_words.lost(portal, crowd.notes, crowd.inbox)
    say_how_fast(report, crowd.notes)
    say_what_is_lost(report, lost)
    sent = len([one for one in crowd.notes.responses if one.reference])
    say_what_it_took(report, used, memory, connections, seconds)
    report.note(
        f"{people} people for {seconds} s: {crowd.notes.requests:,} requests,"
        f" {len(crowd.notes.responses):,} responses begun, {sent:,} sent."
    )
    for failure in crowd.notes.failures[:20]:
        report.note(f"Failed: {failure}")


class Inbox:
    """What came to people, read from the relay once."""

    def __init__(self, sink):
        self._sink = sink
        self._links, self._read = {}, 0
        self._lock = threading.Lock()

    def link_for(self, address):
        with self._lock:
            for message in self._sink.journal[self._read :]:
                self._read += 1
                text = message.get_body(("plain",)).get_content()
                if found := LINK.search(text):
                    self._links[message["To"]] = found[1]
            return self._links.get(address)

    def texts(self):
        return [
            (message["To"], message.get_body(("plain",)).get_content())
            for message in self._sink.journal
        ]


class Crowd:
    def __init__(self, portal, size):
        self._site = f"https://localhost:{portal.place.port}"
        self._size = size
        self.inbox = Inbox(portal.sink)
        self.notes = Notes()
        self._is_over = threading.Event()

    def live(self, seconds):
        """Let them write for so long; what is under way then is answered."""
        seats = [
            threading.Thread(target=self._sit, args=[seat])
            for seat in range(self._size)
        ]
        for seat in seats:
            seat.start()
        time.sleep(seconds)
        self._is_over.set()
        for seat in seats:
            seat.join()

    def _sit(self, seat):
        number = 0
        with suppress(Over):
            self._wait(WITHIN * seat / self._size)
            while True:
                number += 1
                self._respond(f"{seat}-{number}")

    def _wait(self, seconds):
        if self._is_over.wait(seconds):
            raise Over

    def _respond(self, name):
        person = Person(self._site, self.notes, self.inbox, name, self._wait)
        # A failure is noted already. Somebody else takes the seat.
        with closing(person), suppress(Failed):
            for step in person.steps():
                step()


def watched(portal, live):
    """Return the CPU seconds and the memory of each part, and PostgreSQL's connections."""
    pids = portal.pids()
    before = {name: cpu_seconds(pid) for name, pid in pids.items()}
    own = time.process_time()
    live()
    used = {name: cpu_seconds(pid) - before[name] for name, pid in pids.items()}
    used["who makes the load"] = time.process_time() - own
    memory = {name: megabytes(pid) for name, pid in pids.items()}
    count = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    return used, memory, portal.sql(count)[0][0]


def say_how_fast(report, notes):
    for kind, taken in sorted(notes.taken.items()):
        if len(taken) >= ENOUGH:
            work = f"{kind}, 95th of 100 ({len(taken):,})"
            of_kind = report.figure(work, "ms", at_most(SLOWEST))
            of_kind.values.append(share_of(taken, 0.95) * 1000)
    slowest = report.figure("the slowest of all requests", "ms")
    slowest.values.append(max(map(max, notes.taken.values())) * 1000)
    failed = report.figure("failed requests", "of 100", at_most(0))
    failed.values.append(100 * len(notes.failures) / notes.requests)


def say_what_is_lost(report, lost):
    for what, count in lost.items():
        report.figure(what, "", at_most(0)).values.append(count)


def say_what_it_took(report, used, memory, connections, seconds):
    for name, spent in used.items():
        cpu = report.figure(f"CPU of {name}", "ms a second")
        cpu.values.append(1000 * spent / seconds)
    for name, megabytes_of_part in memory.items():
        report.figure(f"memory of {name}", "MB").values.append(megabytes_of_part)
    report.figure("connections to PostgreSQL", "").values.append(connections)
