"""A dead man's switch: somebody outside hears from us every minute, or raises the alarm."""

import logging
import threading
import time
import urllib.request

from django.conf import settings

from outbox import health

logger = logging.getLogger(__name__)

EVERY = 60  # seconds
# An email that waits longer wants a person: then we are silent.
LATE = 300
_next_at = 0.0


def ping() -> None:
    """Ask PING_URL, if there is one, once a minute while emails leave in time."""
    global _next_at
    if not settings.PING_URL or time.monotonic() < _next_at:
        return
    _next_at = time.monotonic() + EVERY
    if health.figures()["oldest_due_seconds"] < LATE:
        # Not in the loop: nobody's email waits for somebody's web server.
        threading.Thread(target=_ask, args=[settings.PING_URL], daemon=True).start()


def _ask(url):
    try:
        urllib.request.urlopen(url, timeout=10).close()  # noqa: S310
    except (OSError, ValueError) as error:
        # Not its address: it is as good as a password.
        logger.warning("Nobody answered the ping: %s", type(error).__name__)
