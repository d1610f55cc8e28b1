"""What processes cost: the CPU they have used, and the memory that is theirs."""

from contextlib import contextmanager, suppress
from types import SimpleNamespace

import psutil


def family(*pids):
    """Return these processes and all that descend from them, each once."""
    found = []
    for pid in pids:
        with suppress(psutil.NoSuchProcess):
            process = psutil.Process(pid)
            found += [process, *process.children(recursive=True)]
    return list(dict.fromkeys(found))


def cpu_seconds(*pids):
    """Return the CPU time of these and their descendants, the ended ones included."""
    total = 0.0
    for process in family(*pids):
        with suppress(psutil.NoSuchProcess):
            # Its own, and that of those children that it has seen end.
            total += sum(process.cpu_times()[:4])
    return total


def megabytes(*pids):
    """Return the memory of these and their descendants: shared pages are divided (PSS)."""
    total = 0
    for process in family(*pids):
        with suppress(psutil.NoSuchProcess):
            total += process.memory_full_info().pss
    return total / 1e6


def postmaster(data_dir):
    """Return the process of a portal's PostgreSQL, whose children all its others are."""
    return int((data_dir / "postgres/cluster/postmaster.pid").read_text().split()[0])


@contextmanager
def cpu_of(*pids):
    """Measure what they use during the block: `.seconds` when it is left."""
    used = SimpleNamespace(seconds=None)
    before = cpu_seconds(*pids)
    yield used
    used.seconds = cpu_seconds(*pids) - before
