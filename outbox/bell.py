"""The bell: it says in the database that there is work, and beat tells a worker.

So that whoever rings needs no broker, nor the memory of its client.
"""

import json
import logging
import select

from django.db import connection

from outbox.signals import bell_rings

logger = logging.getLogger(__name__)

CHANNEL = "bell"


def ring(task: str) -> None:
    """Have a worker do a task, by its name, that the beat starts too.

    Not in a transaction, whose commit would wait for all others that ring. What nobody
    hears is made good by the beat.
    """
    headers = {}
    bell_rings.send(ring, headers=headers)
    said = json.dumps({"task": task, "headers": headers})
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, said])


def heard_within(seconds: float) -> dict[str, dict]:
    """Listen until somebody rings, at most for so long; returns the headers of each task.

    What was rung for several times stands there once.
    """
    with connection.cursor() as cursor:
        # Each time: a new connection does not listen yet, and one that broke says so.
        cursor.execute(f"LISTEN {CHANNEL}")
    listening = connection.connection
    with connection.wrap_database_errors:
        if not listening.notifies:
            select.select([listening], [], [], seconds)
            listening.poll()
    heard, listening.notifies = listening.notifies, []
    return dict(said for notice in heard if (said := _understood(notice.payload)))


def _understood(payload):
    """Return the task and its headers; None for what is not of our making.

    Whoever may connect to the database can ring.
    """
    try:
        said = json.loads(payload)
        return str(said["task"]), dict(said["headers"])
    except (ValueError, TypeError, KeyError):
        logger.warning("Somebody else rang, for nothing that we know")
        return None
