"""What holds while migrations run, and after them."""

from contextlib import closing

import psycopg2
import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models.signals import pre_migrate

from keepitlocal.management.commands import migrate
from tests.outbox.processes import url_of_the_test_database


def bounds():
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        statement = cursor.fetchone()[0]
        cursor.execute("SHOW lock_timeout")
        return statement, cursor.fetchone()[0]


def test_statements_of_migrations_may_take_long_and_wait_for_locks_shortly(db):
    seen = []

    def look(**kwargs):
        seen.append(bounds())

    pre_migrate.connect(look)

    call_command("migrate", verbosity=0)

    pre_migrate.disconnect(look)
    assert set(seen) == {("0", "3s")}
    assert bounds() == ("8s", "5s")


@pytest.fixture
def busy(transactional_db, monkeypatch):
    """Have every migrate want a table that another holds; returns what lets go of it."""
    monkeypatch.setattr(migrate, "PAUSE", 0)

    def want_the_table(**kwargs):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '200ms'")
            cursor.execute("LOCK TABLE review_auditentry")

    with closing(psycopg2.connect(url_of_the_test_database())) as other:
        other.cursor().execute("LOCK TABLE review_auditentry")
        pre_migrate.connect(want_the_table, sender=apps.get_app_config("review"))
        yield other.commit
        pre_migrate.disconnect(want_the_table, sender=apps.get_app_config("review"))


def test_migrate_lets_others_pass_when_a_table_is_busy_and_tries_again(
    busy, monkeypatch, capsys
):
    # In the pause the other one ends.
    monkeypatch.setattr(migrate, "sleep", lambda seconds: busy())

    call_command("migrate", verbosity=0)

    assert "A table is busy (1 of 10 attempts)" in capsys.readouterr().err


def test_migrate_says_what_to_do_when_a_table_stays_busy(busy, monkeypatch, capsys):
    monkeypatch.setattr(migrate, "ATTEMPTS", 2)

    with pytest.raises(CommandError, match="A table was busy all the time"):
        call_command("migrate", verbosity=0)

    assert capsys.readouterr().err.count("A table is busy") == 2
