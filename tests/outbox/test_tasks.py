from outbox import claims, delivery, relay
from outbox.tasks import deliver_due


def test_task_may_finish_its_message_and_ends_before_the_lease():
    longest = delivery.BUDGET_SECONDS + relay.MESSAGE_SECONDS

    assert longest < deliver_due.time_limit < claims.LEASE.total_seconds()
    assert claims.FENCE.total_seconds() >= relay.MESSAGE_SECONDS
    assert deliver_due.expires == 30
