"""F21, H12: requests that are cut off on their way. Nothing of them is kept.

    CUTS=500 .venv/bin/pytest tests/faults/test_cut_requests.py

cuts each kind of request so often before each kind of server; in the suite fewer do.
"""

import json
import os
import random
import re
import socket
import struct
from urllib.parse import urlencode, urlsplit

import pytest

from chaos import nginx
from submissions.models import Answer

from .conftest import SYNC, THREADS, gunicorn
from .respondents import MULTIPART, SAVED, URLENCODED, Writer, multipart, status

CUTS = int(os.environ.get("CUTS", "10"))
TEXT = "Another answer. " * 200
RESET_AT_CLOSE = struct.pack("ii", 1, 0)


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("options", [SYNC, THREADS], ids=["sync", "threads"])
def test_f21_a_cut_changes_nothing(environment, consultation, options):
    """F21: forms of both kinds and autosaves, with a length and in chunks."""
    with gunicorn(environment, *options) as web:
        writer = Writer(web.url)
        requests = kinds_of_request(writer)

        cut_all(writer, requests)

        assert Answer.objects.get().text == SAVED
        # The same, not cut off, are kept; in chunks a form is refused, as a cut one.
        assert statuses(writer, requests) == [302, 302, 200, 422, 422, 400]
        assert Answer.objects.get().text == TEXT


@pytest.mark.timeout(1200)
def test_f21_a_cut_behind_nginx_changes_nothing(
    environment, consultation, tmp_path, nginx_program
):
    """F21: nginx gives what came in chunks a length, so that they are kept, too."""
    with (
        gunicorn(environment, *SYNC) as web,
        nginx.before(urlsplit(web.url).port, tmp_path) as port,
    ):
        writer = Writer(f"http://localhost:{port}")
        requests = kinds_of_request(writer)

        cut_all(writer, requests)

        assert Answer.objects.get().text == SAVED
        assert statuses(writer, requests) == [302, 302, 200, 302, 302, 200]
        assert Answer.objects.get().text == TEXT


def kinds_of_request(writer):
    """Return whole requests that would save `TEXT`: three with a length, three in chunks."""
    was = re.search(
        r'name="was-answer-1-1" value="(\w+)"', writer.ask("GET", writer.page)
    )[1]
    form = {
        "csrfmiddlewaretoken": writer.cookies["csrf"],
        "answer-1-1": TEXT,
        "was-answer-1-1": was,
        "_end": "1",
    }
    field = {"text": TEXT, "was": was, "length": len(TEXT)}
    kinds = [
        (writer.page, URLENCODED, urlencode(form)),
        (writer.page, MULTIPART, multipart(form)),
        (
            writer.autosave,
            "application/json",
            json.dumps({"fields": {"answer-1-1": field}}),
        ),
    ]
    return [writer.request("POST", path, body, kind) for path, kind, body in kinds] + [
        writer.head("POST", path, kind, "Transfer-Encoding: chunked") + in_chunks(body)
        for path, kind, body in kinds
    ]


def in_chunks(body):
    pieces = [body[start : start + 500] for start in range(0, len(body), 500)]
    chunks = "".join(f"{len(piece):x}\r\n{piece}\r\n" for piece in pieces)
    return (chunks + "0\r\n\r\n").encode()


def cut_all(writer, requests):
    choose = random.Random(20261124)
    for _ in range(CUTS):
        for request in requests:
            send_some(writer, request[: choose.randrange(len(request))], choose)


def send_some(writer, piece, choose):
    with writer.connect() as connection:
        connection.sendall(piece)
        if choose.random() < 0.3:
            # The other end hears of it at once, as when a program is ended.
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_AT_CLOSE)
            return
        connection.shutdown(socket.SHUT_WR)
        connection.recv(100)


def statuses(writer, requests):
    return [status(writer.send(request)) for request in requests]
