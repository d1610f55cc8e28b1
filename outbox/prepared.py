"""Statements of every email: PostgreSQL parses and plans them once for each connection.

That is a third of what these few take; Django would need five times as long to write one.
"""

from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True)
class Prepared:
    """A statement with $1, $2… of these types, as PREPARE takes it."""

    name: str
    types: str
    statement: str
    # What holds for this statement alone, as in "SET LOCAL …;".
    first: str = ""

    def row(self, *values):
        """Return the only row of its answer."""
        with connection.cursor() as cursor:
            self._execute(cursor, values)
            return cursor.fetchone()

    def rowcount(self, *values):
        """Return how many rows it has changed."""
        with connection.cursor() as cursor:
            self._execute(cursor, values)
            return cursor.rowcount

    def _execute(self, cursor, values):
        # A new connection knows nothing of what the one before it was told.
        known = vars(connection.connection).setdefault("prepared", set())
        if self.name not in known:
            cursor.execute(f"PREPARE {self.name} ({self.types}) AS {self.statement}")
            known.add(self.name)
        places = ", ".join(["%s"] * len(values))
        cursor.execute(f"{self.first}EXECUTE {self.name} ({places})", values)
