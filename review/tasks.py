from celery import shared_task

from review.exports import work

# A million submissions take less; a worker that hangs is ended then.
HOUR = 60 * 60


# The bell is rung every minute: one that was not heard by then is not worth hearing.
@shared_task(
    name="review.tasks.make_exports", ignore_result=True, expires=60, time_limit=HOUR
)
def make_exports():
    work.make_waiting()
