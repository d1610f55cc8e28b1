"""Folders that stand under their name only when all of them is on disk."""

import fcntl
import os
import shutil
from contextlib import contextmanager
from hashlib import file_digest

from . import Refused

UNFINISHED = ".unfinished"
SUMS = "SHA256SUMS"


@contextmanager
def alone_in(root):
    """Make sure that nobody else writes a backup into this folder meanwhile."""
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(root / ".lock", "w", opener=private) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused(f"Another backup is being written to {root}.") from None
        yield


@contextmanager
def new_folder(root):
    """Give an empty folder; what is left of an interrupted run goes."""
    folder = root / UNFINISHED
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        # Gone when it was finished.
        shutil.rmtree(folder, ignore_errors=True)


def finish(folder, name):
    """Give a folder its name, once all of it is on disk. Never over another one."""
    for place, _folders, _files in os.walk(folder):
        sync_folder(place)
    target = folder.with_name(name)
    try:
        # Onto a folder that is not empty this fails.
        folder.rename(target)
    except OSError as error:
        raise Refused(f"There is a {target} already.") from error
    sync_folder(target.parent)
    return target


def sync_folder(folder):
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def private(path, flags):
    """Open as `open` does, for nobody but the owner."""
    return os.open(path, flags, 0o600)


@contextmanager
def new_file(path):
    """Give a new file to write; on disk when the block is left."""
    with open(path, "xb", opener=private) as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


def sum_of(path):
    with open(path, "rb") as file:
        return file_digest(file, "sha256").hexdigest()


def write_sums(folder, sums):
    """Write down the sums of a folder's files as `sha256sum --check` reads them."""
    lines = (f"{total}  {name}\n" for name, total in sorted(sums.items()))
    with new_file(folder / SUMS) as file:
        file.writelines(line.encode() for line in lines)


def read_sums(folder):
    """Return {name: sum}; nothing for what is not a finished backup."""
    if not (folder / SUMS).exists():
        return {}
    lines = (folder / SUMS).read_text().splitlines()
    return {name: total for total, name in (line.split("  ", 1) for line in lines)}
