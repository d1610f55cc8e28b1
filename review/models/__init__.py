from .audit import AuditEntry
from .passages import Passage
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
from .selections import SavedSelection
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
    "Step",
    "Theme",
    "ThemeChange",
    "ThemedPassage",
]
