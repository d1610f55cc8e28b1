from .audit import AuditEntry
from .passages import Passage
from .reading import Assignment, Flag, Note, Reading
from .search import SearchDocument
from .selections import SavedSelection
from .tallies import Tally
from .themes import Colour, Theme, ThemeChange, ThemedPassage, What

__all__ = [
    "Assignment",
    "AuditEntry",
    "Colour",
    "Flag",
    "Note",
    "Passage",
    "Reading",
    "SavedSelection",
    "Tally",
    "SearchDocument",
    "Theme",
    "ThemeChange",
    "ThemedPassage",
    "What",
]
