"""Hears from the worker's tasks. Celery imports it: `keepitlocal/celery.py`."""

import time

from celery import signals, states
from django.conf import settings

from . import duties
from .listening import HEADER
from .logs import request_id

_began_at: dict[str, float] = {}


@signals.task_prerun.connect
def take_number(task_id, task, **kwargs):
    request_id.set(task.request.get(HEADER) or "")
    _began_at[task_id] = time.monotonic()


@signals.task_postrun.connect
def note_task(task_id, task, state, **kwargs):
    seconds = time.monotonic() - _began_at.pop(task_id, time.monotonic())
    duties.note(task.name, seconds, has_failed=state != states.SUCCESS)
    request_id.set("")


if settings.LOG_FORMAT == "json":

    @signals.setup_logging.connect
    def leave_logging_alone(**kwargs):
        """Keep Celery from writing lines of its own kind among ours."""
