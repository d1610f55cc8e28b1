from .audit import AuditEntry
from .exports import MAX_ATTEMPTS, Export, Format, Rows
from .intake import (
    ASIDE,
    Intake,
    Original,
    PlacedParagraph,
    TextFrom,
    Transcription,
)
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
from .reading import Assignment, Flag, Note, Reading, StaffPreference
from .search import SearchDocument
from .selections import SavedSelection
from .tallies import Tally
from .themes import Theme, ThemeChange, ThemedPassage

__all__ = [
    "ASIDE",
    "MAX_ATTEMPTS",
    "Assignment",
    "AuditEntry",
    "Export",
    "Flag",
    "LeftAsItIs",
    "Intake",
    "Format",
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
    "Rows",
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
