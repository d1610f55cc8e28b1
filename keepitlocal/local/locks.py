"""One run at a time on one data folder."""

import contextlib
import fcntl
import os
import time
from pathlib import Path

from .errors import CannotStart, StopAsked

PATIENCE = 15


@contextlib.contextmanager
def locked(data_dir: Path, console, stop_asked):
    """Hold the data folder; gives the lock that the guardian is to hold as well.

    There are two, to tell a run that is alive from the guardian of one that was killed.
    """
    with open_locks(data_dir) as (ours, shared_with_the_guardian):
        if not take(ours):
            raise CannotStart(
                f"The portal is already running on {data_dir}. Use that one, or start "
                "another beside it: DATA_DIR=var2 PORT=8001 make run"
            )
        wait_for(shared_with_the_guardian, data_dir, console, stop_asked)
        yield shared_with_the_guardian


@contextlib.contextmanager
def open_locks(data_dir: Path):
    names = ("run.lock", "servers.lock")
    locks = [os.open(data_dir / name, os.O_CREAT | os.O_RDWR, 0o600) for name in names]
    try:
        yield locks
    finally:
        for lock in locks:
            os.close(lock)


def wait_for(lock, data_dir, console, stop_asked):
    if take(lock):
        return
    console.print("Waiting for the servers of a run that was killed to end ...")
    deadline = time.monotonic() + PATIENCE
    while not take(lock):
        if stop_asked.wait(0.1):
            raise StopAsked
        if time.monotonic() > deadline:
            raise CannotStart(
                f"They still run on {data_dir}. Wait a minute and try again."
            )


def take(lock):
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
