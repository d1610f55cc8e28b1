"""F12, F32: disks that are full. F19 and F20, the disks of files: bad_inputs, U51."""

import os
import tempfile
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import psycopg2
import pytest
from django.db import connection
from psycopg2 import errors

from outbox.models import OutgoingEmail, State
from submissions.models import Answer
from tests.disks import enlarge, mount, small_disk, unmount  # noqa: F401

from .conftest import SYNC, gunicorn, running, wait_until
from .respondents import SAVED, Writer, status

# It hardly compresses: each needs new room on the disk.
LONG = "".join(f"{number**9:x}" for number in range(4000))


@pytest.fixture
def disk():
    """A folder on a disk of its own, which has room enough again when the test ends."""
    folder = Path(tempfile.mkdtemp(dir="/tmp"))
    mount(folder, 110)
    yield folder
    unmount(folder)
    folder.rmdir()


@pytest.fixture
def full_database(environment, consultation, disk):
    """The test's database once more, on a small disk; nothing more can be written to it."""
    connection.close()
    with closing(psycopg2.connect(url_of("postgres"))) as link:
        link.autocommit = True
        with tablespace(link, disk), filled_copy(link, disk) as copy:
            environment["DATABASE_URL"] = url_of("on_a_small_disk")
            yield copy


def url_of(database):
    return os.environ["DATABASE_URL"].rpartition("/")[0] + f"/{database}"


@contextmanager
def tablespace(link, disk):
    cluster = Path(ask(link, "SHOW data_directory"))
    os.chown(disk, cluster.stat().st_uid, -1)
    ask(link, f"CREATE TABLESPACE small LOCATION '{disk}'")
    try:
        yield
    finally:
        ask(link, "DROP TABLESPACE small")


@contextmanager
def filled_copy(link, disk):
    name = connection.settings_dict["NAME"]
    ask(link, f"CREATE DATABASE on_a_small_disk TEMPLATE {name} TABLESPACE small")
    # The pages of a copy get their room on the disk when they are written, not before.
    ask(link, "CHECKPOINT")
    try:
        with closing(psycopg2.connect(url_of("on_a_small_disk"))) as copy:
            copy.autocommit = True
            yield copy
    finally:
        # On a full disk not even a database can be dropped.
        enlarge(disk, 200)
        ask(link, "DROP DATABASE on_a_small_disk WITH (FORCE)")


def fill_up(copy):
    """Take all the room there is."""
    ask(copy, "CREATE TABLE ballast (taken text)")
    for rows in (2000, 100, 1):
        with suppress(errors.DiskFull):
            while True:
                ask(
                    copy,
                    f"INSERT INTO ballast SELECT {NOISE} FROM generate_series(1, {rows})",
                )


NOISE = "(SELECT string_agg(md5(random()::text), '') FROM generate_series(1, 30))"


def ask(link, question, *values):
    with link.cursor() as cursor:
        cursor.execute(question, values)
        return cursor.fetchone()[0] if cursor.description else None


def test_f12_a_full_database_keeps_nothing_half_and_heals(
    environment, full_database, disk
):
    """F12: 503 with the text in it; what was saved can be read; room is all it takes."""
    with gunicorn(environment, *SYNC) as web:
        writer = Writer(web.url)
        fill_up(full_database)

        refused = writer.save(LONG)
        read = writer.ask("GET", writer.page)

        assert status(refused) == 503
        assert LONG in refused
        assert status(read) == 200
        assert SAVED in read
        assert ask(full_database, "SELECT text FROM submissions_answer") == SAVED
        enlarge(disk, 200)
        wait_until(lambda: status(writer.save(LONG)) == 302)
        assert ask(full_database, "SELECT text FROM submissions_answer") == LONG


def test_f32_a_full_disk_of_logs_stops_nothing(environment, consultation, small_disk):  # noqa: F811
    """F32: nothing that the programs have to say can be written; they work all the same."""
    environment["LOG_LEVEL"] = "DEBUG"
    with (
        (small_disk / "portal.log").open("w") as log,
        gunicorn(environment, *SYNC, output=log) as web,
        running("manage", "run_outbox", "--loop", output=log, **environment) as loop,
    ):
        writer = Writer(web.url)
        fill_up_disk(small_disk)

        statuses = [
            status(writer.ask("GET", "/")),
            status(writer.ask("GET", "/nowhere/")),
            status(writer.save(LONG)),
            status(writer.ask_for_link("ada@riverside.example")),
        ]

        assert statuses == [200, 404, 302, 302]
        assert Answer.objects.get().text == LONG
        wait_until(lambda: OutgoingEmail.objects.filter(state=State.SENT).exists())
        assert loop.poll() is None


def fill_up_disk(folder):
    with (folder / "ballast").open("wb", buffering=0) as ballast, suppress(OSError):
        while True:
            ballast.write(b"x" * 100)
