"""Kill the PostgreSQL of a running portal for good, promote its replica, lose nothing.

    python -m chaos.failover

The replica is made with pg_basebackup and confirms every commit; the portal is told both
addresses in DATABASE_URL. Prints what `chaos.cluster` prints; the status is 1 when an
invariant is broken.
"""

import argparse
import os
import subprocess
import sys
import time
from dataclasses import replace

import psycopg2

from keepitlocal.local import postgres
from keepitlocal.local.programs import free_port

from .__main__ import SPEED, keep_log, sweep_files, tell, wait_until
from .cluster import Story, heal, report
from .notebook import Notebook
from .outbox_clock import OutboxClock
from .parts import Parts
from .respondents import Crowd

RESPONDENTS = 4


class Replicated(Parts):
    """Parts of which PostgreSQL has a second server that follows it."""

    def _servers(self):
        servers = super()._servers()
        self.replica_port = free_port()
        self.primary_url = self.database_url
        address, _, name = self.primary_url.rpartition("/")
        self.replica_url = f"{address.rpartition(':')[0]}:{self.replica_port}/{name}"
        # libpq asks each which of them takes writes.
        self.database_url = (
            f"{address},127.0.0.1:{self.replica_port}/{name}"
            "?target_session_attrs=read-write"
        )
        self.primary = servers["postgres"]
        return servers

    def _portal(self):
        self._copy_primary()
        return {"replica": self._replica()} | super()._portal()

    def _copy_primary(self):
        account = self.primary.account
        self._replica_folder.mkdir(mode=0o700)
        if account:
            os.chown(self._replica_folder, account.uid, account.gid)
        command = [
            self._binaries / "pg_basebackup",
            f"--dbname={self.primary_url}",
            f"--pgdata={self._replica_folder}",
            "--write-recovery-conf",
            "--checkpoint=fast",
        ]
        options = account.as_arguments() if account else {}
        subprocess.run(command, check=True, cwd="/", **options)

    @property
    def _binaries(self):
        return self.primary.command[0].parent

    @property
    def _replica_folder(self):
        return self.primary.command[2].parent / "replica"

    def _replica(self):
        settings = postgres.SETTINGS | {"port": self.replica_port}
        options = [f"--{name}={value}" for name, value in settings.items()]
        return replace(
            self.primary,
            name="replica",
            command=[self._binaries / "postgres", "-D", self._replica_folder, *options],
            prepare=lambda: None,
            answers=lambda process: self._replica_says("SELECT true"),
        )

    def confirm_on_replica(self):
        """From now on a commit is told to nobody before the replica has it."""
        self.sql("ALTER SYSTEM SET synchronous_standby_names = '*'")
        self.sql("SELECT pg_reload_conf()")
        follows = "SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'"
        wait_until(lambda: self.sql(follows), 20)

    def promote(self):
        self._replica_says("SELECT pg_promote()")

    def _replica_says(self, question):
        try:
            connection = psycopg2.connect(self.replica_url)
        except psycopg2.OperationalError:
            return False
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(question)
            (answer,) = cursor.fetchone()
        connection.close()
        return answer


def main():
    options = read_options()
    tell("Starting the parts ...")
    with Replicated() as parts:
        parts.confirm_on_replica()
        notebook, story = Notebook(), Story()
        crowd = Crowd(parts.place, notebook, parts.sink, options.seed)
        with OutboxClock(parts, SPEED):
            crowd.start(RESPONDENTS)
            with story.episode("PostgreSQL has a replica"):
                time.sleep(options.seconds)
            with parts.held_down("postgres"):
                with story.episode("It is killed for good"):
                    time.sleep(options.seconds / 2)
                with story.episode("The replica is promoted"):
                    parts.promote()
                    time.sleep(options.seconds)
                evidence = heal(parts, crowd, notebook, lambda: sweep_files(parts))
        is_broken = report(evidence, story)
        if is_broken:
            keep_log(parts)
    return int(is_broken)


def read_options():
    parser = argparse.ArgumentParser(
        prog="python -m chaos.failover", description=__doc__.split("\n")[0]
    )
    parser.add_argument("--seconds", type=float, default=10, help="of each episode")
    parser.add_argument("--seed", type=int, default=20261128)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
