"""A table as CSV, for spreadsheets: UTF-8, every cell in quotes, CRLF after a row.

PostgreSQL writes the rows.
"""

import codecs
import csv
import io
import re
import string

from psycopg2.sql import SQL, Literal

from .reading import as_array, copy, in_full

# What a spreadsheet skips before it looks for a formula: white space, controls, and
# characters of no width. Python and PostgreSQL read this pattern alike.
SKIPPED = (
    r"[\u0001-\u0020\u007f-\u00a0\u1680\u2000-\u200f\u2028\u2029\u202f\u205f\u2060"
    r"\u3000\ufeff]"
)
FORMULA = rf"^{SKIPPED}*[=+\-@\uff1d\uff0b\uff0d\uff20\t\r\n]"
# Nearly every text is empty or begins with a letter or digit: one look tells, and the
# pattern would take as long as the rest of the work.
SAFE = [0, *map(ord, string.ascii_letters + string.digits)]
DEFUSED = SQL("""CASE
    WHEN ascii({cell}) = ANY({safe}::int[]) OR {cell} !~ {formula} THEN {cell}
    ELSE '''' || {cell}
END""")
# PostgreSQL keeps the order of what it wraps.
COPY = SQL("COPY (SELECT {} FROM ({}) rows) TO STDOUT (FORMAT csv, FORCE_QUOTE *)")


def defuse(text):
    """Return the text with an apostrophe in front if it begins like a formula.

    That is: with = + - @, their full-width forms, a tab or a line end, after any white
    space or control characters.
    """
    return f"'{text}" if re.match(FORMULA, text) else text


def defused(cell):
    """Return the SQL that does what `defuse` does."""
    return DEFUSED.format(
        cell=cell, safe=Literal(as_array(SAFE)), formula=Literal(FORMULA)
    )


class CsvWriter:
    """Writes one table: the header, then the rows of each page of submissions."""

    def __init__(self, file, table, *, with_bom=True):
        self.file = file
        self.table = table
        self.with_bom = with_bom
        cells = SQL(", ").join(map(defused, table.names))
        self.query = in_full(COPY.format(cells, table.query))
        self.count = 0

    def begin(self):
        if self.with_bom:
            self.file.write(codecs.BOM_UTF8)
        self.file.write(as_lines([self.table.header]))

    def add(self, page):
        self.count += copy(self.query, self)

    def write(self, row):
        """Take a row from PostgreSQL, which ends it with a line feed alone."""
        self.file.write(memoryview(row)[:-1])
        self.file.write(b"\r\n")

    def end(self):
        """Nothing stands after the last row."""


def as_lines(rows):
    """Return rows of texts as lines of CSV, in bytes."""
    lines = io.StringIO(newline="")
    writer = csv.writer(lines, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows([defuse(cell) for cell in row] for row in rows)
    return lines.getvalue().encode()
