"""A bell is rung in the database, heard by the beat, and answered by a worker."""

import subprocess
import sys

import pytest
from celery.contrib.testing.worker import start_worker
from django.db import connection, transaction

from keepitlocal.beat import AGAIN_AFTER, ListeningScheduler
from keepitlocal.celery import app
from keepitlocal.watching.logs import request_id
from outbox import bell
from tests.outbox.processes import wait_for

DELIVER, EXPORT = "outbox.tasks.deliver_due", "review.tasks.make_exports"
# Nobody listens there.
NOBODY = "redis://127.0.0.1:9/0"


class Beat(ListeningScheduler):
    """Keeps what it would tell a worker."""

    def tell_a_worker(self, task, headers):
        self.told.append((task, headers))


@pytest.fixture
def beat(transactional_db):
    """One that listens, and has told nobody anything."""
    bell.heard_within(0)
    beat = Beat(app)
    beat.told = []
    return beat


def test_a_bell_is_heard_with_the_number_of_the_request(beat):
    token = request_id.set("0123456789abcdef")
    bell.ring(DELIVER)
    request_id.reset(token)

    beat.tick()

    assert beat.told == [(DELIVER, {"request_id": "0123456789abcdef"})]


def test_a_flood_of_bells_is_one_message_for_each_task(beat):
    for _ in range(100):
        bell.ring(DELIVER)
        bell.ring(EXPORT)

    beat.tick()

    assert sorted(task for task, _headers in beat.told) == [DELIVER, EXPORT]


@pytest.mark.parametrize(
    "said",
    ["", "[]", '"x"', "{}", '{"task": "a.task"}', '{"task": "a", "headers": 3}']
    + [
        '{"task": "a.task", "headers": {}}',
        '{"task": ["a"], "headers": [], "more": 1}',
    ],
)
def test_what_is_not_of_our_making_ends_nothing(said, transactional_db, caplog):
    bell.heard_within(0)
    beat = ListeningScheduler(app)
    beat.producer = None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [bell.CHANNEL, said])

    assert beat.tick() == 0
    [told] = [one for one in caplog.records if one.levelname == "WARNING"]
    assert told.msg.startswith(("Somebody else rang", "The bell was rung for a task"))


def test_a_connection_that_breaks_is_replaced(beat):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [broken] = cursor.fetchone()
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [broken])
    other.close()

    assert 0 < beat.tick() <= AGAIN_AFTER
    assert bell.heard_within(0) == {}
    bell.ring(DELIVER)
    beat.tick()

    assert [task for task, _headers in beat.told] == [DELIVER]


@pytest.mark.django_db(transaction=True)
def test_bell_wakes_a_worker(write, smtp_sink):
    app.control.purge()
    beat = ListeningScheduler(app)

    with start_worker(app, perform_ping_check=False):
        bell.heard_within(0)
        with transaction.atomic():
            email = write()
        beat.tick()
        wait_for(lambda: smtp_sink.accepted == [email.message_id])


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_away_costs_one_try_and_ends_nothing(caplog):
    bell.heard_within(0)
    beat = ListeningScheduler(app)
    beat.connection = app.connection_for_write(NOBODY)

    bell.ring(DELIVER)
    bell.ring(EXPORT)

    assert beat.tick() == 0
    assert caplog.text.count("The broker is away") == 1


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_comes_back_is_told(caplog):
    bell.heard_within(0)
    beat = ListeningScheduler(app)
    told = beat.connection
    beat.connection = app.connection_for_write(NOBODY)
    bell.ring(DELIVER)
    beat.tick()

    beat.connection.switch(told.as_uri(include_password=True))
    bell.ring(DELIVER)
    beat.tick()

    assert caplog.text.count("The broker is away") == 1


def test_a_page_needs_neither_celery_nor_the_brokers_client():
    """They are a quarter of what a web process would hold."""
    program = """
import sys
import keepitlocal.wsgi
print({"celery", "kombu", "redis"} & {name.partition(".")[0] for name in sys.modules})
"""

    said = subprocess.check_output([sys.executable, "-c", program], text=True)

    assert said == "set()\n"
