"""When a backup is not restored, and why: nothing is loaded then."""

import json
import os
from contextlib import closing

import psycopg2
import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from keepitlocal.backups import erased
from keepitlocal.backups.backup import MANIFEST
from keepitlocal.backups.folders import SUMS, sum_of
from review.models import Erasure
from tests.portals import Portal
from tests.staff import member_of_staff
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


@pytest.fixture
def lists(settings, tmp_path):
    """A folder of backups with a list of what was erased, and this machine's own list."""
    settings.ERASED_LIST = tmp_path / "data" / "erased.txt"
    settings.ERASED_LIST.parent.mkdir()
    settings.ERASED_LIST.write_text("b\nc\n")
    (tmp_path / "erased.txt").write_text("a\nb\n")
    return tmp_path


def test_lists_of_what_was_erased_are_put_together_beside_the_backups(
    lists, eve, settings
):
    Erasure.objects.create(
        reason="asked",
        requested_by=eve,
        decided_by=member_of_staff("olu"),
        erased_at=timezone.now(),
        digests=["d"],
    )

    erased.keep_list(lists)

    assert (lists / "erased.txt").read_text() == "a\nb\nc\nd\n"


def test_lists_of_what_was_erased_are_put_together_on_the_machine(lists, settings):
    assert erased.bring_list(lists) == 3
    assert settings.ERASED_LIST.read_text() == "a\nb\nc\n"


def test_a_list_of_what_was_erased_that_is_nowhere_is_missed(settings, tmp_path):
    settings.ERASED_LIST = tmp_path / "erased.txt"

    assert erased.bring_list(tmp_path) is None
