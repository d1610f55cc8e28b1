from .audit import AuditEntry
from .intake import (
    ASIDE,
    Intake,
    Original,
    PlacedParagraph,
    TextFrom,
    Transcription,
)
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
    "ASIDE",
    "Assignment",
    "AuditEntry",
    "Flag",
    "LeftAsItIs",
    "Intake",
    "Note",
    "Original",
    "Passage",
    "PublishedFile",
    "PublishedResponse",
    "PublishedText",
    "PublishingDecision",
    "PlacedParagraph",
    "Reading",
    "Reason",
    "Redaction",
    "SavedSelection",
    "StaffPreference",
    "Tally",
    "SearchDocument",
    "Step",
    "TextFrom",
    "Theme",
    "ThemeChange",
    "ThemedPassage",
    "Transcription",
]
