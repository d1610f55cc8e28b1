"""`make run`, started and stopped from here."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

from keepitlocal.local.programs import free_port
from tests.portals import ROOT

READY = "Keep it Local is running."
PATIENCE = 120


class Started:
    """A `make run` that answers; `seconds` is how long that took."""

    def __init__(self, process, seconds, port):
        self.process, self.seconds, self.port = process, seconds, port

    @property
    def pid(self):
        return self.process.pid


@contextmanager
def make_run(data_dir, **environment):
    """What `make run` does once all is installed, until the block is left."""
    port = free_port()
    ours = {
        "DATA_DIR": str(data_dir),
        "PORT": str(port),
        "INBOX_PORT": str(free_port()),
    }
    began_at = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "manage.py", "up"],
        cwd=ROOT,
        env=os.environ | ours | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        wait_until_ready(process)
        yield Started(process, time.monotonic() - began_at, port)
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=PATIENCE)


def wait_until_ready(process):
    """Read what it says until it says that it runs."""
    said = []
    for line in process.stdout:
        if line.startswith(READY):
            return
        said.append(line)
    raise RuntimeError("make run ended while it was starting:\n" + "".join(said))
