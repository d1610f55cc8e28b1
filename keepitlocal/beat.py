"""The beat, which also hears the bell that pages ring: `outbox/bell.py`."""

import logging
from functools import cached_property

from celery.beat import Scheduler, SchedulingError
from django.db import DatabaseError, InterfaceError, connection

from outbox import bell

logger = logging.getLogger(__name__)

# When the database cannot be listened to. The loop looks as often.
AGAIN_AFTER = 3


class ListeningScheduler(Scheduler):
    """Sends what is due, as Celery's own, and listens until something is."""

    def tick(self, *args, **kwargs):
        # Below nought when what is due next is late already.
        seconds = max(0, super().tick(*args, **kwargs))
        try:
            for task, headers in bell.heard_within(seconds).items():
                self.tell_a_worker(task, headers)
        except (DatabaseError, InterfaceError) as error:
            logger.warning("The bell cannot be heard for now: %s", error)
            connection.close()
            return min(seconds, AGAIN_AFTER)
        except SchedulingError as error:
            # What else was heard is left to the sweep: a broker that hangs would cost
            # each of them a second.
            logger.warning("The broker is away, the sweep will find it: %s", error)
        return 0

    @cached_property
    def producer(self):
        """What sends to the broker, connected with the first message.

        Celery's own waits for a broker that is away, for minutes, and hears no bell.
        """
        return self.Producer(self.connection, auto_declare=False)

    def tell_a_worker(self, task, headers):
        if task not in {entry.task for entry in self.schedule.values()}:
            logger.warning("The bell was rung for a task that is not on the schedule")
            return
        options = {"headers": headers}
        entry = self.Entry(name="bell", task=task, options=options, app=self.app)
        self.apply_async(entry, producer=self.producer, advance=False)
