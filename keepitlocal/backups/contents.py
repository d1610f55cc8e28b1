"""What is in the database, in figures that can be compared: rows and a sum of each table."""

from contextlib import contextmanager

from django.db import connection, transaction

from review import statements

# What a row reads like as text depends on these.
SPELLING = """
SET LOCAL timezone = 'UTC';
SET LOCAL datestyle = 'ISO, YMD';
SET LOCAL intervalstyle = 'postgres';
SET LOCAL bytea_output = 'hex';
SET LOCAL extra_float_digits = 1;
SET LOCAL idle_in_transaction_session_timeout = 0;
"""

OURS = """
SELECT relname FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
ORDER BY relname
"""

# The rows' own sums, added up: in whatever order they are read.
SUM = """
SELECT count(*), coalesce(sum(
    ('x' || encode(substr(sha256(convert_to(t::text, 'UTF8')), 1, 8), 'hex'))
    ::bit(64)::bigint
), 0)::text
FROM {table} t
"""


@contextmanager
def snapshot():
    """Give a cursor whose every statement sees the database of the same moment."""
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute(SPELLING)
        with statements.may_take(0):
            yield cursor


def tables(cursor):
    """Return {table: {"rows": 3, "sum": "123"}} for each table there is."""
    cursor.execute(OURS)
    names = [name for (name,) in cursor.fetchall()]
    return {name: _figures(cursor, name) for name in names}


def _figures(cursor, name):
    cursor.execute(SUM.format(table=connection.ops.quote_name(name)))
    rows, total = cursor.fetchone()
    return {"rows": rows, "sum": total}


def differences(before, now):
    """Name the tables whose rows are not the same."""
    return sorted(name for name in before | now if before.get(name) != now.get(name))
