"""What each thing that a respondent does costs a portal as production has it.

One person after the other does each of the things of `people`, with nobody else about: the
CPU that each part used meanwhile, without what it uses when nothing happens, and the log
that PostgreSQL wrote, divided by their number. `model` reckons with these.
"""

import time
from dataclasses import dataclass

from benchmarks.processes import cpu_seconds

from . import kept_words
from .load import Inbox
from .people import Person
from .production import Production
from .visitors import Notes

PEOPLE = 100
# As long as an answer is on average while it grows.
LETTERS = 1_500
GROUPS = {
    "web": ["web", "nginx"],
    "PostgreSQL": ["postgres"],
    "worker": ["worker", "beat", "outbox", "valkey"],
}
WAL = "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')"
SIZE = "SELECT pg_database_size(current_database())"


@dataclass(frozen=True)
class Step:
    name: str
    # Called with each person.
    do: object


STEPS = [
    Step("begin, from the call's page on", lambda person: person.begin()),
    Step("say who they are", lambda person: person.say_who_they_are()),
    Step("open a section", lambda person: person.open_section(1)),
    Step("save by itself", lambda person: person.autosave("answer-1-1", text(person))),
    Step("save a section", lambda person: person.save_section()),
    Step("comment on a sentence", lambda person: person.comment()),
    Step("attach a file", lambda person: person.attach()),
    Step("leave, and come back by link", lambda person: person.leave_and_come_back()),
    Step("look at all of it, and send it", lambda person: person.send()),
]


def measure(report, quick=False):
    with Production() as portal:
        people = list(everybody(portal, 10 if quick else PEOPLE))
        warm_up(portal, people)
        size = portal.sql(SIZE)[0][0]
        idle = spent_on(portal, lambda: time.sleep(2 if quick else 20))
        for step in STEPS:
            say_costs(report, portal, step, people, idle)
        grown = (portal.sql(SIZE)[0][0] - size) / len(people)
    report.figure("disk of PostgreSQL, a response", "KB").values.append(grown / 1000)
    notes = people[0].notes
    assert not notes.failures, notes.failures


def everybody(portal, count):
    notes, inbox = Notes(), Inbox(portal.sink)
    site = f"https://localhost:{portal.place.port}"
    for number in range(count):
        yield Person(site, notes, inbox, number, wait=wait_for_email)


def wait_for_email(seconds):
    """People do not wait here, but for what comes by email."""
    time.sleep(0.05 if seconds == 1 else 0)


def text(person):
    return person.text(LETTERS)


def warm_up(portal, people):
    """Have every process of the web server answer before anything is measured."""
    for person in people:
        for _ in range(5):
            person.browser.open("warm", "/")


@dataclass
class Spent:
    seconds: float
    cpu: dict
    wal: float


def spent_on(portal, happen):
    pids = portal.pids()
    began, log = time.monotonic(), portal.sql(WAL)[0][0]
    before = {name: cpu_seconds(pid) for name, pid in pids.items()}
    happen()
    used = {name: cpu_seconds(pid) - before[name] for name, pid in pids.items()}
    wal = float(portal.sql(WAL)[0][0] - log)
    return Spent(time.monotonic() - began, used, wal)


def say_costs(report, portal, step, people, idle):
    def happen():
        for person in people:
            step.do(person)
        kept_words.wait_for_emails(portal)

    spent = spent_on(portal, happen)
    for group, parts in GROUPS.items():
        used = sum(
            spent.cpu[part] - idle.cpu[part] * spent.seconds / idle.seconds
            for part in parts
        )
        cost = report.figure(f"{step.name}: CPU of {group}", "ms")
        cost.values.append(max(0, 1000 * used / len(people)))
    log = report.figure(f"{step.name}: log of PostgreSQL", "KB")
    log.values.append(spent.wal / 1000 / len(people))
