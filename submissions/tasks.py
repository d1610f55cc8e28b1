from celery import shared_task

from . import reminders


@shared_task(ignore_result=True)
def plan_reminders():
    reminders.plan()
