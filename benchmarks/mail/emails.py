"""How fast emails leave, and how soon an acknowledgement arrives: `make bench ONLY=emails`.

A backlog of acknowledgements goes out through a real worker with two processes, of two
connections each, every email composed, fenced and settled. Beside it, in the same round and to the same server, smtplib
sends as many copies of one email that is written already, in a loop over one connection.
The server keeps each email on the disk as relays do, or reads it in Python, or costs next
to nothing.

The acknowledgements are of responses that are sent to a real web server while nothing else
happens, timed from the click to the arrival.
"""

import random
import smtplib
import subprocess
import sys
import threading
import time
import uuid
from contextlib import ExitStack
from dataclasses import replace

from celery import Celery
from django.db import connection

from benchmarks.comparing import at_least, at_most, share_of
from benchmarks.portals import portal
from benchmarks.processes import cpu_of, postmaster
from chaos import programs
from chaos.smtp import SmtpSink
from keepitlocal.local import portal as parts
from keepitlocal.local import valkey
from keepitlocal.local.guardian import Guardian
from keepitlocal.local.programs import Program, free_port, running
from tests.end_to_end.reloading import Respondent, web_server
from tests.portals import ROOT, say_nothing

EMAILS = 3000
ROUNDS = 5
RESPONSES = 60
# Until the processes of a worker have loaded all that an email needs.
WARM_UP = 100
# By what the server does: the command that runs it, at a port.
SINKS = {
    "keeps each on the disk, as relays do": [
        *("benchmarks.mail.sink", "{port}", "{folder}/emails")
    ],
    "reads it in Python (aiosmtpd)": [
        *("aiosmtpd", "--nosetuid", "--listen=127.0.0.1:{port}"),
        "--class=aiosmtpd.handlers.Sink",
    ],
    "costs next to nothing": ["benchmarks.mail.sink", "{port}"],
}


def measure(report, quick=False):
    with portal() as made, ExitStack() as stack:
        start = starter(stack)
        broker = valkey.made_ready(made.data_dir)
        start(broker.program())
        servers = {"REDIS_URL": broker.url, "LOG_LEVEL": "ERROR"}
        backlog = Backlog(300 if quick else EMAILS, Celery(broker=broker.url))
        for name in SINKS:
            compare_rates(report, backlog, made, servers, name, quick)
        measure_acknowledgements(report, made, servers, quick)


def starter(stack):
    """Return what starts a program, and ends it with the stack."""
    guardian = Guardian()
    stack.callback(guardian.dismiss)

    def start(program):
        ready = running(program, guardian, say_nothing, threading.Event())
        return stack.enter_context(ready)

    return start


# Rates


def compare_rates(report, backlog, made, servers, name, quick):
    rate = report.compare(
        f"Emails through a worker of two processes, to a server that {name}",
        "an smtplib loop",
        "emails/s",
        at_least(0.6),
    )
    cpu = report.figure(
        f"CPU of worker and PostgreSQL an email, to the same: {name}", "ms"
    )
    with ExitStack() as stack:
        start = starter(stack)
        port = free_port()
        start(sink(name, port, made.data_dir))
        working = start(worker(made, servers, port)).pid, postmaster(made.data_dir)
        backlog.write(WARM_UP)
        backlog.rate_of_worker()
        for _ in range(1 if quick else ROUNDS):
            theirs = rate_of_loop(port, backlog.letter(), backlog.count)
            backlog.write(backlog.count)
            with cpu_of(*working) as used:
                ours = backlog.rate_of_worker()
            rate.add(ours, theirs)
            cpu.values.append(used.seconds / backlog.count * 1000)


def sink(name, port, folder):
    command = [word.format(port=port, folder=folder) for word in SINKS[name]]
    return Program(
        name="sink",
        command=[*parts.module(command[0]), *command[1:]],
        folder=ROOT,
        answers=lambda process: answers_smtp(port),
    )


def answers_smtp(port):
    try:
        smtplib.SMTP("127.0.0.1", port).quit()
    except OSError:
        return False
    return True


def worker(made, servers, smtp_port):
    ready = made.data_dir / "worker-is-ready"
    told = {
        "EMAIL_URL": f"smtp://127.0.0.1:{smtp_port}",
        "KEEP_IT_LOCAL_WORKER_IS_READY": str(ready),
    }
    program = programs.worker()
    return replace(
        program,
        command=[*program.command, "--include=keepitlocal.local.worker"],
        environment=program.environment | made.environment | servers | told,
        prepare=lambda: ready.unlink(missing_ok=True),
        answers=lambda process: ready.exists(),
        answers_within=120,
    )


