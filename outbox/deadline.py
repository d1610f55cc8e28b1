"""The end of a conversation with the relay that takes too long."""

import math
import socket
import threading
import time
from contextlib import contextmanager, suppress

LOOK_EVERY = 0.1


class Deadline:
    """Cuts the wire when a whole conversation takes too long.

    smtplib's own timeout is for each read: a relay that sends a byte now and then would
    hold a worker for ever. A thread looks at the time until `end` is called.
    """

    def __init__(self):
        self._wire = None
        self._ends_at = math.inf
        self._lock = threading.Lock()
        self._is_over = threading.Event()
        self.has_passed = False
        threading.Thread(target=self._watch, daemon=True, name="deadline").start()

    def guard(self, wire: socket.socket) -> None:
        """Watch this connection, from before its TLS handshake on."""
        self.release()
        # A duplicate: whatever TLS makes of the original, this one shuts the same wire.
        self._wire = wire.dup()
        if self.has_passed:
            self._cut()

    def release(self) -> None:
        wire, self._wire = self._wire, None
        if wire is not None:
            wire.close()

    def end(self) -> None:
        self._is_over.set()

    @contextmanager
    def within(self, seconds: float):
        self.has_passed = False
        self._set(time.monotonic() + seconds)
        try:
            yield
        finally:
            self._set(math.inf)

    def _set(self, ends_at):
        with self._lock:
            self._ends_at = ends_at

    def _watch(self):
        while not self._is_over.wait(LOOK_EVERY):
            with self._lock:
                if time.monotonic() >= self._ends_at:
                    self.has_passed = True
                    self._ends_at = math.inf
                    self._cut()

    def _cut(self):
        wire = self._wire
        if wire is not None:
            with suppress(OSError):
                wire.shutdown(socket.SHUT_RDWR)
