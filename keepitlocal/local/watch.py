"""Keeps one program running."""

import time

from .errors import CannotStart
from .programs import Process, Program

SHORTEST_WAIT = 1
LONGEST_WAIT = 30
# What ran this long was well; the next failure counts as its first.
WELL_AFTER = 60


class Watch:
    def __init__(self, program: Program, guardian, say):
        self.program = program
        self.process = None
        self._guardian = guardian
        self._say = say
        self._wait = SHORTEST_WAIT
        self._starts_again_at = None

    @property
    def is_running(self):
        return self.process is not None and self._starts_again_at is None

    def start(self):
        self._starts_again_at = None
        self.process = Process(self.program, self._guardian, self._say)

    def look(self):
        """Notice that the program died; start it again when it is time."""
        if self._starts_again_at is not None:
            if time.monotonic() >= self._starts_again_at:
                self._start_again()
        elif self.process.exit_code is not None:
            self.process.clear_up()
            self._repeat_last_lines()
            self._plan(f"ended by itself (code {self.process.exit_code})")

    def _start_again(self):
        try:
            self.start()
        except (CannotStart, OSError) as error:
            self._plan(str(error))

    def _repeat_last_lines(self):
        if not self.program.talks:
            for line in list(self.process.last_lines)[-5:]:
                self._say(self.program.name, line)

    def _plan(self, what):
        if self._lived() > WELL_AFTER:
            self._wait = SHORTEST_WAIT
        self._say(self.program.name, f"{what}: starting it again in {self._wait} s")
        self._starts_again_at = time.monotonic() + self._wait
        self._wait = min(self._wait * 2, LONGEST_WAIT)

    def _lived(self):
        return time.monotonic() - self.process.started_at

    def stop(self):
        if not self.is_running:
            return
        self.process.ask_to_stop()
        if not self.process.wait_until_it_stopped():
            self._say(self.program.name, "did not stop in time: ended by force")
