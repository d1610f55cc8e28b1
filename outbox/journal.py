"""The mail server's own log, which knows what it took when its answer to us was lost.

Postfix writes two lines for each email that it took: the cleanup daemon's, with the
Message-ID, and the queue manager's once all of it is safe in the queue. The queue id joins
them. One without the other was not taken.
"""

import os
import re
from datetime import datetime
from itertools import chain
from pathlib import Path

from django.conf import settings

NAMED = re.compile(rb"/cleanup\[\d+\]: (\w+): (?:resent-)?message-id=(<[^<>\s]+>)")
QUEUED = re.compile(rb"/qmgr\[\d+\]: (\w+): from=.*\(queue active\)")


def can_be_asked() -> bool:
    """Return whether there is said to be such a log."""
    return bool(settings.RELAY_LOG)


class CannotTell(Exception):
    """There is no log, or not one that goes on to the moment in question."""


def taken(message_ids: set[str], since: datetime) -> dict[str, str]:
    """Return {Message-ID: queue id} of those that the mail server took.

    CannotTell: what is not in the log may have been taken all the same, because nothing
    was written to it after `since`, before which we cannot have spoken to the server.
    """
    if not can_be_asked():
        raise CannotTell("RELAY_LOG is not set")
    log = Path(settings.RELAY_LOG)
    try:
        with log.open("rb") as lines:
            if os.fstat(lines.fileno()).st_mtime < since.timestamp():
                raise CannotTell(f"Nothing was written to {log} lately")
            return _read(chain(_older_lines(log), lines), message_ids)
    except OSError as error:
        raise CannotTell(str(error)) from error


def _older_lines(log):
    """Yield the log of before the last rotation too: we may have spoken just before it."""
    older = log.with_name(f"{log.name}.1")
    if older.exists():
        with older.open("rb") as lines:
            yield from lines


def _read(lines, message_ids):
    asked = {message_id.encode() for message_id in message_ids}
    named, found = {}, {}
    for line in lines:
        if match := NAMED.search(line):
            queue_id, message_id = match.groups()
            # An id is given to another email when the one before it has gone.
            named.pop(queue_id, None)
            if message_id in asked:
                named[queue_id] = message_id
        elif (match := QUEUED.search(line)) and match[1] in named:
            found[named[match[1]].decode()] = match[1].decode()
    return found
