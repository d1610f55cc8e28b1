"""The Celery app: `celery -A keepitlocal.celery worker`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "keepitlocal.settings")

app = Celery("keepitlocal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
