"""The user that PostgreSQL runs as: it refuses to run as root."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path

from .errors import CannotStart


@dataclass(frozen=True)
class Account:
    uid: int
    gid: int

    def as_arguments(self):
        """What subprocess needs to run something as this user."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def can(self, test: str, path: Path):
        """Whether this user passes a test of the shell on a path: `can("-x", program)`."""
        done = subprocess.run(
            ["/bin/sh", "-c", f'[ {test} "$1" ]', "sh", str(path)],
            cwd="/",
            stderr=subprocess.DEVNULL,
            **self.as_arguments(),
        )
        return done.returncode == 0


def for_postgres(cluster: Path):
    """None for an ordinary user; for root the owner of the cluster, or an account to own it."""
    if os.geteuid() != 0:
        return None
    if cluster.exists() and (owner := cluster.stat()).st_uid != 0:
        return Account(owner.st_uid, owner.st_gid)
    for name in ("postgres", "nobody"):
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(found.pw_uid, found.pw_gid)
    raise CannotStart(
        "PostgreSQL refuses to run as root, and there is no user postgres or nobody to "
        "run it as. Run this as an ordinary user, or set DATABASE_URL."
    )
