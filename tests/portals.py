"""Portals of their own: a data folder, a PostgreSQL, and commands in processes."""

import os
import shutil
import subprocess
import sys
import tempfile
import threading
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg2

from keepitlocal.local import accounts, postgres
from keepitlocal.local.guardian import Guardian
from keepitlocal.local.programs import running

ROOT = Path(__file__).parents[1]
# Nobody listens there.
NOWHERE = {"EMAIL_URL": "smtp://127.0.0.1:9", "REDIS_URL": "redis://127.0.0.1:9/0"}


def make_data_dir():
    """A new folder that PostgreSQL's user can enter too."""
    account = accounts.for_postgres(Path("/nonexistent"))
    for place in (tempfile.gettempdir(), "/tmp", "/var/tmp"):
        if account is None or account.can("-x", Path(place)):
            folder = Path(tempfile.mkdtemp(prefix="keepitlocal-tests-", dir=place))
            folder.chmod(0o711)
            return folder.resolve()
    raise SystemExit("PostgreSQL's user can enter no folder for temporary files.")


def say_nothing(name, text):
    pass


@dataclass(frozen=True)
class Portal:
    data_dir: Path
    database_url: str

    @property
    def environment(self):
        return os.environ | NOWHERE | self._own()

    def _own(self):
        # The list of what was erased is elsewhere, or nowhere, on another machine.
        return {
            "DATABASE_URL": self.database_url,
            "DATA_DIR": str(self.data_dir),
            "ERASED_LIST": str(self.data_dir / "erased.txt"),
        }

    def manage(self, *arguments, **environment):
        """Run a command to its end, whatever it is; return it."""
        return subprocess.run(
            [sys.executable, "manage.py", *map(str, arguments)],
            cwd=ROOT,
            env=self.environment | environment,
            capture_output=True,
            text=True,
        )

    def did(self, *arguments, **environment):
        """Run a command that has to succeed; return what it says."""
        done = self.manage(*arguments, **environment)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def rows(self, query):
        """Run one statement in the database and return its rows."""
        with closing(psycopg2.connect(self.database_url)) as connection:
            connection.autocommit = True
            cursor = connection.cursor()
            cursor.execute(query)
            return cursor.fetchall()


@contextmanager
def empty_portal(*, is_throw_away=True):
    """One with an empty database, on a PostgreSQL of its own, until the block is left.

    Unless it is a throw-away, what is committed is on the disk, as in production.
    """
    data_dir = make_data_dir()
    guardian = Guardian(remove=[data_dir])
    try:
        cluster = postgres.made_ready(
            data_dir, say_nothing, is_throw_away=is_throw_away
        )
        with running(cluster.program(), guardian, say_nothing, threading.Event()):
            yield Portal(data_dir, cluster.url)
    finally:
        shutil.rmtree(data_dir, ignore_errors=True)
        guardian.dismiss()
