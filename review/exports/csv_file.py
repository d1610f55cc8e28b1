"""Writes a table as CSV, in bytes, one consistent moment of the database."""

import codecs
import csv
import io
import re
from contextlib import closing, contextmanager
from itertools import islice

from django.db import connection, transaction

# As many submissions are in memory at once. One can hold 33 texts of 200,000 characters.
CHUNK = 25

# What a spreadsheet skips before it looks for a formula: white space, controls, and
# characters of no width.
SKIPPED = r"[\s\x00-\x1f\x7f-\x9f\u200b-\u200f\u2060\ufeff]"
FORMULA = re.compile(rf"{SKIPPED}*[=+\-@＝＋－＠\t\r\n]")


def defuse(text):
    """Return the text with an apostrophe in front if it begins like a formula.

    That is: with = + - @, their full-width forms, a tab or a line end, after any white
    space or control characters.
    """
    return f"'{text}" if FORMULA.match(text) else text


def as_csv(submissions, table, *, with_bom=True):
    """Yield the file in bytes: the table's header, then the rows of each submission.

    All of it is of one moment: what is sent, changed or deleted while the file is being
    written is not in it. Drafts never are. Closing the generator ends the transaction.
    """
    submissions = (
        submissions.submitted()
        .filter(consultation=table.consultation)
        .order_by("submitted_at", "pk")
    )
    # The cursor is closed before its transaction.
    with _one_moment(), closing(submissions.iterator(chunk_size=CHUNK)) as read:
        if with_bom:
            yield codecs.BOM_UTF8
        yield _encoded([table.header])
        while chunk := list(islice(read, CHUNK)):
            found_of = table.gather(chunk)
            for submission in chunk:
                yield _encoded(table.rows(submission, found_of.pop(submission.pk)))


@contextmanager
def _one_moment():
    """Read the database as it is now, for as long as the block takes."""
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            # A search in all answers happens in the first statement, and may take longer
            # than a page has.
            cursor.execute("SET LOCAL statement_timeout = '60s'")
            # Between statements we wait for whoever downloads. One who takes nothing for
            # this long is gone; until then old rows cannot be cleaned away.
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = '5min'")
        yield


def _encoded(rows):
    lines = io.StringIO(newline="")
    writer = csv.writer(lines, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows([defuse(cell) for cell in row] for row in rows)
    return lines.getvalue().encode()
