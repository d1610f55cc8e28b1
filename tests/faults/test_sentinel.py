"""The broker's master dies for good, and Sentinel makes another of its replica."""

import subprocess
import time
from contextlib import ExitStack

import pytest

from keepitlocal.local.valkey import find_binary
from outbox.models import OutgoingEmail, State
from submissions.models import Submission

from .conftest import THREADS, answers, free_port, gunicorn, running, wait_until
from .respondents import Writer, status

WORKER = ["celery", "-A", "keepitlocal.celery", "worker", "--beat", "-c1"]
BROKER = """\
bind 127.0.0.1
port {port}
requirepass secret
masterauth secret
dir {folder}
save ""
"""
SENTINEL = """\
bind 127.0.0.1
port {port}
dir {folder}
sentinel monitor mymaster 127.0.0.1 {master} 1
sentinel auth-pass mymaster secret
sentinel down-after-milliseconds mymaster 1000
sentinel failover-timeout mymaster 3000
"""


@pytest.fixture
def valkeys(tmp_path):
    """A master with a replica and a Sentinel; gives the master's process, with `url`."""
    master, replica, sentinel = free_port(), free_port(), free_port()
    replicates = f"replicaof 127.0.0.1 {master}\n"
    with ExitStack() as stack:

        def run(name, text, port, *options):
            folder = tmp_path / name
            folder.mkdir()
            file = folder / "valkey.conf"
            file.write_text(text.format(port=port, folder=folder, master=master))
            command = [find_binary(), file, *options]
            with open(folder / "log", "w") as log:
                process = subprocess.Popen(command, stdout=log)
            stack.callback(process.wait)
            stack.callback(process.kill)
            return process

        first = run("master", BROKER, master)
        run("replica", BROKER + replicates, replica)
        run("sentinel", SENTINEL, sentinel, "--sentinel")
        wait_until(lambda: "+slave" in (tmp_path / "sentinel" / "log").read_text())
        first.url = f"sentinel://:secret@127.0.0.1:{sentinel}/0"
        yield first


def test_beat_and_worker_follow_to_the_new_master(environment, consultation, valkeys):
    environment |= {"REDIS_URL": valkeys.url}
    with gunicorn(environment, *THREADS) as web, running(*WORKER, **environment):
        before, after = Writer(web.url), Writer(web.url)
        for writer in (before, after):
            writer.say_who("ada@riverside.example")
        # There is no loop: only a worker that was told sends anything.
        assert status(before.submit()) == 302
        wait_until(lambda: sent() == 1)

        valkeys.kill()
        started = time.monotonic()
        assert status(after.submit()) == 302
        assert time.monotonic() - started < 2
        assert Submission.objects.submitted().count() == 2

        wait_until(lambda: answers(f"{web.url}/healthz/broker/"), seconds=30)
        wait_until(lambda: sent() == 2, seconds=60)


def sent():
    return OutgoingEmail.objects.filter(state=State.SENT).count()
