"""F11: a PostgreSQL that hangs. No program of the portal waits for it for long."""

import math
import os
import re
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from django.db import DatabaseError, connection

from keepitlocal import patience
from keepitlocal.celery import app
from outbox.models import OutgoingEmail, State
from review.statements import may_take
from submissions.models import Answer

from .conftest import SYNC, THREADS, gunicorn, running, wait_until
from .proxy import Proxy
from .respondents import SAVED, Writer, status

WORKER = ["celery", "-A", "keepitlocal.celery", "worker", "--beat", "-c1"]
TEXT = "What we wrote while the database hung, " * 20


@pytest.fixture
def proxy(db):
    settings = connection.settings_dict
    with Proxy(settings["HOST"], settings["PORT"]) as proxy:
        yield proxy


@pytest.fixture
def wrapper(proxy):
    """A connection of Django's through the proxy, less patient than in production."""
    wrapper = connection.copy()
    wrapper.settings_dict |= {"HOST": "127.0.0.1", "PORT": proxy.port}
    wrapper.settings_dict["OPTIONS"] |= {"connect_timeout": 2}
    wrapper.inc_thread_sharing()
    with closing(wrapper):
        yield wrapper


def connected(wrapper):
    wrapper.ensure_connection()
    wrapper.connection.patience = 0.3
    return wrapper.cursor()


def test_f11_a_statement_ends_and_its_connection_is_closed(proxy, wrapper):
    """F11: while a statement runs."""
    cursor = connected(wrapper)
    proxy.hang()

    assert ended_within(2, lambda: cursor.execute("SELECT 2"))
    assert wrapper.connection.closed
    # The next one asks a new connection.
    proxy.mend()
    wrapper.close_if_unusable_or_obsolete()
    with wrapper.cursor() as fresh:
        fresh.execute("SELECT 3")
        assert fresh.fetchone() == (3,)


def test_f11_a_kept_connection_is_asked_whether_it_still_works(proxy, wrapper):
    """F11: but not when it has answered within the last second."""
    connected(wrapper)
    proxy.hang()

    assert wrapper.is_usable()
    wrapper.connection.answered_at -= patience.A_MOMENT
    assert not wrapper.is_usable()


def test_a_failed_transaction_is_noticed_at_once(proxy, wrapper):
    """Even when the server has just answered."""
    cursor = connected(wrapper)
    wrapper.set_autocommit(False)
    with pytest.raises(DatabaseError):
        cursor.execute("SELECT 1 / 0")

    assert not wrapper.is_usable()


def test_f8_a_connection_that_ended_is_noticed_at_once(proxy, wrapper):
    """F8: even when it has just answered."""
    connected(wrapper)
    wrapper.connection.answered_at = math.inf
    proxy.cut()
    wait_until(lambda: not patience.has_just_answered(wrapper.connection))

    assert not wrapper.is_usable()


def test_f11_a_commit_ends(proxy, wrapper):
    """F11: while what was written is committed."""
    cursor = connected(wrapper)
    wrapper.set_autocommit(False)
    cursor.execute("CREATE TEMPORARY TABLE written (id int)")
    proxy.hang()

    assert ended_within(2, wrapper.commit)


def test_f11_a_fetch_from_the_server_ends(proxy, wrapper):
    """F11: in the middle of an export. The whole may take as long as it needs."""
    connected(wrapper)
    wrapper.set_autocommit(False)
    with wrapper.chunked_cursor() as cursor:
        cursor.execute("SELECT generate_series(1, 100000)")
        assert len(cursor.fetchmany(100)) == 100
        time.sleep(0.5)
        assert len(cursor.fetchmany(100)) == 100
        proxy.hang()

        assert ended_within(2, lambda: cursor.fetchmany(100))


def test_f11_what_is_slow_but_answers_is_waited_for(proxy, wrapper):
    """F11: only silence ends a wait; each statement has its own."""
    cursor = connected(wrapper)
    proxy.delay = 0.1

    for number in range(4):
        cursor.execute("SELECT %s", [number])

    assert cursor.fetchone() == (3,)


