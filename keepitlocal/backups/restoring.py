"""Brings a backup back into an empty database, and makes it safe to open."""

from dataclasses import dataclass

from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader

from review import statements
from review.services import restoring

from . import Refused, checking, contents, erased, files, programs

# Tables, views and sequences of ours.
THINGS = """
SELECT count(*) FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S')
"""
OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
AND backend_type = 'client backend'
"""


@dataclass(frozen=True)
class Restored:
    """What came back, how long the list of erasures was, and what was put right."""

    rows: int
    files: int
    erased_list: int | None
    put_right: dict[str, int]


def restore(backup):
    """Load a backup. Raises Refused before anything is touched, or with nothing loaded."""
    pg_restore = _can_be_loaded(backup)
    listed = erased.bring_list(backup.folder.parent)
    count = files.bring(backup)
    programs.run(
        pg_restore,
        "--exit-on-error",
        "--single-transaction",
        "--no-owner",
        "--no-privileges",
        # Of the extensions: their owner alone may write them.
        "--no-comments",
        str(backup.dump),
    )
    _compare(backup)
    _bring_up_to_date()
    return Restored(backup.rows, count, listed, restoring.put_right())


def _can_be_loaded(backup):
    """Return the pg_restore that can; raises Refused when something is in the way."""
    manifest = backup.manifest
    if programs.server_version() < manifest["postgresql"]:
        raise Refused(
            f"The backup is of PostgreSQL {manifest['postgresql']}, and this server is "
            f"PostgreSQL {programs.server_version()}: it takes one as new, or newer."
        )
    pg_restore = programs.find("pg_restore", manifest["pg_dump"])
    if unknown := _unknown_migrations(manifest):
        raise Refused(
            "The backup is of a newer version of the portal: this one does not know "
            f"the migration {unknown[0]}. Use the code of the backup or newer"
            f" ({manifest['code'][:10] or 'commit not known'})."
        )
    _refuse_what_is_in_the_way()
    if damage := checking.damage_of(backup, pg_restore):
        raise Refused("The backup is damaged:\n" + "\n".join(damage))
    return pg_restore


def _refuse_what_is_in_the_way():
    with connection.cursor() as cursor:
        if _count(cursor, THINGS):
            raise Refused(
                "The database is not empty. Nothing is overwritten: make a new one "
                "(createdb) and name it in DATABASE_URL."
            )
        if others := _count(cursor, OTHERS):
            raise Refused(
                f"{others} others are connected to the database. Stop the web server, "
                "the worker, its beat and the outbox loop: they would send old emails."
            )


def _count(cursor, query):
    cursor.execute(query)
    return cursor.fetchone()[0]


def _unknown_migrations(manifest):
    """Return those that this code does not have, or has replaced by others."""
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    return [name for name in manifest["migrations"] if name not in known]


def _compare(backup):
    with contents.snapshot() as cursor:
        now = contents.tables(cursor)
    if others := contents.differences(backup.manifest["tables"], now):
        raise Refused(
            "What was loaded is not what the backup says, in these tables: "
            f"{', '.join(others)}. Do not open the portal on it."
        )


def _bring_up_to_date():
    """Migrate from the state of the backup to that of this code."""
    call_command("migrate", interactive=False, verbosity=0)
    with transaction.atomic(), statements.may_take(0), connection.cursor() as cursor:
        # Nothing is known about the new tables: the first pages would be slow.
        cursor.execute("ANALYZE")
