"""Servers of the portal, and what stands between them and the rest."""

import os
from contextlib import contextmanager
from urllib.parse import urlsplit

import psutil
import pytest

from chaos import nginx
from tests.end_to_end.conftest import (  # noqa: F401
    answers,
    environment,
    free_port,
    running,
    wait_until,
)

from .proxy import Proxy

SYNC = ["--workers=2"]
THREADS = ["--workers=1", "--threads=8"]


@contextmanager
def gunicorn(environment, *options, output=None):  # noqa: F811
    """Run a web server of the portal as in production; gives its process, with its `url`."""
    port = free_port()
    url = f"http://localhost:{port}"
    command = [
        "gunicorn",
        "keepitlocal.wsgi",
        f"--bind=127.0.0.1:{port}",
        "--timeout=120",
        "--limit-request-line=0",
        "--no-control-socket",
        *options,
    ]
    environment = environment | {"SITE_URL": url}
    with running(*command, output=output, **environment) as process:
        wait_until(lambda: answers(f"{url}/healthz/"))
        process.url = url
        yield process


@pytest.fixture
def database_proxy(environment):  # noqa: F811
    """What stands between the portal's programs and PostgreSQL."""
    database = urlsplit(environment["DATABASE_URL"])
    with Proxy(database.hostname, database.port) as proxy:
        place = f"127.0.0.1:{proxy.port}"
        name = f"{database.username}:{database.password}@{place}"
        environment["DATABASE_URL"] = database._replace(netloc=name).geturl()
        yield proxy


@pytest.fixture
def broker():
    """The process of the broker: `suspend()` hangs it. It goes on after the test."""
    port = urlsplit(os.environ["REDIS_URL"]).port
    owner = next(
        one.pid
        for one in psutil.net_connections("tcp")
        if one.status == psutil.CONN_LISTEN and one.laddr.port == port
    )
    process = psutil.Process(owner)
    yield process
    process.resume()


@pytest.fixture
def nginx_program():
    """Where nginx is; without one a test behind it is skipped, but in CI."""
    found = nginx.find()
    if found is None:
        assert os.environ.get("CI") != "true", nginx.MISSING
        pytest.skip(nginx.MISSING)
    return found
