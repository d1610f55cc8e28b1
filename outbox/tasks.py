from celery import shared_task

from outbox import delivery, kinds


# It may run for its budget and then finish one message: 45 + 60 s, and less than a lease.
# A bell that was not heard within 30 s is not worth hearing: the sweep has rung since.
@shared_task(
    name="outbox.tasks.deliver_due", ignore_result=True, expires=30, time_limit=120
)
def deliver_due():
    delivery.deliver_due()


@shared_task(name="outbox.tasks.plan", ignore_result=True, expires=300)
def plan():
    kinds.plan()
