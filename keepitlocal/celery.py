"""The Celery app: `celery -A keepitlocal.celery worker`."""

import gc
import os

from celery import Celery, signals

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "keepitlocal.settings")

app = Celery("keepitlocal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@signals.worker_before_create_process.connect
def share_what_is_loaded(**kwargs):
    """Keep the collector from writing into what the pool's processes share."""
    gc.freeze()
