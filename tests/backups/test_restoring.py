"""When a backup is not restored, and why: nothing is loaded then."""

import json
import os
from contextlib import closing

import psycopg2
import pytest
from django.core.management import CommandError, call_command

from keepitlocal.backups.backup import MANIFEST
from keepitlocal.backups.folders import SUMS, sum_of
from tests.portals import Portal
from tests.submissions.sent import make_draft


@pytest.fixture
def backup(back_up, consultation):
    make_draft(consultation)
    return back_up()


@pytest.fixture
def empty(tmp_path):
    """A portal with an empty database, on the server of the tests."""
    server, _slash, _name = os.environ["DATABASE_URL"].rpartition("/")
    name = f"keepitlocal_restored_{os.getpid()}"
    with closing(psycopg2.connect(f"{server}/postgres")) as connection:
        connection.autocommit = True
        connection.cursor().execute(f"CREATE DATABASE {name}")
        yield Portal(tmp_path / "data", f"{server}/{name}")
        connection.cursor().execute(f"DROP DATABASE {name} WITH (FORCE)")


def tables_of(portal):
    return portal.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")


def say(backup, **changes):
    """Change what a backup says of itself, and the sum of that."""
    path = backup.folder / MANIFEST
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))
    sums = (backup.folder / SUMS).read_text()
    (backup.folder / SUMS).write_text(sums.replace(backup.sums[MANIFEST], sum_of(path)))


def refused(portal, backup):
    """Return why a backup is not restored into a portal."""
    done = portal.manage("restore_backup", backup.folder)
    assert done.returncode == 1
    return done.stderr


def test_nothing_is_loaded_over_a_database_that_is_not_empty(backup):
    with pytest.raises(CommandError, match="The database is not empty"):
        call_command("restore_backup", backup.folder)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"postgresql": 99}, "The backup is of PostgreSQL 99"),
        ({"pg_dump": 99}, "This needs pg_restore of PostgreSQL 99 or newer"),
        ({"migrations": ["review.0099_of_the_future"]}, "review.0099_of_the_future"),
        ({"format": 2}, "written by a version that this one cannot read"),
    ],
)
def test_a_backup_from_the_future_is_refused_in_words(backup, changes, words):
    say(backup, **changes)

    with pytest.raises(CommandError, match=words):
        call_command("restore_backup", backup.folder)


def test_a_damaged_backup_is_refused_before_anything_is_loaded(backup, empty):
    with backup.dump.open("ab") as file:
        file.write(b"more")

    assert "database.dump is damaged" in refused(empty, backup)
    assert tables_of(empty) == []


def test_it_is_refused_while_a_worker_could_send_old_emails(backup, empty):
    with closing(psycopg2.connect(empty.database_url)):
        assert "1 others are connected" in refused(empty, backup)

    assert tables_of(empty) == []


def test_rows_that_are_not_those_of_the_backup_are_noticed(backup, empty):
    tables = backup.manifest["tables"]
    say(backup, tables=tables | {"submissions_submission": {"rows": 1, "sum": "7"}})

    assert "in these tables: submissions_submission" in refused(empty, backup)


def test_the_list_of_what_was_erased_comes_from_beside_the_backup_and_is_kept(
    backup, empty
):
    (backup.folder.parent / "erased.txt").write_text("a\nb\n")
    (empty.data_dir).mkdir()
    (empty.data_dir / "erased.txt").write_text("b\nc\n")

    empty.did("restore_backup", backup.folder)

    assert (empty.data_dir / "erased.txt").read_text() == "a\nb\nc\n"


def test_it_says_when_there_is_no_list_of_what_was_erased(backup, empty):
    (backup.folder.parent / "erased.txt").unlink()

    done = empty.manage("restore_backup", backup.folder)

    assert done.returncode == 0
    assert "There is no list of what was erased" in done.stderr
