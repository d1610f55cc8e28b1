"""Asks ClamAV's daemon about a file: its INSTREAM command, over a socket."""

import logging
import socket
import time
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

from .refusals import Unacceptable

logger = logging.getLogger(__name__)

# For all of it, whatever the scanner is at.
SECONDS = 20
LONGEST_ANSWER = 1024
CHUNK = 64 * 1024


def scan(file):
    """Return when the file was found clean, None when no scanner is configured.

    Raises Unacceptable: "virus"; or "unchecked" for any answer but a clear one.
    """
    if not settings.CLAMAV_URL:
        return None
    try:
        answer = _ask(file)
    except OSError as error:
        logger.error("The virus scanner does not answer: %s", error)
        raise Unacceptable("unchecked") from error
    if answer.endswith(" FOUND"):
        logger.warning("A file was refused by the virus scanner: %s", answer)
        raise Unacceptable("virus")
    if answer != "stream: OK":
        logger.error("The virus scanner gave no clear answer: %.200r", answer)
        raise Unacceptable("unchecked")
    return timezone.now()


def _ask(file):
    file.seek(0)
    until = time.monotonic() + SECONDS
    with _connect() as clamd:
        clamd.sendall(b"zINSTREAM\0")
        while chunk := file.read(CHUNK):
            _wait_only(clamd, until)
            clamd.sendall(len(chunk).to_bytes(4, "big") + chunk)
        clamd.sendall(bytes(4))
        answer = _answer_of(clamd, until)
    return answer.rstrip(b"\0\n").decode(errors="replace")


def _answer_of(clamd, until):
    """Return all that it says; a scanner that says it letter by letter has no longer."""
    answer = b""
    while len(answer) < LONGEST_ANSWER:
        _wait_only(clamd, until)
        said = clamd.recv(LONGEST_ANSWER)
        if not said:
            break
        answer += said
    return answer


def _wait_only(clamd, until):
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError("no answer in time")
    clamd.settimeout(left)


def _connect():
    """Connect to unix:///run/clamav/clamd.ctl or tcp://127.0.0.1:3310."""
    url = urlsplit(settings.CLAMAV_URL)
    if url.scheme == "tcp":
        return socket.create_connection((url.hostname, url.port or 3310), SECONDS)
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(SECONDS)
    try:
        connection.connect(url.path)
    except OSError:
        connection.close()
        raise
    return connection
