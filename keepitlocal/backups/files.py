"""The files that respondents attach and staff take in, through whatever storage keeps them."""

import os
import shutil
from hashlib import sha256

from django.core.files import File
from django.core.files.storage import default_storage

from submissions.models import StoredFile

from . import Refused
from .folders import new_file, sum_of

FOLDER = "files"
AT_A_TIME = 1024 * 1024


def known():
    """Return {name: sum} of every file that the database knows."""
    return dict(StoredFile.objects.values_list("name", "sha256"))


def copy(wanted, folder, earlier):
    """Copy those of these files that are not in a new backup yet.

    What an earlier backup holds is linked to: a file never changes.
    """
    (folder / FOLDER).mkdir(mode=0o700, exist_ok=True)
    for name in wanted.keys() - names_in(folder):
        target = folder / FOLDER / name
        if not _link(name, wanted[name], target, earlier):
            _copy(name, wanted[name], target)


def _link(name, total, target, earlier):
    """Take it from an earlier backup; False when that has another one, or none."""
    if earlier is None or earlier.sums.get(f"{FOLDER}/{name}") != total:
        return False
    try:
        os.link(earlier.folder / FOLDER / name, target)
    except OSError:
        # It has gone, or this disk knows no links: copied anew.
        return False
    return True


def _copy(name, total, target):
    """Copy it from the storage, unless it is not there, or is not what it was."""
    try:
        with default_storage.open(name) as stored, new_file(target) as out:
            shutil.copyfileobj(stored, out, AT_A_TIME)
    except FileNotFoundError:
        target.unlink(missing_ok=True)
        return
    if sum_of(target) != total:
        target.unlink()


def keep_only(wanted, folder):
    """Take away what the database did not know in the moment of its dump."""
    for name in names_in(folder) - wanted.keys():
        (folder / FOLDER / name).unlink()


def names_in(folder):
    return {path.name for path in (folder / FOLDER).glob("*")}


def figures(wanted, folder):
    """Return how much it is, and the names of what the database knows and nobody has."""
    names = names_in(folder)
    return {
        "count": len(names),
        "bytes": sum((folder / FOLDER / name).stat().st_size for name in names),
        "lost": sorted(wanted.keys() - names),
    }


def bring(backup):
    """Put a backup's files where the portal keeps them; returns how many. Safe to repeat.

    Raises Refused when another file stands under a name.
    """
    names = names_in(backup.folder)
    for name in names:
        if not default_storage.exists(name):
            with open(backup.folder / FOLDER / name, "rb") as file:
                default_storage.save(name, File(file))
        elif _sum_in_storage(name) != backup.sums[f"{FOLDER}/{name}"]:
            raise Refused(
                f"There is another file {name} than in the backup. Restore into an "
                "empty DATA_DIR, or move that file away."
            )
    return len(names)


def _sum_in_storage(name):
    seen = sha256()
    with default_storage.open(name) as stored:
        while piece := stored.read(AT_A_TIME):
            seen.update(piece)
    return seen.hexdigest()
