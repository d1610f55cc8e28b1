"""Workers in processes of their own, so that they can be killed, and in threads."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from urllib.parse import quote

from django.conf import settings
from django.db import connection


@contextmanager
def worker(smtp_port, *arguments, database_url=None, **environment):
    """Run `tests.outbox.worker` on the test database until the block ends, then kill it."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.outbox.worker", *arguments],
        cwd=settings.BASE_DIR,
        env=os.environ
        | {
            "DATABASE_URL": database_url or url_of_the_test_database(),
            "EMAIL_URL": f"smtp://127.0.0.1:{smtp_port}",
        }
        | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # One group, so that children of the worker are killed with it.
        start_new_session=True,
    )
    with process:
        try:
            yield process
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)


def url_of_the_test_database():
    database = connection.settings_dict
    user, password, host, name = (
        quote(database[part], safe="") for part in ("USER", "PASSWORD", "HOST", "NAME")
    )
    return f"postgres://{user}:{password}@{host}:{database['PORT']}/{name}"


def wait_for(condition, seconds=20):
    ends_at = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < ends_at, "waited in vain"
        time.sleep(0.01)


def end_other_connections():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def in_thread(function):
    """Do something in a thread, and leave no connection to the database behind."""
    try:
        return function()
    finally:
        connection.close()
