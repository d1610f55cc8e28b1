"""The lines of all programs on one terminal, each with the name of who says it."""

import contextlib
import os
import select
import sys
import threading

WIDTH = len("postgres")
COLOURS = (36, 33, 35, 32, 34, 96, 93, 95)


class Console:
    def __init__(self, stream=None):
        self._stream = stream or sys.stdout
        self._is_coloured = self._stream.isatty() and not os.environ.get("NO_COLOR")
        self._colours = {}
        self._lock = threading.Lock()

    def say(self, name, text):
        """One line of a program's output."""
        if text.strip():
            self.print(f"{self._paint(name)} {text}")

    def print(self, text):
        # A terminal that was closed must not keep us from stopping in order.
        with self._lock, contextlib.suppress(OSError, ValueError):
            self._stream.write(f"{text}\n")
            self._stream.flush()

    def is_gone(self):
        """Whether nobody can read us any more: the terminal was closed.

        The signal that says so does not reach us when `make` is first in its session.
        """
        poll = select.poll()
        poll.register(self._stream, 0)
        return bool(poll.poll(0))

    def _paint(self, name):
        label = f"{name:<{WIDTH}} |"
        if not self._is_coloured:
            return label
        colour = self._colours.setdefault(
            name, COLOURS[len(self._colours) % len(COLOURS)]
        )
        return f"\033[{colour}m{label}\033[0m"
