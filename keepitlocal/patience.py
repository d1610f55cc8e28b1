"""Ends waits for a PostgreSQL that hangs: docs/decisions/0023.

A server that was stopped, or lies behind a network that swallows everything, looks alive
to TCP, and no setting of libpq ends a wait for it. So every statement has a moment at which
a thread of this process shuts its socket: psycopg2 then raises OperationalError, as it
does when a server goes away. Connecting is bounded by libpq's own `connect_timeout`.
"""

import functools
import logging
import math
import os
import select
import socket
import threading
import time
from contextlib import suppress

from psycopg2 import OperationalError, extensions

logger = logging.getLogger(__name__)

# Longer than the statement_timeout in settings.py: a server that works says so itself.
SECONDS = 8.5
SECONDS_TO_CONNECT = 3
# What Django asks a connection that it kept, before it uses it again.
STILL_THERE = "SELECT 1"
SECONDS_FOR_STILL_THERE = 2
# Nor is it asked that of one which has just answered: docs/decisions/0023.
A_MOMENT = 1
LOOK_EVERY = 0.25
# A server that hangs costs one request its seconds, not also those that wait behind it. Nor
# that one twice: when a transaction broke, Django connects once more, to tidy up.
QUIET_SECONDS = 3

_waits = {}
_lock = threading.Lock()
_watchman = None
_gave_up_at = -math.inf


def bounded(method):
    """Have a method of a cursor or connection end when its server is silent for too long."""

    @functools.wraps(method)
    def patient(self, *args, **kwargs):
        connection = getattr(self, "connection", self)
        if connection.closed:
            return method(self, *args, **kwargs)
        seconds = connection.patience
        if args and args[0] == STILL_THERE:
            seconds = min(seconds, SECONDS_FOR_STILL_THERE)
        wait = object()
        with _lock:
            _waits[wait] = (time.monotonic() + seconds, seconds, connection.fileno())
            _wake_watchman()
        try:
            return method(self, *args, **kwargs)
        finally:
            # From here on the number of the socket may belong to another.
            with _lock:
                _waits.pop(wait, None)

    return patient


def bounded_on_server(method):
    """The same for what asks the server for more only if the cursor has a name."""
    patient = bounded(method)

    @functools.wraps(method)
    def perhaps(self, *args, **kwargs):
        asks = method if self.name is None else patient
        return asks(self, *args, **kwargs)

    return perhaps


def has_just_answered(connection):
    """Whether its server answered within the last second, and has not hung up since.

    A server that goes says so, or at least ends the connection: there is something to read.
    A connection within a transaction, which may have failed, does not count.
    """
    if connection.closed or time.monotonic() > connection.answered_at + A_MOMENT:
        return False
    if connection.get_transaction_status() != extensions.TRANSACTION_STATUS_IDLE:
        return False
    socket_of_it = select.poll()
    socket_of_it.register(connection.fileno(), select.POLLIN)
    return not socket_of_it.poll(0)


def _wake_watchman():
    global _watchman
    if _watchman is None:
        _watchman = threading.Thread(target=_watch, name="patience", daemon=True)
        _watchman.start()


def _watch():
    global _gave_up_at
    while True:
        time.sleep(LOOK_EVERY)
        now = time.monotonic()
        with _lock:
            for wait in [wait for wait, (end, *_) in _waits.items() if end < now]:
                _, seconds, number = _waits.pop(wait)
                if seconds >= SECONDS:
                    _gave_up_at = now
                _shut(number)


def _shut(number):
    logger.error("PostgreSQL did not answer in time: that connection is closed.")
    with suppress(OSError), socket.socket(fileno=os.dup(number)) as double:
        double.shutdown(socket.SHUT_RDWR)


class PatientConnection(extensions.connection):
    """A connection of which no wait is longer than its `patience`, in seconds.

    What sets another statement_timeout sets this too: `patience = math.inf` waits for ever.
    """

    patience = SECONDS
    answered_at = -math.inf

    def __init__(self, *args, **kwargs):
        global _gave_up_at
        started = time.monotonic()
        if started < _gave_up_at + QUIET_SECONDS:
            raise OperationalError("PostgreSQL did not answer a moment ago.")
        try:
            super().__init__(*args, **kwargs)
        except OperationalError:
            if time.monotonic() > started + SECONDS_TO_CONNECT - 0.5:
                _gave_up_at = time.monotonic()
            raise

    commit = bounded(extensions.connection.commit)
    rollback = bounded(extensions.connection.rollback)


class PatientCursor(extensions.cursor):
    _execute = bounded(extensions.cursor.execute)
    executemany = bounded(extensions.cursor.executemany)
    copy_expert = bounded(extensions.cursor.copy_expert)
    fetchone = bounded_on_server(extensions.cursor.fetchone)
    fetchmany = bounded_on_server(extensions.cursor.fetchmany)
    fetchall = bounded_on_server(extensions.cursor.fetchall)
    __next__ = bounded_on_server(extensions.cursor.__next__)
    close = bounded_on_server(extensions.cursor.close)

    def execute(self, *args, **kwargs):
        self._execute(*args, **kwargs)
        # Not noted of a COMMIT: of a transaction in which nothing was asked it asks nobody.
        self.connection.answered_at = time.monotonic()


def _forget():
    """A forked process has no watchman, and the lock may have been his."""
    global _watchman, _lock
    _watchman, _lock = None, threading.Lock()
    _waits.clear()


os.register_at_fork(after_in_child=_forget)
