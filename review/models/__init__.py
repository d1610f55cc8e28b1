from .audit import AuditEntry
from .erasing import Erasure, ErasureReason
from .exports import MAX_ATTEMPTS, Export, Format, Rows
from .figures import KeptFigure
from .intake import (
    ASIDE,
    BY_HAND,
    Intake,
    Original,
    PlacedParagraph,
    TextFrom,
    Transcription,
    mark_of,
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
from .recovery import RecoveryCodes
from .search import SearchDocument
from .selections import SavedSelection
from .themes import Colour, Theme, ThemeChange, ThemedPassage, What

__all__ = [
    "ASIDE",
    "MAX_ATTEMPTS",
    "Assignment",
    "AuditEntry",
    "BY_HAND",
    "Erasure",
    "ErasureReason",
    "Colour",
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
    "RecoveryCodes",
    "Reason",
    "Redaction",
    "Rows",
    "SavedSelection",
    "StaffPreference",
    "KeptFigure",
    "SearchDocument",
    "Step",
    "TextFrom",
    "Theme",
    "ThemeChange",
    "ThemedPassage",
    "What",
    "Transcription",
    "mark_of",
]
