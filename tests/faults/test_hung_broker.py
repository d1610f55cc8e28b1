"""F6: a broker that hangs, as a Valkey that is stopped with SIGSTOP. Nobody waits for it."""

import time

from outbox.models import OutgoingEmail, State
from submissions.models import Submission

from .conftest import THREADS, gunicorn, running, wait_until
from .respondents import Writer, status

WORKER = ["celery", "-A", "keepitlocal.celery", "worker", "--beat", "-c1"]


def test_f6_no_receipt_waits_and_every_email_leaves(environment, consultation, broker):
    """F6: receipts at once; the loop sends; a worker that began then works later."""
    with (
        gunicorn(environment, *THREADS) as web,
        running("manage", "run_outbox", "--loop", **environment) as loop,
    ):
        writers = [Writer(web.url) for _ in range(3)]
        for writer in writers:
            writer.say_who("ada@riverside.example")
        broker.suspend()

        with running(*WORKER, **environment) as worker:
            seconds = [seconds_until_receipt(writer) for writer in writers]

            print("Seconds until a receipt:", *(round(one, 2) for one in seconds))
            assert max(seconds) < 1
            assert Submission.objects.submitted().count() == 3
            wait_until(lambda: sent() == 3)
            # The worker found nobody at its start, and now must do without the loop.
            loop.terminate()
            loop.wait(15)
            broker.resume()
            late = Writer(web.url)
            assert status(late.ask_for_link("late@example.org")) == 302
            wait_until(lambda: sent() == 4)
            assert worker.poll() is None


def seconds_until_receipt(writer):
    started = time.monotonic()
    assert status(writer.submit()) == 302
    return time.monotonic() - started


def sent():
    return OutgoingEmail.objects.filter(state=State.SENT).count()
