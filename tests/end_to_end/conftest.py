"""The real parts: gunicorn, a Celery worker, the outbox loop, an SMTP server, Chromium."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from tests import browser as chromium

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def browser():
    path = chromium.find()
    if path is None:
        assert os.environ.get("CI") != "true", chromium.MISSING
        pytest.skip(chromium.MISSING)
    started = chromium.Browser()
    started.start(path)
    yield started
    started.stop()


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@contextmanager
def running(*command, output=None, **environment):
    """Run one of the portal's programs beside the test, on the test's database.

    What it says goes to `output`, a file, or to where the test's own goes.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        env=os.environ | environment,
        stdout=output,
        stderr=output,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(15)


@pytest.fixture
def environment(transactional_db, smtp_sink):
    """What the programs are told: the test's own database, broker and mail server."""
    name = connection.settings_dict["NAME"]
    return {
        "DATABASE_URL": os.environ["DATABASE_URL"].rpartition("/")[0] + f"/{name}",
        "EMAIL_URL": f"smtp://127.0.0.1:{smtp_sink.port}",
        "SECRET_KEY": settings.SECRET_KEY,
    }


@pytest.fixture
def site(web):
    """The address of a web server like that of `make run`."""
    return web.url


@pytest.fixture
def web(environment, consultation):
    """The process of that server, with its `url` and `database_url`."""
    port = free_port()
    url = f"http://localhost:{port}"
    environment["SITE_URL"] = url
    command = [
        "gunicorn",
        "keepitlocal.wsgi",
        f"--bind=127.0.0.1:{port}",
        "--workers=2",
        "--threads=4",
        "--keep-alive=75",
        "--limit-request-line=0",
        "--no-control-socket",
    ]
    with running(*command, **environment) as process:
        wait_until(lambda: answers(f"{url}/healthz/"))
        process.url, process.database_url = url, environment["DATABASE_URL"]
        yield process


@pytest.fixture
def worker(environment, site):
    command = [
        "celery",
        "-A",
        "keepitlocal.celery",
        "worker",
        "--beat",
        "-c2",
        "-lINFO",
    ]
    with running(*command, **environment) as process:
        yield process


@pytest.fixture
def outbox_loop(environment, site):
    with running("manage", "run_outbox", "--loop", **environment) as process:
        yield process


def answers(url):
    try:
        return urllib.request.urlopen(url, timeout=2).status == 200
    except OSError:
        return False


def wait_until(condition, seconds=20):
    """Return what the condition gives as soon as it is true; fail after `seconds`."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.05)
    raise AssertionError(f"Not within {seconds} s")
