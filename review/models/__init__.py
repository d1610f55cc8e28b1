from .audit import AuditEntry
from .exports import MAX_ATTEMPTS, Export, Format, Rows
from .passages import Passage
from .reading import Assignment, Flag, Note, Reading
from .selections import SavedSelection
from .themes import Theme, ThemeChange, ThemedPassage

__all__ = [
    "MAX_ATTEMPTS",
    "Assignment",
    "AuditEntry",
    "Export",
    "Flag",
    "Format",
    "Note",
    "Passage",
    "Reading",
    "Rows",
    "SavedSelection",
    "Theme",
    "ThemeChange",
    "ThemedPassage",
]
