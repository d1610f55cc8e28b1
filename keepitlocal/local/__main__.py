"""Run the portal with its servers on this machine: `make run`, or `manage.py up`."""

import os
import signal
import sys
import threading

from . import leftovers, ports
from .config import read_config
from .console import Console
from .errors import CannotStart, StopAsked
from .homes import home_in
from .locks import locked
from .supervisor import Supervisor


def main():
    stop_asked = asked_by_signals()
    console = Console()
    try:
        run(console, stop_asked)
    except StopAsked:
        return 0
    except (CannotStart, OSError) as error:
        console.print(f"\nThe portal did not start. {error}")
        return 1
    return 0


def asked_by_signals():
    """An event that Ctrl-C sets, and a closed terminal, and `kill`."""
    stop_asked = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stop_asked.set())
    return stop_asked


def run(console, stop_asked):
    config = read_config()
    # Every program that we start inherits it, and so can be found if we are killed.
    os.environ[leftovers.MARK] = str(config.data_dir)
    with locked(config.data_dir, console, stop_asked) as lock:
        end_leftovers(config.data_dir, console)
        ports.require(list(config.listens_on))
        Supervisor(config, console, stop_asked).run(lock)


def end_leftovers(data_dir, console):
    folders = [home_in(data_dir) / "cluster", data_dir / "valkey"]
    if left := leftovers.of(data_dir, folders):
        console.print(f"Ending {len(left)} programs of a run that was killed ...")
        leftovers.end(left)


if __name__ == "__main__":
    sys.exit(main())
