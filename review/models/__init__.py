from .audit import AuditEntry
from .passages import Passage
from .reading import Assignment, Flag, Note, Reading
from .recovery import RecoveryCodes
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
    "RecoveryCodes",
    "SavedSelection",
    "Tally",
    "SearchDocument",
    "Theme",
    "ThemeChange",
    "ThemedPassage",
]
