"""F6: a broker that hangs, as a Valkey that is stopped with SIGSTOP. Nobody waits for it."""

import time

from outbox.models import OutgoingEmail, State
from submissions.models import Submission

from .conftest import THREADS, gunicorn, running, wait_until
from .respondents import Writer, status

WHOLE = {"_end": "1"}
WORKER = ["celery", "-A", "keepitlocal.celery", "worker", "-c1"]


def test_f6_no_receipt_waits_and_every_email_leaves(environment, consultation, broker):
    """F6: receipts within two seconds; the loop sends; a worker that began then works later."""
    with (
        gunicorn(environment, *THREADS) as web,
        running("manage", "run_outbox", "--loop", **environment) as loop,
    ):
        writers = [Writer(web.url) for _ in range(3)]
        for writer in writers:
            writer.ask_for_link(f"{writer.key}@example.org")
        wait_until(lambda: sent() == 3)
        broker.suspend()

        with running(*WORKER, **environment) as worker:
            seconds = [seconds_until_receipt(writer) for writer in writers]

            print("Seconds until a receipt:", *(round(one, 2) for one in seconds))
            assert max(seconds) < 2
            assert Submission.objects.submitted().count() == 3
            wait_until(lambda: sent() == 6)
            # The worker found nobody at its start, and now must do without the loop.
            loop.terminate()
            loop.wait(15)
            broker.resume()
            late = Writer(web.url)
            wait_until(lambda: status(late.ask_for_link("late@example.org")) == 302)
            wait_until(lambda: sent() == 7, 30)
            assert worker.poll() is None


def seconds_until_receipt(writer):
    started = time.monotonic()
    answer = writer.ask("POST", f"/evidence/{writer.key}/check/", writer.form(WHOLE))
    assert status(answer) == 302
    return time.monotonic() - started


def sent():
    return OutgoingEmail.objects.filter(state=State.SENT).count()
