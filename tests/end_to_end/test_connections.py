"""Connections that break or crawl, on a real web server. H12 and H28 of the bad inputs."""

import random
import re
import socket
import time
import urllib.request
from urllib.parse import urlencode, urlsplit

import pytest

from submissions.models import Answer, Submission

SAVED = "The whole answer, as it was saved before."


@pytest.fixture
def writer(site):
    """What a browser that writes in section 1 knows: its address and its cookies."""
    return Writer(site)


class Writer:
    def __init__(self, site):
        self.address = urlsplit(site)
        self.cookies = {}
        self.ask("GET", "/calls/keep-it-local-2018-rehearsal/start/")
        self.ask("POST", "/calls/keep-it-local-2018-rehearsal/start/", self.form())
        self.page = f"/evidence/{Submission.objects.get().key}/section/1/"
        self.ask("POST", self.page, self.form({"answer-1-1": SAVED, "_end": "1"}))

    def form(self, fields=None):
        return urlencode({"csrfmiddlewaretoken": self.cookies["csrf"]} | (fields or {}))

    def request(self, method, path, body="", kind="application/x-www-form-urlencoded"):
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: {self.address.netloc}\r\n"
            f"Cookie: {cookies}\r\nContent-Type: {kind}\r\n"
            f"Content-Length: {len(body.encode())}\r\nConnection: close\r\n\r\n"
        )
        return (head + body).encode()

    def connect(self):
        return socket.create_connection((self.address.hostname, self.address.port), 20)

    def ask(self, *request):
        with self.connect() as connection:
            connection.sendall(self.request(*request))
            answer = b"".join(iter(lambda: connection.recv(65536), b"")).decode()
        found = re.findall(r"^Set-Cookie: (\w+)=([^;]*)", answer, re.MULTILINE)
        self.cookies |= dict(found)
        return answer


def multipart(fields):
    parts = (
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'
        for name, text in fields.items()
    )
    return "".join(parts) + "--b--\r\n"


def test_h12_a_form_that_is_cut_off_anywhere_changes_nothing(writer):
    token = {"csrfmiddlewaretoken": writer.cookies["csrf"]}
    fields = token | {"answer-1-1": "Another answer. " * 200, "_end": "1"}
    whole = [
        writer.request("POST", writer.page, urlencode(fields)),
        writer.request(
            "POST", writer.page, multipart(fields), "multipart/form-data; boundary=b"
        ),
    ]
    choose = random.Random(20261124)

    for number in range(300):
        request = whole[number % 2]
        with writer.connect() as connection:
            connection.sendall(request[: choose.randrange(len(request))])
            connection.shutdown(socket.SHUT_WR)
            connection.recv(100)

    assert Answer.objects.get().text == SAVED
    # The same request, not cut off, is kept.
    writer.ask("POST", writer.page, urlencode(fields))
    assert Answer.objects.get().text == "Another answer. " * 200


def test_h28_two_crawling_uploads_hold_up_nobody(site, writer):
    crawling = [writer.connect() for _ in range(2)]
    for connection in crawling:
        connection.sendall(writer.request("POST", writer.page, "x" * 100_000)[:500])

    started = time.monotonic()
    for _ in range(4):
        assert urllib.request.urlopen(site, timeout=5).status == 200
    took = time.monotonic() - started

    for connection in crawling:
        connection.close()
    assert took < 4
