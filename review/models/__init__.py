from .audit import AuditEntry
from .passages import Passage
from .reading import Assignment, Flag, Note, Reading, StaffPreference
from .publishing import (
    LeftAsItIs,
    PublishedFile,
    PublishedResponse,
    PublishedText,
    PublishingDecision,
    Reason,
    Redaction,
    Step,
)
from .reading import Assignment, Flag, Note, Reading
from .search import SearchDocument
from .selections import SavedSelection
from .tallies import Tally
from .themes import Theme, ThemeChange, ThemedPassage

__all__ = [
    "Assignment",
    "AuditEntry",
    "Flag",
    "LeftAsItIs",
    "Note",
    "Passage",
    "PublishedFile",
    "PublishedResponse",
    "PublishedText",
    "PublishingDecision",
    "Reading",
    "Reason",
    "Redaction",
    "SavedSelection",
    "StaffPreference",
    "Tally",
    "SearchDocument",
    "Step",
    "Theme",
    "ThemeChange",
    "ThemedPassage",
]
