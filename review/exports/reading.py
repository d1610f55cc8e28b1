"""Reads the submissions of one call, in the order of sending, all of one moment."""

import json
from contextlib import closing, contextmanager
from itertools import islice

from django.db import connection, transaction
from django.utils import timezone
from psycopg2.sql import SQL

from review import statements

# As many submissions are asked for at once: few enough to say how far a file is, and many
# enough that planning the query is a small part of it.
PAGE = 2_000
SETTING = "keepitlocal.page"
# A row that is not found by an index is looked for in the page one id after the other:
# seconds, where the index takes milliseconds.
ABOUT = "SELECT set_config(%s, %s, TRUE), set_config('enable_seqscan', 'off', TRUE)"
# JSON holds no control characters: with two of them for quotes and delimiter, CSV is what
# is to be written and nothing else.
JSON = SQL(r"COPY ({}) TO STDOUT (FORMAT csv, QUOTE E'\x01', DELIMITER E'\x02')")
# Seconds. A search in all answers happens in the first statement.
LONGEST_STATEMENT = 120


@contextmanager
def one_moment():
    """Read the database as it is now, for as long as the block takes; gives the moment."""
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            # Between statements we write a workbook.
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = '5min'")
            # A page fits into it.
            cursor.execute("SET LOCAL work_mem = '64MB'")
            # Our queries are joined best as they stand: looking for other ways, or
            # compiling them, would take longer than a page does.
            cursor.execute("SET LOCAL join_collapse_limit = 1; SET LOCAL jit = off")
        with statements.may_take(LONGEST_STATEMENT):
            yield timezone.now()


def pages(submissions, consultation):
    """Yield the ids of those of the call that were sent and stand, a page at a time.

    Until the next, queries of relations.py are about these.
    """
    found = (
        submissions.submitted()
        .filter(consultation=consultation)
        .order_by("submitted_at", "pk")
        .values_list("pk", flat=True)
    )
    # The cursor is closed before its transaction.
    with closing(found.iterator(chunk_size=PAGE)) as ids:
        while page := list(islice(ids, PAGE)):
            with connection.cursor() as cursor:
                cursor.execute(ABOUT, [SETTING, as_array(page)])
            yield page


def as_array(numbers):
    """Return numbers as PostgreSQL reads an array most quickly."""
    return "{" + ",".join(map(str, numbers)) + "}"


def in_full(query):
    """Return a query that was put together as a text, so that this is done once."""
    with connection.cursor() as cursor:
        return query.as_string(cursor.cursor)


def copy(query, file):
    """Have PostgreSQL write the rows of a COPY into a file; returns how many there were.

    The file's `write` is called once for each row: no more than one is in memory.
    """
    with connection.cursor() as cursor:
        cursor.copy_expert(query, file)
        return cursor.rowcount


def json_copied(query):
    """Return the COPY that gives what a query does, JSON a line each."""
    return in_full(JSON.format(query))


class Each:
    """A file that takes JSON by the line, and hands over what it says."""

    def __init__(self, take):
        self.take = take

    def write(self, line):
        self.take(json.loads(line))
