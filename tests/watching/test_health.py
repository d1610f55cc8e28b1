"""Each part is asked for by itself; nobody's data is in an answer."""

import datetime as dt
import socket

import pytest
from django.db import OperationalError
from django.db.migrations.recorder import MigrationRecorder
from django.db.models.functions import Now

from keepitlocal.models import Duty
from keepitlocal.watching import health


@pytest.fixture(autouse=True)
def asked_anew():
    health.expect_migrated.cache_clear()


def test_the_web_server_is_alive_without_a_database(client):
    # There is no `db` here: a query would fail the test.
    response = client.get("/healthz/alive/")

    assert (response.status_code, response.json()) == (200, {"is_well": True})


def test_it_is_ready_with_the_tables_of_this_version(client, db):
    assert client.get("/healthz/ready/").status_code == 200


def test_it_is_not_ready_before_the_migrations(client, db):
    MigrationRecorder.Migration.objects.filter(app="outbox").latest("id").delete()

    response = client.get("/healthz/ready/")

    assert (response.status_code, response.json()) == (503, {"is_well": False})


def test_it_is_not_ready_without_a_database(client, monkeypatch):
    def fail():
        raise OperationalError("refused")

    monkeypatch.setattr(health, "expect_migrated", fail)

    assert client.get("/healthz/ready/").status_code == 503


def test_the_broker_answers(client):
    assert client.get("/healthz/broker/").status_code == 200


def test_a_broker_that_hangs_is_given_a_second(client, settings):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.CELERY_BROKER_URL = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"

        assert client.get("/healthz/broker/").status_code == 503


def test_files_can_be_kept(client):
    assert client.get("/healthz/files/").json() == {"is_well": True}


def test_a_full_volume_is_not_well(client, monkeypatch):
    monkeypatch.setattr(health, "has_room", lambda folder: False)

    assert client.get("/healthz/files/").status_code == 503


def test_a_storage_that_fails_is_not_well(client, monkeypatch):
    def fail(name):
        raise OSError("the storage is away")

    monkeypatch.setattr(health.default_storage, "exists", fail)

    assert client.get("/healthz/files/").status_code == 503


def done(name, seconds_ago):
    Duty.objects.create(name=name, done_at=Now() - dt.timedelta(seconds=seconds_ago))


def test_work_is_well_while_all_were_heard_of_lately(client, db):
    done("outbox.tasks.deliver_due", 8)
    done("loop.deliver_due", 3)
    done("loop.plan", 100)
    done("outbox.tasks.plan", 9000)

    response = client.get("/healthz/on-duty/")

    assert response.status_code == 200
    assert response.json() == {
        "is_well": True,
        "worker": 8,
        "loop": 3,
        "planning": 100,
    }


@pytest.mark.parametrize("silent", [0, 1, 2])
def test_work_is_not_well_when_one_is_silent(client, db, silent):
    names = ["outbox.tasks.deliver_due", "loop.deliver_due", "outbox.tasks.plan"]
    for number, name in enumerate(names):
        done(name, 3600 if number == silent else 1)

    assert client.get("/healthz/on-duty/").status_code == 503


def test_work_that_was_never_done_is_not_well(client, db):
    response = client.get("/healthz/on-duty/")

    assert response.status_code == 503
    assert response.json()["worker"] is None


@pytest.mark.parametrize("token", ["", "right"])
@pytest.mark.parametrize(
    "shown", ["", "Bearer ", "right", "Bearer wrong", "Bearer right"]
)
def test_figures_are_for_whoever_shows_the_token(client, settings, db, token, shown):
    settings.METRICS_TOKEN = token

    response = client.get("/healthz/metrics/", headers={"Authorization": shown})

    is_right = token == "right" and shown == "Bearer right"
    assert response.status_code == (200 if is_right else 404)
