"""A finished backup: a folder with a dump, files, sums and a manifest."""

import datetime as dt
import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from . import Refused, files
from .folders import read_sums, sum_of

DUMP = "database.dump"
MANIFEST = "manifest.json"
# How a folder is called: by the moment that it shows.
NAME = "%Y-%m-%dT%H%M%SZ"
FORMAT = 1


@dataclass(frozen=True)
class Backup:
    folder: Path

    def __str__(self):
        return str(self.folder)

    @cached_property
    def manifest(self):
        return json.loads((self.folder / MANIFEST).read_text())

    @cached_property
    def sums(self):
        return read_sums(self.folder)

    @property
    def dump(self):
        return self.folder / DUMP

    @property
    def taken_at(self):
        return dt.datetime.fromisoformat(self.manifest["taken_at"])

    @property
    def rows(self):
        return sum(table["rows"] for table in self.manifest["tables"].values())

    def damage(self):
        """Return a sentence for each thing that is not as it was written."""
        there = {f"{files.FOLDER}/{name}" for name in files.names_in(self.folder)}
        said = [f"{name} has appeared" for name in sorted(there - set(self.sums))]
        for name, total in self.sums.items():
            path = self.folder / name
            if not path.exists():
                said.append(f"{name} is missing")
            elif sum_of(path) != total:
                said.append(f"{name} is damaged: its SHA-256 is not what it was")
        return said


def moment_of(folder):
    """Return the moment that a folder's name says, or None."""
    try:
        return dt.datetime.strptime(folder.name, NAME).replace(tzinfo=dt.UTC)
    except ValueError:
        return None


def all_in(root):
    """Return the finished backups of a folder, the oldest first."""
    return [Backup(path) for path in sorted(Path(root).iterdir()) if moment_of(path)]


def open_backup(path):
    """Return the backup of this folder. Raises Refused when it is none."""
    folder = Path(path).resolve()
    if not folder.is_dir():
        raise Refused(f"There is no folder {folder}.")
    if not (folder / MANIFEST).exists():
        newest = next(reversed(all_in(folder)), None)
        hint = f" The newest in it is {newest}." if newest else ""
        raise Refused(f"{folder} is no backup: it has no {MANIFEST}.{hint}")
    backup = Backup(folder)
    if backup.manifest["format"] != FORMAT:
        raise Refused(f"{folder} was written by a version that this one cannot read.")
    return backup
