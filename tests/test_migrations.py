"""What holds while migrations run, and after them."""

from django.core.management import call_command
from django.db import connection
from django.db.models.signals import pre_migrate


def statement_timeout():
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        return cursor.fetchone()[0]


def test_statements_of_migrations_may_take_long_and_those_of_requests_not(db):
    seen = []

    def look(**kwargs):
        seen.append(statement_timeout())

    pre_migrate.connect(look)

    call_command("migrate", verbosity=0)

    pre_migrate.disconnect(look)
    assert set(seen) == {"0"}
    assert statement_timeout() == "8s"
