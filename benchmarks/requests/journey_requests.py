"""What respondents' requests cost: pages beside a bare Django's, writing beside pgbench.

All parts are as in production: gunicorn as deploy/gunicorn.conf.py has it, a PostgreSQL that
writes to disk, somebody who hears the bell. Eight browsers ask side by side. The CPU of a request is that of
all processes of gunicorn and of PostgreSQL; that of pgbench's, of PostgreSQL alone.
"""

import tempfile
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import psutil
import psycopg2

from benchmarks.comparing import Report, at_most, share_of
from benchmarks.portals import portal
from benchmarks.processes import cpu_of, postmaster
from outbox.bell import CHANNEL
from tests.portals import Portal

from .serving import Ask, Server, answer, crowd, gunicorn

BROWSERS = 8
SECTION = 1
PAGES = {
    "Open the contents page": ("contents",),
    "Open a section page": ("section", SECTION),
    "Open check-your-answers": ("check_answers",),
}
# What pgbench sends.
REFERENCES = {
    "text": ("the same SQL by pgbench", at_most(6)),
    "sent": ("the same, with what our connections had prepared", None),
    "prepared": ("the same, all prepared and holding its texts", None),
}
# What is done before anything counts: connections, templates, and the call are there.
WARM = 10
# So that pgbench's new connections, and what they prepare, hardly count beside its runs:
# the web's are warm.
LONGER = 6


def measure(report, quick=False):
    # With fewer, the bare view's CPU can be less than the system's clock tells.
    rounds, times = (1, 20) if quick else (7, 40)
    with portal() as made, servers(made) as (ours, bare, folder):
        # Only now: they need Django's settings.
        from . import drafts  # noqa: PLC0415

        run = Run(report, made, ours, postmaster(made.data_dir), rounds, times)
        held = drafts.make(BROWSERS)
        for work, page in PAGES.items():
            open_page(run, work, held, page, bare, folder)
        save(run, drafts, held)
        send(run, drafts)
    report.note(
        "CPU of requests: all processes of gunicorn and PostgreSQL; of pgbench: "
        "PostgreSQL alone."
    )


@contextmanager
def servers(made):
    """Serve the portal, and by a bare Django the pages that will be in a folder."""
    made.did("collectstatic", "--no-input")
    with ExitStack() as stack:
        stack.enter_context(listening(made))
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        bare = "benchmarks.requests.bare_view:application()"
        yield (
            stack.enter_context(gunicorn("keepitlocal.wsgi")),
            stack.enter_context(gunicorn(bare, BARE_PAGES=folder)),
            Path(folder),
        )


@contextmanager
def listening(made):
    """Listen as the beat does, and do nothing of it."""
    with closing(psycopg2.connect(made.database_url)) as beat:
        beat.autocommit = True
        beat.cursor().execute(f"LISTEN {CHANNEL}")
        yield


@dataclass(frozen=True)
class Run:
    """Where and how often something is measured."""

    report: Report
    made: Portal
    web: Server
    postgres: int
    rounds: int
    times: int

    def ask(self, asks, server=None):
        """Have browsers ask, each for its own; return (ms of CPU a request, seconds)."""
        server = server or self.web
        with cpu_of(server.pid, self.postgres) as used:
            seconds = crowd(server.port, asks)
        return 1000 * used.seconds / len(seconds), seconds

    def pgbench(self, pgbench, scripts, mode):
        """Run scripts on as many connections as the web has: more would cost more."""
        connections = len(psutil.Process(self.web.pid).children())
        scripts = scripts[:connections]
        times = LONGER * self.times * BROWSERS // len(scripts)
        with cpu_of(self.postgres) as used:
            seconds = pgbench.run(self.made.database_url, scripts, times, mode)
        return 1000 * used.seconds / len(seconds), seconds


def open_page(run, work, held, page, bare, folder):
    asks = [Ask.page(run.web.port, one.url(*page), one.cookies) for one in held]
    content = answer(run.web.port, asks[0]).partition(b"\r\n\r\n")[2]
    (folder / page[0]).write_bytes(content)
    beside = [Ask.page(bare.port, f"/{page[0]}")] * BROWSERS
    above = run.report.figure(f"{work}: CPU above a bare view", "ms", at_most(5))
    cpu = run.report.compare(f"{work}: CPU", "a bare view of its bytes", "ms")
    slowest = run.report.figure(f"{work}: p95 at 8 clients", "ms")
    run.ask([[ask] * WARM for ask in asks])
    run.ask([[ask] * WARM for ask in beside], bare)
    for _ in range(run.rounds):
        ours, seconds = run.ask([[ask] * run.times for ask in asks])
        theirs, _ = run.ask([[ask] * run.times for ask in beside], bare)
        above.values.append(ours - theirs)
        cpu.add(ours, theirs)
        slowest.values.append(1000 * share_of(seconds, 0.95))


def save(run, drafts, held):
    """Save a section with another text under each question, again and again."""
    forms = [
        [
            Ask.form(run.web.port, one.url("section", SECTION), one.cookies, form)
            for form in drafts.two_forms(SECTION)
        ]
        for one in held
    ]
    beside = [
        drafts.statements_of_saving(one, SECTION) for one in drafts.make(BROWSERS)
    ]
    run.ask([own * (WARM // 2) for own in forms])
    compare_writing(
        run, "Save a section", lambda: [own * (run.times // 2) for own in forms], beside
    )


def send(run, drafts):
    """Send a response, each time another one."""
    beside = [drafts.statements_of_sending(one) for one in drafts.make(BROWSERS)]

    form = urlencode(drafts.sending())

    def asks():
        return [
            [
                Ask.form(run.web.port, one.url("check_answers"), one.cookies, form)
                for one in drafts.make(run.times)
            ]
            for _ in range(BROWSERS)
        ]

    compare_writing(run, "Send a response", asks, beside)


def compare_writing(run, work, asks, scripts):
    """Compare requests with the same statements by pgbench; `asks` gives a round's."""
    from . import pgbench  # noqa: PLC0415

    beside = {
        mode: run.report.compare(f"{work}: CPU", reference, "ms", to_reach)
        for mode, (reference, to_reach) in REFERENCES.items()
    }
    slowest = run.report.figure(f"{work}: p95 at 8 clients", "ms", at_most(60))
    usual = run.report.figure(f"{work}: median at 8 clients", "ms")
    number = run.report.figure(f"{work}: statements", "")
    number.values.append(len(scripts[0]))
    for _ in range(run.rounds):
        asked = asks()
        ours, seconds = run.ask(asked)
        for mode, comparison in beside.items():
            theirs, _ = run.pgbench(pgbench, scripts, mode)
            comparison.add(ours, theirs)
        slowest.values.append(1000 * share_of(seconds, 0.95))
        usual.values.append(1000 * share_of(seconds, 0.5))
