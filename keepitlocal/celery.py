"""The Celery app: `celery -A keepitlocal.celery worker`."""

import gc
import os
from contextlib import suppress

from billiard.util import get_pdeathsig
from celery import Celery, Task, signals

from .deep_calls import with_room

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "keepitlocal.settings")


class RoomyTask(Task):
    __call__ = with_room(Task.__call__)


app = Celery("keepitlocal", task_cls=RoomyTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
# Who notes what they did.
app.autodiscover_tasks(["keepitlocal.watching"])


@signals.worker_before_create_process.connect
def share_what_is_loaded(**kwargs):
    """Load what each of the pool's processes would, and keep the collector out of it."""
    # Each begins by setting this signal, for which billiard loads a parser of C. Other
    # systems than Linux have none.
    with suppress(OSError):
        get_pdeathsig()
    gc.freeze()
