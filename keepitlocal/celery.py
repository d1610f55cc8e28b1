"""The Celery app: `celery -A keepitlocal.celery worker`."""

import gc
import os

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
    """Keep the collector from writing into what the pool's processes share."""
    gc.freeze()