def test_f11_connecting_ends_and_is_not_tried_again_at_once(
    proxy, wrapper, monkeypatch
):
    """F11: while it connects; those who wait behind the first do not wait as long as he did."""
    monkeypatch.setattr(patience, "_gave_up_at", patience._gave_up_at)
    monkeypatch.setattr(patience, "SECONDS_TO_CONNECT", 2)
    proxy.hang()

    assert ended_within(3, wrapper.ensure_connection)
    assert ended_within(0, wrapper.ensure_connection)


@pytest.mark.parametrize(
    ("seconds", "shown", "patient"), [(60, "1min", 61), (0, "0", math.inf)]
)
def test_f11_what_may_take_longer_tells_both_ends(db, seconds, shown, patient):
    with may_take(seconds), connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == (shown,)
        assert connection.connection.patience == patient

    assert connection.connection.patience == patience.SECONDS


def test_f11_the_server_has_the_first_word(settings):
    options = settings.DATABASES["default"]["OPTIONS"]["options"]
    milliseconds = int(re.search(r"statement_timeout=(\d+)", options)[1])

    assert milliseconds / 1000 < patience.SECONDS
    # An idle connection that is asked for, and found hung; then another is made.
    assert patience.SECONDS_FOR_STILL_THERE + patience.SECONDS_TO_CONNECT < 10


def ended_within(seconds, act):
    """Whether this ends in a database error, in so many seconds."""
    started = time.monotonic()
    with pytest.raises(DatabaseError):
        act()
    return time.monotonic() - started < seconds + 0.5


def test_f11_respondents_get_our_page_within_ten_seconds(
    environment, database_proxy, consultation
):
    """F11: both kinds of web server, on a kept connection and in the middle of a commit."""
    with (
        gunicorn(environment, *SYNC) as sync,
        gunicorn(environment, *THREADS) as threads,
        running(*WORKER, **environment) as worker,
        running("manage", "run_outbox", "--loop", **environment) as loop,
        ThreadPoolExecutor() as people,
    ):
        writers = [Writer(web.url) for web in (sync, threads)]
        # The first find out in their COMMIT, the others before they begin.
        database_proxy.hang_at(b"COMMIT")
        asked = [people.submit(timed, writer.save, TEXT) for writer in writers]
        assert database_proxy.hung.wait(5)
        app.send_task("outbox.tasks.deliver_due")
        for writer in writers:
            asked.append(people.submit(timed, writer.save, TEXT))
            asked.append(people.submit(timed, writer.ask, "GET", "/"))
        answers, seconds = zip(*(one.result() for one in asked), strict=True)
        database_proxy.mend()

        print("Seconds until our page:", *(round(one, 1) for one in seconds))
        assert [status(answer) for answer in answers] == [503] * 6
        assert max(seconds) < 10
        assert [TEXT in answer for answer in answers].count(True) == 4
        assert {answer.text for answer in Answer.objects.all()} == {SAVED}
        assert_all_recover(writers, worker, loop)


def assert_all_recover(writers, worker, loop):
    """Both web servers save; the loop sends emails without the worker, and the other way round."""
    for writer in writers:
        wait_until(lambda writer=writer: status(writer.save(TEXT)) == 302)
    os.killpg(worker.pid, signal.SIGSTOP)
    writers[0].ask_for_link("ada@riverside.example")
    # Its own waits in the hang come first: for a statement, then to connect.
    wait_until(lambda: sent() == 1, seconds=60)
    os.killpg(worker.pid, signal.SIGCONT)
    loop.terminate()
    loop.wait(15)
    writers[1].ask_for_link("grace@hillside.example")
    wait_until(lambda: rung() and sent() == 2, seconds=60)


def rung():
    """Ring as the beat does: a web server is quiet for a while when a bell was not heard."""
    app.send_task("outbox.tasks.deliver_due")
    return True


def sent():
    return OutgoingEmail.objects.filter(state=State.SENT).count()


def timed(act, *arguments):
    started = time.monotonic()
    return act(*arguments), time.monotonic() - started
