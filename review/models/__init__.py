from .audit import AuditEntry
from .passages import Passage
from .reading import Assignment, Flag, Note, Reading
from .recovery import RecoveryCodes
from .selections import SavedSelection
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
    "Theme",
    "ThemeChange",
    "ThemedPassage",
]
