"""The faults, one function each, named as in the matrix of docs/reliability.md.

Each breaks something, yields for as long as it is to last, and mends it.
"""

import signal
import time
from collections.abc import Callable
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from random import Random

import redis

from . import programs
from .parts import Parts
from .respondents import Crowd
from .smtp import HANG_UP, HOLD, TARPIT


@dataclass(frozen=True)
class World:
    """What a fault may break."""

    parts: Parts
    crowd: Crowd
    choose: Random


@dataclass(frozen=True)
class Fault:
    name: str
    what: str
    # How often it is drawn, beside the others.
    weight: int
    # Seconds, from and to.
    lasts: tuple
    # Of two faults in one part the second waits.
    part: str
    happen: Callable


FAULTS = {}

# How the keys of emails that cannot be written begin.
POISON = "poison:"


def fault(name, what, *, weight=1, lasts=(0, 0), part=""):
    def register(function):
        FAULTS[name] = Fault(name, what, weight, lasts, part, contextmanager(function))
        return function

    return register


@fault("F1", "a web worker is killed", weight=7)
def f1(world):
    world.parts.kill_a_child("web", world.choose)
    yield


@fault("F2", "who sends emails is killed, also in the middle", weight=3, part="worker")
def f2(world):
    if world.choose.random() < 0.5:
        world.parts.kill(world.choose.choice(["worker", "outbox"]))
    else:
        kill_in_the_middle(world)
    yield


def kill_in_the_middle(world):
    """Kill all who send while the relay has a message and has not answered yet."""
    sink = world.parts.sink
    before = sink.performed["DATA", HOLD]
    sink.script("DATA", HOLD)
    ends_at = time.monotonic() + 5
    while sink.performed["DATA", HOLD] == before and time.monotonic() < ends_at:
        time.sleep(0.01)
    world.parts.kill("worker")
    world.parts.kill("outbox")
    sink.forget("DATA", HOLD)
    sink.release()


@fault("F3", "a child of the Celery worker is killed", weight=7, part="worker")
def f3(world):
    world.parts.kill_a_child("worker", world.choose)
    yield


@fault("F4", "beat is killed, there are two, or none", lasts=(3, 6), part="beat")
def f4(world):
    match world.choose.choice(["killed", "two", "none"]):
        case "killed":
            world.parts.kill("beat")
            yield
        case "two":
            second = world.parts.run(programs.beat("second-beat"))
            yield
            second.ask_to_stop()
            second.wait_until_it_stopped()
        case "none":
            with world.parts.held_down("beat"):
                yield


@fault("F5", "the broker is killed and away", weight=2, lasts=(1, 6), part="valkey")
def f5(world):
    with world.parts.held_down("valkey"):
        yield


@fault("F6", "the broker hangs", weight=2, lasts=(1, 6), part="valkey")
def f6(world):
    with world.parts.frozen([world.parts.pid("valkey")]):
        yield


@fault("F7", "the broker forgets everything", weight=4, part="valkey")
def f7(world):
    with suppress(redis.RedisError):
        redis.Redis.from_url(world.parts.broker_url, socket_timeout=2).flushall()
    yield


@fault("F8", "connections of PostgreSQL are ended", weight=7, part="postgres")
def f8(world):
    how_many = world.choose.choice([1, 1, 100])
    world.parts.sql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type ="
        " 'client backend' AND pid <> pg_backend_pid() ORDER BY random() LIMIT %s",
        how_many,
    )
    yield


@fault("F9", "PostgreSQL restarts, fast or immediately", part="postgres", lasts=(1, 2))
def f9(world):
    number = world.choose.choice([signal.SIGINT, signal.SIGQUIT])
    world.parts.signal("postgres", number)
    yield


@fault("F10", "PostgreSQL is killed, children and all", part="postgres", lasts=(1, 2))
def f10(world):
    world.parts.kill("postgres")
    yield


@fault("F11", "a connection of PostgreSQL hangs", part="postgres", lasts=(10, 12))
def f11(world):
    rows = world.parts.sql(
        "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend'"
        " AND pid <> pg_backend_pid() ORDER BY random() LIMIT 1"
    )
    with world.parts.frozen([pid for (pid,) in rows]):
        yield


@fault("F13", "the relay refuses connections", weight=2, lasts=(2, 8), part="relay")
def f13(world):
    world.parts.sink.refuse()
    world.parts.sink.hang_up()
    yield
    world.parts.sink.listen()


@fault("F14", "the relay answers 4xx", weight=7, lasts=(1, 4))
def f14(world):
    step = world.choose.choice(["CONNECT", "MAIL", "RCPT", "DATA"])
    code = world.choose.choice([421, 450, 451, 452])
    with scripted(world, step, f"{code} Not now", world.choose.randint(1, 3)):
        yield


@fault("F15", "the relay answers 5xx", weight=2, lasts=(1, 4))
def f15(world):
    refusals = [
        ("RCPT", "550 Nobody here"),
        ("DATA", "554 No"),
        ("MAIL", "530 Sign in"),
    ]
    with scripted(world, *world.choose.choice(refusals)):
        yield


@fault("F16", "the relay is a tarpit", weight=2, lasts=(3, 8))
def f16(world):
    step, how = world.choose.choice([("MAIL", TARPIT), ("RCPT", HOLD), ("DATA", HOLD)])
    with scripted(world, step, how):
        yield
    world.parts.sink.release()


@fault("F17", "the relay takes a message and loses its answer", weight=5, lasts=(1, 4))
def f17(world):
    with scripted(world, "DATA", HANG_UP):
        yield


@contextmanager
def scripted(world, step, answer, times=1):
    """Have the relay give this answer; LookupError when nobody asked meanwhile."""
    sink = world.parts.sink
    before = sink.performed[step, answer]
    sink.script(step, *[answer] * times)
    yield
    sink.forget(step, answer)
    if sink.performed[step, answer] == before:
        raise LookupError


@fault("F21", "a form is cut off on its way", weight=4)
def f21(world):
    world.crowd.ask("cut")
    yield


@fault("F23", "the button is pressed four times at once", weight=4)
def f23(world):
    world.crowd.ask("double")
    yield


@fault("F31", "the web server is reloaded", weight=1, part="web")
def f31(world):
    world.parts.signal("web", signal.SIGHUP)
    yield


@fault("F34", "an email cannot be written", weight=2)
def f34(world):
    key = f"{POISON}{time.monotonic_ns()}"
    # Of no submission: whoever composes it finds nothing to write about.
    world.parts.sql(
        "INSERT INTO outbox_outgoingemail (id, key, kind, is_bulk, to_email, about,"
        " context, message_id, state, phase, attempts, ambiguous, last_error, relay_id)"
        " VALUES (gen_random_uuid(), %s, 'acknowledgement', false, 'p@example.org', '',"
        """ '{"submission": 0}', %s, 'pending', '', 0, 0, '', '')""",
        key,
        f"<{key}@localhost>",
    )
    yield
