import time

import pytest
from celery import states
from django.db import OperationalError

from keepitlocal.celery import app
from keepitlocal.models import Duty
from keepitlocal.watching import duties, listening, ping, tasks
from keepitlocal.watching.logs import request_id
from outbox import health
from outbox.management.commands import run_outbox
from outbox.management.commands.run_outbox import Command
from outbox.tasks import deliver_due


@pytest.fixture(autouse=True)
def new_process(monkeypatch):
    """Nothing has been noted by this process yet; the test's connection is kept."""
    monkeypatch.setattr(run_outbox, "close_old_connections", lambda: None)
    duties._sums.clear()
    duties._write_at.clear()
    monkeypatch.setattr(ping, "_next_at", 0.0)


def kept(name):
    return Duty.objects.values_list("done", "failed", "seconds").get(name=name)


def test_a_duty_is_kept_with_its_sums(db, monkeypatch):
    monkeypatch.setattr(duties, "WRITE_EVERY", 0)
    duties.note("a", 2)
    duties.note("a", 3)
    duties.note("a", 1, has_failed=True)

    assert kept("a") == (2, 1, 6)
    assert duties.ages()["a"] < 60


def test_one_that_only_failed_was_never_done(db):
    duties.note("a", 1, has_failed=True)

    assert kept("a") == (0, 1, 1)
    assert duties.ages() == {}


def test_a_busy_process_writes_now_and_then_and_loses_nothing(db, monkeypatch):
    for _ in range(5):
        duties.note("a", 1)
    assert kept("a") == (1, 0, 1)

    monkeypatch.setitem(duties._write_at, "a", time.monotonic())
    duties.note("a", 1)

    assert kept("a") == (6, 0, 6)


def test_a_database_that_is_away_loses_no_figures(db, monkeypatch):
    def fail(name, kept):
        raise OperationalError("away")

    with monkeypatch.context() as context:
        context.setattr(duties, "_write", fail)
        duties.note("a", 1)
    duties.note("a", 1)

    assert kept("a") == (2, 0, 2)


def test_a_task_is_noted(db, monkeypatch):
    monkeypatch.setattr("outbox.tasks.delivery.deliver_due", lambda: None)

    deliver_due.apply()

    assert kept("outbox.tasks.deliver_due")[:2] == (1, 0)


def test_a_task_knows_whose_request_rang(db):
    deliver_due.push_request(**{listening.HEADER: "0123456789abcdef"})

    tasks.take_number("id", deliver_due)
    known = request_id.get()
    tasks.note_task("id", deliver_due, states.SUCCESS)

    deliver_due.pop_request()
    assert (known, request_id.get()) == ("0123456789abcdef", "")


def test_a_task_that_fails_is_noted_as_failed(db, monkeypatch):
    monkeypatch.setattr("outbox.tasks.delivery.deliver_due", lambda: 1 / 0)

    deliver_due.apply()

    assert kept("outbox.tasks.deliver_due")[:2] == (0, 1)


def test_a_bell_carries_the_number_of_the_request():
    headers = {}
    token = request_id.set("0123456789abcdef")

    listening.give_number(headers)

    request_id.reset(token)
    assert headers == {"request_id": "0123456789abcdef"}


def test_the_loop_says_what_it_did(db):
    Command().attempt("loop.plan", lambda: None)
    Command().attempt("loop.deliver_due", lambda: 1 / 0)

    assert kept("loop.plan")[:2] == (1, 0)
    assert kept("loop.deliver_due")[:2] == (0, 1)


@pytest.fixture
def asked(monkeypatch, settings):
    """The addresses that were asked for."""
    asked = []
    monkeypatch.setattr(ping, "_ask", asked.append)
    settings.PING_URL = "https://watch.example/secret"
    return asked


def test_the_loop_pings_once_a_minute(db, asked):
    for _ in range(3):
        Command().attempt("loop.deliver_due", lambda: None)

    assert asked == ["https://watch.example/secret"]


def test_it_is_silent_when_a_look_failed(db, asked):
    Command().attempt("loop.deliver_due", lambda: 1 / 0)

    assert asked == []


def test_it_is_silent_while_emails_are_late(db, asked, monkeypatch):
    monkeypatch.setattr(health, "figures", lambda: {"oldest_due_seconds": 301})

    Command().attempt("loop.deliver_due", lambda: None)

    assert asked == []


def test_a_ping_that_nobody_answers_shows_no_address(caplog):
    ping._ask("http://127.0.0.1:9/secret")

    assert "Nobody answered the ping: URLError" in caplog.text
    assert "secret" not in caplog.text


def test_no_ping_is_made_unless_it_is_asked_for(db, asked, settings):
    settings.PING_URL = ""

    Command().attempt("loop.deliver_due", lambda: None)

    assert asked == []


def test_every_duty_that_is_watched_is_somebodys():
    watched = {"outbox.tasks.deliver_due", "outbox.tasks.plan"}

    assert watched <= set(app.tasks)
