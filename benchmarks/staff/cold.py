"""Has PostgreSQL begin cold: without its connections' caches, its buffers, or the machine's."""

import os
from pathlib import Path

from django.db import connection


def empty_buffers(size):
    """Have the next page make a connection of its own, and PostgreSQL hold no table."""
    with size.in_use():
        connection.close()
        with connection.cursor() as cursor:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_buffercache")
            # What is still to be written could not be let go.
            cursor.execute("CHECKPOINT")
            cursor.execute("SELECT pg_buffercache_evict_all()")
        connection.close()


def empty_machine(size):
    """Have the operating system forget the database's files as well."""
    empty_buffers(size)
    with size.in_use(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('data_directory'), oid FROM pg_database"
            " WHERE datname = current_database()"
        )
        folder, oid = cursor.fetchone()
        connection.close()
    for path in Path(folder, "base", str(oid)).iterdir():
        with path.open("rb") as file:
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
