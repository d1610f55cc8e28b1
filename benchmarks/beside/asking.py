"""Starts a process beside this one, and asks it to do things and say what they cost."""

import json
import os
import subprocess
import sys
from contextlib import contextmanager
from types import SimpleNamespace

from tests.portals import ROOT


class Process:
    def __init__(self, name, python, environment, log):
        self.name, self.log = name, log
        self._process = subprocess.Popen(
            [python, "-m", f"benchmarks.beside.{name}"],
            cwd=ROOT,
            env=os.environ | environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log.open("a"),
            text=True,
        )

    def ask(self, work, *, times=1, **arguments):
        """Have it done so many times; return what one of them cost, as in `measured`."""
        asked = {"work": work, "times": times, "arguments": arguments}
        print(json.dumps(asked), file=self._process.stdin, flush=True)
        line = self._process.stdout.readline()
        if not line:
            last = "\n".join(self.log.read_text().splitlines()[-20:])
            raise RuntimeError(f"{self.name} broke down over {work}:\n{last}")
        return SimpleNamespace(**json.loads(line))

    def end(self):
        self._process.stdin.close()
        self._process.wait(60)


@contextmanager
def beside(name, environment, log, python=sys.executable):
    """Give a `Process` that runs `benchmarks.beside.NAME` until the block is left."""
    process = Process(name, python, environment, log)
    try:
        yield process
    finally:
        process.end()
