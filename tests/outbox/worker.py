"""`python -m tests.outbox.worker`: workers in processes of their own, to be killed.

They know the kinds of these tests; a "slow" email is being composed until the worker is
killed. With --nursery four workers loop, and every now and then one is killed and another
started, until the nursery is stopped: then it says how many it has killed.
"""

import os
import random
import signal
import sys
import time
from datetime import timedelta
from io import StringIO

import django
from django.core.management import call_command


def compose_for_ever(email):
    print("composing", flush=True)
    time.sleep(600)


def register_kinds():
    # Only now can models be imported.
    from outbox.kinds import Kind, Message, register  # noqa: PLC0415

    for name, when_unsure, compose in [
        ("note", "resend", lambda email: Message("Hello", "Hello\n")),
        ("reminder", "hold", lambda email: Message("Hello", "Hello\n")),
        ("slow", "resend", compose_for_ever),
    ]:
        register(Kind(name, compose, lambda email: True, when_unsure))


def run_nursery():
    shorten_leases()
    stopped = []
    signal.signal(signal.SIGTERM, lambda *_: stopped.append(True))
    children = [start_child() for _ in range(4)]
    kills = 0
    begun_at = time.monotonic()
    try:
        while not stopped:
            # On a machine that is busy with more than this, children need longer to send.
            seconds = time.monotonic() - begun_at
            time.sleep(random.uniform(0, 0.1 + seconds / 20))
            kill(children.pop(0))
            children.append(start_child())
            kills += 1
    finally:
        for child in children:
            kill(child)
    print(kills, flush=True)


def shorten_leases():
    from outbox import claims, relay  # noqa: PLC0415

    claims.LEASE = timedelta(seconds=1)
    claims.LOOK_UP_AFTER = timedelta(seconds=0.5)
    claims.FENCE = timedelta(seconds=0.5)
    relay.MESSAGE_SECONDS = 0.5


def start_child():
    """Fork: a fresh Python would be killed while it still imports Django."""
    child = os.fork()
    if child == 0:
        call_command("run_outbox", "--loop", "--every", "0.05", stdout=StringIO())
    return child


def kill(child):
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


if __name__ == "__main__":
    django.setup()
    register_kinds()
    if sys.argv[1:] == ["--nursery"]:
        run_nursery()
    else:
        call_command("run_outbox", *sys.argv[1:])
