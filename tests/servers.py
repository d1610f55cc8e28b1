"""The servers of a test run: throw-away ones, unless DATABASE_URL and REDIS_URL are set.

When tests run side by side (pytest-xdist), each of those processes has servers of its own:
one test may stop a broker while another waits for it.

A pytest plugin. It works while it is imported, because pytest-django reads the settings
before any hook of ours could run; a process started by a test finds the variables set, and
so starts nothing. The developer's own data folder and .env have no say here.
"""

import atexit
import contextlib
import os
import shutil
import threading

from keepitlocal.local import postgres, valkey
from keepitlocal.local.guardian import Guardian
from keepitlocal.local.programs import running
from tests.portals import make_data_dir, say_nothing

SETTINGS = {
    "SECRET_KEY": "only-for-tests-and-long-enough-for-every-check-that-django-has",
    "SITE_URL": "http://localhost:8000",
    # The discard port: a test that forgets its own mail server sends nothing to anybody's.
    "EMAIL_URL": "smtp://127.0.0.1:9",
}

# Names the servers that this run started, for the processes of pytest-xdist.
OURS = "KEEP_IT_LOCAL_TEST_SERVERS"
IS_XDIST_WORKER = "PYTEST_XDIST_WORKER" in os.environ


def main():
    data_dir = make_data_dir()
    servers = contextlib.ExitStack()
    servers.callback(shutil.rmtree, data_dir, ignore_errors=True)
    atexit.register(close_in_this_process, servers, os.getpid())
    os.environ |= SETTINGS | {"DATA_DIR": str(data_dir)}
    inherited = os.environ.get(OURS, "").split() if IS_XDIST_WORKER else []
    missing = [name for name in START if name in inherited or not os.environ.get(name)]
    os.environ[OURS] = " ".join(missing)
    if missing:
        guardian = Guardian(remove=[data_dir])
        servers.callback(guardian.dismiss)
    for name in missing:
        server = START[name](data_dir)
        process = running(server.program(), guardian, say_nothing, threading.Event())
        servers.enter_context(process)
        os.environ[name] = server.url


def start_postgres(data_dir):
    return postgres.made_ready(data_dir, say_nothing, is_throw_away=True)


def start_valkey(data_dir):
    return valkey.made_ready(data_dir, is_throw_away=True)


def close_in_this_process(servers, pid):
    """A forked child that ends the ordinary way must not take its parent's servers along."""
    if os.getpid() == pid:
        servers.close()


START = {"DATABASE_URL": start_postgres, "REDIS_URL": start_valkey}

main()
