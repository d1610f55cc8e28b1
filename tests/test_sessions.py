from contextlib import closing

import psycopg2
import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.db import InterfaceError, OperationalError, connection

from keepitlocal.sessions import SessionStore
from tests.outbox.processes import url_of_the_test_database

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def session():
    session = SessionStore()
    session["drafts"] = ["one"]
    session.save()
    return session


def test_database_that_goes_away_is_not_taken_for_a_deleted_session(session):
    end_our_connection()

    with pytest.raises((OperationalError, InterfaceError)):
        session.save()

    connection.close()
    session.save()


def test_deleted_session_is_still_noticed(session):
    SessionStore(session.session_key).delete()

    with pytest.raises(UpdateError):
        session.save()


def end_our_connection():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [pid] = cursor.fetchone()
    with closing(psycopg2.connect(url_of_the_test_database())) as other:
        other.cursor().execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
