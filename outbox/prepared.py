"""Statements of every request and every email, whose plans each connection keeps.

Of what such a statement takes, half and more is parsing and planning it; PostgreSQL does
that for its first five runs, and then keeps a plan.
"""

from dataclasses import dataclass

from django.db import connection

LONGEST_NAME = 63


@dataclass(frozen=True)
class Prepared:
    """A statement with $1, $2… as PREPARE takes it.

    Their types may be left out where the statement itself tells.
    """

    name: str
    statement: str
    types: str = ""
    # What holds for this statement alone, as in "SET LOCAL …;".
    first: str = ""

    def __post_init__(self):
        if len(self.name) > LONGEST_NAME:
            raise ValueError(f"PostgreSQL would cut this name: {self.name}")

    def row(self, *values):
        """Return the only row of its answer."""
        with connection.cursor() as cursor:
            self.execute(cursor, values)
            return cursor.fetchone()

    def rowcount(self, *values):
        """Return how many rows it has changed."""
        with connection.cursor() as cursor:
            self.execute(cursor, values)
            return cursor.rowcount

    def execute(self, cursor, values):
        """Have a cursor execute it with these values."""
        # A new connection knows nothing of what the one before it was told.
        known = vars(connection.connection).setdefault("prepared", set())
        if self.name not in known:
            self._prepare()
            known.add(self.name)
        places = f"({', '.join(['%s'] * len(values))})" if values else ""
        cursor.execute(f'{self.first}EXECUTE "{self.name}" {places}', values)

    def _prepare(self):
        types = f"({self.types})" if self.types else ""
        # Not counted among what a request asks: it happens once in a connection's life.
        with connection.wrap_database_errors, connection.connection.cursor() as cursor:
            cursor.execute(f'PREPARE "{self.name}" {types} AS {self.statement}')
