"""The tables: what is in which column of a row, and what a column means."""

from .base import Column, Table
from .items import OneRowAnItem
from .long import OneRowAnAnswer
from .themed import OneRowAPassage
from .wide import OneRowASubmission

TABLES = {
    table.name: table
    for table in (OneRowASubmission, OneRowAnAnswer, OneRowAnItem, OneRowAPassage)
}

__all__ = [
    "TABLES",
    "Column",
    "OneRowAPassage",
    "OneRowASubmission",
    "OneRowAnAnswer",
    "OneRowAnItem",
    "Table",
]
