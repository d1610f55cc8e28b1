"""Programs of an earlier run that was killed together with its guardian."""

import signal
from collections.abc import Iterable
from pathlib import Path

import psutil

# Stands in the environment of every program that we start, and says for which data folder.
MARK = "KEEP_IT_LOCAL_RUNS_ON"

# These write their title over their environment; but each runs in a folder of its own.
SERVERS = ("postgres", "valkey-server")


def of(data_dir: Path, server_folders: Iterable[Path]):
    """Every process that works on this data folder."""
    folders = {str(folder.resolve()) for folder in server_folders}
    return [
        process
        for process in psutil.process_iter(["name"])
        if serves(process, folders) or is_marked(process, data_dir)
    ]


def serves(process, folders: set[str]):
    """Whether this is a server whose working folder is one of these."""
    try:
        return process.info["name"] in SERVERS and process.cwd() in folders
    except psutil.Error:
        return False


def is_marked(process, data_dir: Path):
    try:
        return process.environ().get(MARK) == str(data_dir)
    except (psutil.Error, OSError):
        return False


def end(processes, *, patience=10):
    """Ask the processes to end, wait, and end by force those that did not."""
    for process in processes:
        send(process, stop_signal(process))
    _, left = psutil.wait_procs(processes, timeout=patience)
    for process in left:
        send(process, signal.SIGKILL)
    psutil.wait_procs(left, timeout=3)


def stop_signal(process):
    """PostgreSQL's fast shutdown is SIGINT to its first process; the others follow it."""
    if process.info["name"] != "postgres":
        return signal.SIGTERM
    return signal.SIGINT if is_postmaster(process) else None


def is_postmaster(process):
    # Its helpers are called "postgres: checkpointer" and the like.
    try:
        return "-D" in process.cmdline()
    except psutil.Error:
        return False


def send(process, signal_number):
    if signal_number is None:
        return
    try:
        process.send_signal(signal_number)
    except psutil.Error:
        return
