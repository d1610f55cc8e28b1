"""Statements that may take longer than a page has."""

import math
from contextlib import contextmanager

from django.db import connection


@contextmanager
def may_take(seconds):
    """Bound each statement of the transaction by so many seconds; 0: it takes what it takes.

    Both ends are told: the server, and our own connection, which gives up a server that
    is silent for longer.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL statement_timeout = '{seconds}s'")
    link = connection.connection
    before, link.patience = link.patience, seconds + 1 if seconds else math.inf
    try:
        yield
    finally:
        link.patience = before
