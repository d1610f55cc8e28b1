"""Lets the outbox's time pass faster: what waits for a moment comes nearer to it.

A lease is 180 seconds and a pause up to two hours, so that a run of a minute would see
neither end. The rows are moved, not the code: every process keeps its own constants.
"""

import contextlib
import threading
import time

import psycopg2

STEP = 0.5

MOVE = """
UPDATE outbox_outgoingemail
   SET next_attempt_at = next_attempt_at - %s * interval '1 second',
       lease_expires_at = lease_expires_at - %s * interval '1 second'
 WHERE id IN (SELECT id FROM outbox_outgoingemail
               WHERE state IN ('retry', 'sending') FOR UPDATE SKIP LOCKED)
"""
MOVE_CIRCUIT = (
    "UPDATE outbox_circuit SET closes_at = closes_at - %s * interval '1 second'"
)
ALL_IS_DUE = (
    "UPDATE outbox_outgoingemail SET next_attempt_at = now() WHERE state = 'retry'"
)


class OutboxClock:
    """Moves the rows in a thread while the block runs: `speed` seconds pass in one."""

    def __init__(self, parts, speed):
        self._parts, self._speed = parts, speed
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *exc_info):
        self._is_over.set()
        self._thread.join()

    def _run(self):
        moved_at = time.monotonic()
        while not self._is_over.wait(STEP):
            seconds = (time.monotonic() - moved_at) * (self._speed - 1)
            # A database that is away is a fault; its time passes later.
            with contextlib.suppress(psycopg2.Error):
                self._parts.sql(MOVE, seconds, seconds)
                moved_at = time.monotonic()
                self._parts.sql(MOVE_CIRCUIT, seconds)

    def make_all_due(self):
        """Let the longest pause pass; leases and the circuit's run out by themselves."""
        self._parts.sql(ALL_IS_DUE)
