"""A program that runs beside this one: started, waited for until it answers, ended."""

import contextlib
import os
import signal
import socket
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from .accounts import Account
from .errors import CannotStart, StopAsked
from .guardian import Guardian

Say = Callable[[str, str], None]


def answers_at_once(process):
    return True


@dataclass(frozen=True)
class Program:
    """How to start a program, how to tell that it answers, and how to end it."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    folder: str | os.PathLike = "/"
    account: Account | None = None
    prepare: Callable[[], None] = lambda: None
    answers: Callable[["Process"], bool] = answers_at_once
    answers_within: float = 30
    # What does not talk is heard all the same when it ends by itself.
    talks: bool = True
    stop_signal: signal.Signals = signal.SIGTERM
    stops_within: float = 10


class Process:
    """A program that was started, in a session of its own."""

    def __init__(self, program: Program, guardian: Guardian, say: Say):
        program.prepare()
        self.program = program
        self.last_lines = deque(maxlen=20)
        self.started_at = time.monotonic()
        self._guardian = guardian
        self._popen = subprocess.Popen(
            guardian.announced(program.command, program.stop_signal),
            cwd=program.folder,
            env=os.environ | program.environment,
            stdin=guardian.pipe,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
            **(program.account.as_arguments() if program.account else {}),
        )
        self.pid = self._popen.pid
        self._reader = threading.Thread(target=self._read, args=[say], daemon=True)
        self._reader.start()

    def _read(self, say):
        with self._popen.stdout as lines:
            for line in lines:
                self.last_lines.append(line.rstrip())
                if self.program.talks:
                    say(self.program.name, line.rstrip())

    @property
    def exit_code(self):
        """None as long as it runs."""
        return self._popen.poll()

    def wait_until_it_answers(self, stop_asked: threading.Event):
        deadline = self.started_at + self.program.answers_within
        while not self.program.answers(self):
            if stop_asked.wait(0.05):
                raise StopAsked
            if self.exit_code is not None:
                raise CannotStart(self._with_last_lines("ended while it was starting"))
            if time.monotonic() > deadline:
                seconds = f"{self.program.answers_within:g}"
                raise CannotStart(
                    self._with_last_lines(f"did not answer within {seconds} seconds")
                )

    def _with_last_lines(self, what):
        self._reader.join(timeout=0.2)
        lines = [f"{self.program.name} {what}. Its last lines:", *self.last_lines]
        return "\n    ".join(lines)

    def ask_to_stop(self):
        self._send(self.program.stop_signal)

    def wait_until_it_stopped(self):
        """Wait for the end, and bring it about by force when it takes too long.

        False if force was needed.
        """
        try:
            self._popen.wait(self.program.stops_within)
            return True
        except subprocess.TimeoutExpired:
            return False
        finally:
            self.clear_up()

    def clear_up(self):
        """End what is left of the group: children outlive a parent that was killed."""
        self._send(signal.SIGKILL)
        self._popen.wait()
        self._reader.join(timeout=0.5)
        self._guardian.forget(self.pid)

    def _send(self, signal_number):
        # macOS says "not permitted" of a group in which only dead processes are left.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal_number)


@contextlib.contextmanager
def running(program, guardian, say, stop_asked):
    """The program, ready to answer, until the block is left."""
    process = Process(program, guardian, say)
    try:
        process.wait_until_it_answers(stop_asked)
        yield process
    finally:
        process.ask_to_stop()
        process.wait_until_it_stopped()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
