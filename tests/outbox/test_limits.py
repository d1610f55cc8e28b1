"""One address gets so many emails of a kind in an hour."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext

from outbox import claims
from outbox.delivery import Batch, deliver_due
from outbox.models import OutgoingEmail, State
from outbox.relay import Relay


@pytest.fixture
def link(make_kind):
    return make_kind("link", per_hour=2)


def states():
    return list(OutgoingEmail.objects.order_by("key").values_list("state", flat=True))


def test_what_is_more_than_enough_is_cancelled(write, link, smtp_sink):
    for to in ("ann@example.org", "Ann@Example.org", "ann@example.org"):
        write("link", to=to)
    write("link", to="bob@example.org")
    write("note")

    assert deliver_due() == 4

    assert states() == [State.SENT, State.SENT, State.CANCELLED, State.SENT, State.SENT]


@pytest.mark.parametrize(
    ("minutes", "state"), [(59, State.CANCELLED), (61, State.SENT)]
)
def test_what_went_out_in_the_last_hour_counts(write, link, smtp_sink, minutes, state):
    write("link")
    write("link")
    deliver_due()
    OutgoingEmail.objects.update(sent_at=Now() - timedelta(minutes=minutes))
    last = write("link")

    deliver_due()

    last.refresh_from_db()
    assert last.state == state


def test_workers_that_claimed_together_send_no_more_than_one(write, link, smtp_sink):
    for _ in range(2 * claims.BATCH):
        write("link")

    with Relay() as relay:
        batches = [Batch(claims.claim(), relay) for _ in range(2)]
        counts = [batch.deliver(is_over=lambda: False) for batch in batches]

    assert counts == [2, 0]
    assert states().count(State.CANCELLED) == 2 * claims.BATCH - 2


def test_the_only_one_to_its_address_is_not_counted(write, link, smtp_sink):
    for name in ("ann", "bob", "cleo"):
        write("link", to=f"{name}@example.org")
    write("note", to="ann@example.org")

    with CaptureQueriesContext(connection) as queries:
        assert deliver_due() == 4

    asked = [query["sql"] for query in queries]
    assert not [sql for sql in asked if claims.SENT_THIS_HOUR.name in sql]


def test_database_trouble_while_counting_strands_nothing(write, link, smtp_sink):
    for _ in range(3):
        write("link")

    def trouble(execute, sql, *args):
        if claims.SENT_THIS_HOUR.name in sql:
            raise OperationalError("canceling statement due to statement timeout")
        return execute(sql, *args)

    with connection.execute_wrapper(trouble):
        assert deliver_due() == 0

    assert states() == [State.RETRY] * 3
    assert set(OutgoingEmail.objects.values_list("attempts", flat=True)) == {0}