class Backlog:
    """So many acknowledgements to send, as often as asked."""

    def __init__(self, count, bell):
        # Only now can models be imported.
        from benchmarks.bulk import in_bulk, sent  # noqa: PLC0415
        from consultations.models import Consultation  # noqa: PLC0415
        from outbox.models import OutgoingEmail  # noqa: PLC0415
        from review.made_up.rows import Maker  # noqa: PLC0415

        self.emails = OutgoingEmail.objects
        self.count, self.bell = count, bell
        call = Consultation.objects.get(is_rehearsal=True)
        with in_bulk():
            self.submissions = sent(Maker(call, "emails"), count)

    def write(self, count):
        """Write so many emails, and nothing else."""
        self.emails.all().delete()
        self.emails.bulk_create(map(self.acknowledgement, self.submissions[:count]))
        with connection.cursor() as cursor:
            # As many may be dead rows as autovacuum likes, but not of all rounds.
            cursor.execute("VACUUM ANALYZE outbox_outgoingemail")

    def rate_of_worker(self):
        """Ring once for each process, and wait until all emails have left.

        The rows say when that was, so that nobody has to ask often, which costs too.
        """
        began_at = time.time()
        for _process in range(2):
            self.bell.send_task("outbox.tasks.deliver_due", ignore_result=True)
        while self.emails.waiting().exists() or self.emails.filter(state="sending"):
            time.sleep(0.25)
        assert set(self.emails.values_list("state", flat=True)) == {"sent"}
        sent = sorted(self.emails.values_list("sent_at", flat=True))
        return len(sent) / (sent[-1].timestamp() - began_at)

    def acknowledgement(self, submission):
        return self.emails.model(
            key=f"acknowledgement:{submission.pk}",
            kind="acknowledgement",
            # Ten an hour to one address, and no more.
            to_email=f"respondent-{submission.pk}@example.org",
            about=f"submission:{submission.pk}",
            context={"submission": submission.pk},
            message_id=f"<{uuid.uuid4()}@localhost>",
        )

    def letter(self):
        """Return the bytes of one of these emails."""
        from outbox import kinds, letters  # noqa: PLC0415

        email = self.acknowledgement(self.submissions[0])
        return letters.write(email, kinds.get(email.kind).compose(email)).content


def rate_of_loop(port, letter, count):
    """Send so many copies from a process of its own."""
    program = [sys.executable, "-m", "benchmarks.mail.smtp_loop", str(port), str(count)]
    done = subprocess.run(program, cwd=ROOT, input=letter, capture_output=True)
    return count / float(done.stdout)


# Acknowledgements


class Timed(Respondent):
    """Knows when the button was pressed that sends a response."""

    def ask(self, method, path, **fields):
        if method == "POST" and path.endswith("/check/"):
            self.pressed_at = time.monotonic()
        return super().ask(method, path, **fields)


def measure_acknowledgements(report, made, servers, quick):
    late = report.figure(
        f"Acknowledgement on an idle portal: from the click to its arrival, 95 % of"
        f" {RESPONSES}",
        "s",
        at_most(1),
    )
    made.did("collectstatic", "--no-input")
    with ExitStack() as stack:
        start = starter(stack)
        relay = stack.enter_context(SmtpSink())
        start(worker(made, servers, relay.port))
        environment = made.environment | servers
        beat = programs.beat()
        start(replace(beat, environment=beat.environment | environment))
        web = stack.enter_context(web_server(environment))
        # When it has arrived, the beat listens.
        wait_for_acknowledgement(web.port, relay)
        for _ in range(1 if quick else 3):
            count = 10 if quick else RESPONSES
            waits = [wait_for_acknowledgement(web.port, relay) for _ in range(count)]
            late.values.append(share_of(waits, 0.95))


def wait_for_acknowledgement(port, relay):
    arrived = len(relay.journal)
    respondent = Timed(port)
    address = f"{uuid.uuid4()}@example.org"
    respondent.respond("Eleven became three.", email=address)
    while len(relay.journal) == arrived:
        time.sleep(0.001)
    # Not in step with the beat.
    time.sleep(random.random() / 5)
    assert relay.recipients[-1] == address
    return relay.times[-1] - respondent.pressed_at
