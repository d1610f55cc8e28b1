import pytest
from celery import current_app
from celery.contrib.testing.worker import start_worker
from django.db import transaction

from outbox import claims, delivery, relay
from outbox.tasks import deliver_due
from tests.outbox.processes import wait_for


@pytest.mark.django_db(transaction=True)
def test_bell_wakes_a_worker(write, smtp_sink):
    current_app.control.purge()

    with start_worker(current_app._get_current_object(), perform_ping_check=False):
        with transaction.atomic():
            email = write()
        wait_for(lambda: smtp_sink.accepted == [email.message_id])


def test_task_may_finish_its_message_and_ends_before_the_lease():
    longest = delivery.BUDGET_SECONDS + relay.MESSAGE_SECONDS

    assert longest < deliver_due.time_limit < claims.LEASE.total_seconds()
    assert claims.FENCE.total_seconds() >= relay.MESSAGE_SECONDS
    assert deliver_due.expires == 30
