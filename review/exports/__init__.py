"""Submissions of one call to take away: as CSV, Excel file, JSON, or a pack with all of it.

Choices are written as people read them in tables and by their codes in JSON, times as
ISO 8601 in UTC. Addresses for email are left out unless asked for: analysis needs none,
and files travel.

In CSV a text that a spreadsheet would take for a formula gets an apostrophe in front, see
`defuse`; that is all that ever changes, so every other text comes back equal. Excel takes
32,767 characters in a cell: its files say where a text was cut, and hold it whole on a
sheet of its own. Python's csv module must be told to take cells of more than 131,072
characters (`csv.field_size_limit`).
"""

from .csv_file import CsvWriter, defuse
from .tables import (
    TABLES,
    OneRowAnAnswer,
    OneRowAnItem,
    OneRowAPassage,
    OneRowASubmission,
)

__all__ = [
    "TABLES",
    "CsvWriter",
    "OneRowAPassage",
    "OneRowASubmission",
    "OneRowAnAnswer",
    "OneRowAnItem",
    "defuse",
]
