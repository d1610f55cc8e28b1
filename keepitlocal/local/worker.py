"""Tells the supervisor that the Celery worker takes tasks. Celery imports it: `--include`."""

import os
from pathlib import Path

from celery.signals import worker_ready


@worker_ready.connect
def say_ready(**kwargs):
    Path(os.environ["KEEP_IT_LOCAL_WORKER_IS_READY"]).touch()
