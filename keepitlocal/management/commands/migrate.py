from time import sleep

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import OperationalError
from psycopg2.errors import LockNotAvailable

ATTEMPTS = 10
PAUSE = 5  # seconds


class Command(migrate.Command):
    """Django's own, which tries again when a table is busy.

    A migration waits three seconds for its locks, because all others wait behind it
    meanwhile; then it lets them pass, and has changed nothing.
    """

    def handle(self, *args, **options):
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return super().handle(*args, **options)
            except OperationalError as error:
                if not isinstance(error.__cause__, LockNotAvailable):
                    raise
                self.stderr.write(f"A table is busy ({attempt} of {ATTEMPTS} attempts)")
            sleep(PAUSE)
        raise CommandError(
            "A table was busy all the time. Nothing is half done: look for what holds it "
            "in pg_stat_activity, and run it again."
        )
