"""The beat, which also hears the bell that pages ring: `outbox/bell.py`."""

import logging

from celery.beat import Scheduler, SchedulingError
from django.db import DatabaseError, InterfaceError, connection

from outbox import bell

logger = logging.getLogger(__name__)


class ListeningScheduler(Scheduler):
    """Sends what is due, as Celery's own, and listens until something is."""

    def tick(self, *args, **kwargs):
        # Below nought when what is due next is late already.
        seconds = max(0, super().tick(*args, **kwargs))
        try:
            for said in bell.heard_within(seconds):
                self.tell_a_worker(**said)
        except (DatabaseError, InterfaceError) as error:
            logger.warning("The bell cannot be heard for now: %s", error)
            connection.close()
            return seconds
        except SchedulingError as error:
            # What else was heard is left to the sweep: a broker that hangs would cost
            # each of them a second.
            logger.warning("The broker is away, the sweep will find it: %s", error)
        return 0

    def tell_a_worker(self, task, headers):
        options = {"headers": headers}
        entry = self.Entry(name="bell", task=task, options=options, app=self.app)
        self.apply_async(entry, producer=self.producer, advance=False)
