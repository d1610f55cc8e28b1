import logging
import signal
import threading
import time

from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError, close_old_connections

from outbox import kinds
from outbox.delivery import deliver_due
from outbox.signals import duty_ended

logger = logging.getLogger(__name__)

# Seconds.
PLAN_EVERY = 300
PLAN_AGAIN_AFTER = 30


class Command(BaseCommand):
    help = "Send the emails that are due: once, or with --loop until stopped."
    # They load every page there is, which the loop never shows.
    requires_system_checks = []

    plan_at = 0.0

    def add_arguments(self, parser):
        parser.add_argument("--loop", action="store_true")
        parser.add_argument(
            "--every",
            type=float,
            default=3,
            metavar="SECONDS",
            help="between two looks",
        )

    def handle(self, *, loop, every, **options):
        if loop:
            self.run(every)
        else:
            self.stdout.write(f"{deliver_due()} sent")

    def run(self, every):
        """Deliver until SIGTERM or SIGINT; the message in hand is finished."""
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        # Not to stdout, where a full disk of logs would end the loop.
        logger.info("Looking for due emails every %g s", every)
        while not stop.is_set():
            self.look(stop)
            stop.wait(every)

    def look(self, stop):
        """Plan and deliver, whatever happens: this loop is what makes both certain."""
        if time.monotonic() >= self.plan_at:
            is_planned = self.attempt("loop.plan", kinds.plan)
            pause = PLAN_EVERY if is_planned else PLAN_AGAIN_AFTER
            self.plan_at = time.monotonic() + pause
        self.attempt("loop.deliver_due", lambda: deliver_due(should_stop=stop.is_set))

    def attempt(self, name, duty) -> bool:
        """Do one of the two, and return whether it was done: neither stops the other."""
        began_at = time.monotonic()
        is_done = False
        try:
            duty()
            is_done = True
        except (OperationalError, InterfaceError) as error:
            logger.warning("The database is away, trying again: %s", error)
        except Exception:
            logger.exception("A look at the outbox failed, trying again")
        finally:
            seconds = time.monotonic() - began_at
            duty_ended.send_robust(
                type(self), name=name, seconds=seconds, has_failed=not is_done
            )
            # One that broke, now or before the next look, is replaced then.
            close_old_connections()
        return is_done
