"""Submissions of one call as CSV: one row a submission, an answer, or an evidence item.

For spreadsheets: UTF-8 with a byte order mark, every cell in quotes, CRLF after a row.
Choices are written as people read them (their codes are in the database), times as ISO 8601
in UTC. Addresses for email are left out unless asked for: analysis needs none, and files
travel.

A text that a spreadsheet would take for a formula gets an apostrophe in front, see
`defuse`; that is all that ever changes, so every other text comes back equal. Two limits
are the readers' own: Excel shows 32,767 characters of a cell, and Python's csv module must
be told to take cells of more than 131,072 (`csv.field_size_limit`).
"""

from .csv_file import CHUNK, as_csv, defuse
from .tables import TABLES, OneRowAnAnswer, OneRowAnItem, OneRowASubmission

__all__ = [
    "CHUNK",
    "TABLES",
    "OneRowASubmission",
    "OneRowAnAnswer",
    "OneRowAnItem",
    "as_csv",
    "defuse",
]
