"""Headers that only a proxy could send, from somebody who is none."""

import urllib.request

import pytest

from .conftest import answers, free_port, running, wait_until


@pytest.fixture
def production(environment, consultation):
    """The address of a web server like that of production, without its proxy."""
    port = free_port()
    url = f"http://localhost:{port}"
    environment |= {"SITE_URL": url, "BIND": f"127.0.0.1:{port}", "WEB_WORKERS": "1"}
    command = ["gunicorn", "--config=deploy/gunicorn.conf.py", "keepitlocal.wsgi"]
    with running(*command, **environment):
        wait_until(lambda: answers(f"{url}/healthz/"))
        yield url


def test_no_header_moves_the_portal(production):
    moved = urllib.request.Request(production, headers={"SCRIPT_NAME": "/elsewhere"})

    with urllib.request.urlopen(moved) as answer:
        assert b'href="/accessibility/"' in answer.read()
