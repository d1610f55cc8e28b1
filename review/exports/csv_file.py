"""A table as CSV, for spreadsheets: UTF-8, every cell in quotes, CRLF after a row."""

import codecs
import csv
import io
import re

from .outlet import streamed

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


class CsvWriter:
    """Writes one table: the header, then the rows of each submission."""

    def __init__(self, file, table, *, with_bom=True):
        self.file = file
        self.table = table
        self.needs = table.needs
        self.with_bom = with_bom
        self.count = 0

    def begin(self):
        if self.with_bom:
            self.file.write(codecs.BOM_UTF8)
        self.file.write(as_lines([self.table.header]))

    def add(self, submission, evidence):
        rows = list(self.table.rows(submission, evidence))
        self.count += len(rows)
        self.file.write(as_lines(rows))

    def end(self):
        """Nothing stands after the last row."""


def as_csv(submissions, table, *, with_bom=True):
    """Yield the table of these submissions in bytes, all of it of one moment."""

    def writer(file, _moment):
        return CsvWriter(file, table, with_bom=with_bom)

    return streamed(submissions, table.consultation, writer)


def as_lines(rows):
    """Return rows of texts as lines of CSV, in bytes."""
    lines = io.StringIO(newline="")
    writer = csv.writer(lines, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows([defuse(cell) for cell in row] for row in rows)
    return lines.getvalue().encode()
