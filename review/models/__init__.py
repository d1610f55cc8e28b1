from .audit import AuditEntry
from .passages import Passage
from .reading import Assignment, Flag, Note, Reading, StaffPreference
from .search import SearchDocument
from .selections import SavedSelection
from .tallies import Tally
from .themes import Theme, ThemeChange, ThemedPassage

__all__ = [
    "Assignment",
    "AuditEntry",
    "Flag",
    "Note",
    "Passage",
    "Reading",
    "SavedSelection",
    "StaffPreference",
    "Tally",
    "SearchDocument",
    "Theme",
    "ThemeChange",
    "ThemedPassage",
]
