"""What holds while migrations run, and after them."""

from django.apps import apps
from django.db import connection
from django.db.models.signals import post_migrate, pre_migrate


def statement_timeout():
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        return cursor.fetchone()[0]


def send(signal):
    signal.send(sender=apps.get_app_config("keepitlocal"), using="default")


def test_statements_of_migrations_may_take_long_and_those_of_requests_not(db):
    assert statement_timeout() == "8s"

    send(pre_migrate)
    while_migrating = statement_timeout()
    send(post_migrate)

    assert (while_migrating, statement_timeout()) == ("0", "8s")
