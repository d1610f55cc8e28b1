"""Asks ClamAV's daemon about a file: its INSTREAM command, over a socket."""

import logging
import socket
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

from .refusals import Unacceptable

logger = logging.getLogger(__name__)

SECONDS = 20
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
    with _connect() as clamd:
        clamd.sendall(b"zINSTREAM\0")
        while chunk := file.read(CHUNK):
            clamd.sendall(len(chunk).to_bytes(4, "big") + chunk)
        clamd.sendall(bytes(4))
        with clamd.makefile("rb") as answers:
            answer = answers.read(1024)
    return answer.rstrip(b"\0\n").decode(errors="replace")


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
