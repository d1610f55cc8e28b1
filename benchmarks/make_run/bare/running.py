"""Runs the bare site with the parts that `make run` has: servers, web, worker, loop, inbox."""

import os
import subprocess
import sys
import threading
import time
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass

import psutil
import psycopg2

from keepitlocal.local import portal, postgres, valkey
from keepitlocal.local.guardian import Guardian
from keepitlocal.local.programs import (
    Program,
    answers_at_once,
    free_port,
    running,
)
from tests.portals import ROOT, say_nothing

SETTINGS = {
    "DJANGO_SETTINGS_MODULE": "benchmarks.make_run.bare.settings",
    "SECRET_KEY": "only-to-measure-and-long-enough-for-checks",
    # Celery's advice to root, eight lines of it.
    "PYTHONWARNINGS": "ignore:You're running the worker",
}


@dataclass
class Bare:
    """The bare site while it runs."""

    pids: list[int]
    port: int
    database_url: str

    def wait_until_sent(self, count):
        with closing(psycopg2.connect(self.database_url)) as connection:
            connection.autocommit = True
            cursor = connection.cursor()
            while True:
                cursor.execute("SELECT count(sent_at) FROM bare_note")
                if cursor.fetchone()[0] >= count:
                    return
                time.sleep(0.1)


@contextmanager
def bare_run(data_dir):
    """The bare site, with an empty database, until the block is left."""
    port, smtp_port = free_port(), free_port()
    guardian = Guardian()
    with ExitStack() as stack:
        stack.callback(guardian.dismiss)

        def start(program):
            ready = running(program, guardian, say_nothing, threading.Event())
            return stack.enter_context(ready).pid

        cluster = postgres.made_ready(data_dir, say_nothing)
        broker = valkey.made_ready(data_dir)
        pids = [start(server.program()) for server in (cluster, broker)]
        environment = SETTINGS | {
            "DATABASE_URL": cluster.url,
            "REDIS_URL": broker.url,
            "EMAIL_URL": f"smtp://127.0.0.1:{smtp_port}",
            "BEAT_SCHEDULE": str(data_dir / "celerybeat-schedule"),
        }
        make_tables(environment)
        pids += [start(one) for one in programs(environment, port, smtp_port)]
        yield Bare(pids, port, cluster.url)


def make_tables(environment):
    migrate = [sys.executable, "-m", "django", "migrate", "--run-syncdb", "-v0"]
    subprocess.run(migrate, cwd=ROOT, env=os.environ | environment, check=True)


def programs(environment, port, smtp_port):
    web = ["--workers=2", "--threads=4", "--keep-alive=75", "--preload"]
    quiet = ["--no-control-socket", "--log-level=warning"]
    commands = {
        "inbox": [
            *("aiosmtpd", "--nosetuid", f"--listen=127.0.0.1:{smtp_port}"),
            "--class=aiosmtpd.handlers.Sink",
        ],
        "web": [
            "gunicorn",
            "benchmarks.make_run.bare.wsgi",
            f"--bind=:{port}",
            *web,
            *quiet,
        ],
        "worker": [
            *("celery", "--quiet", "--app=benchmarks.make_run.bare.celery", "worker"),
            *("--beat", "--concurrency=2", "--without-gossip", "--without-mingle"),
        ],
        "loop": ["django", "send_waiting"],
    }
    answers = {
        "web": lambda process: portal.answers_http("127.0.0.1", port, "/admin/login/"),
        # The beat and the two that work.
        "worker": lambda process: len(psutil.Process(process.pid).children()) == 3,
    }
    for name, command in commands.items():
        yield Program(
            name=name,
            command=portal.module(command[0]) + command[1:],
            folder=ROOT,
            environment=environment,
            answers=answers.get(name, answers_at_once),
        )
