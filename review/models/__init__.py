from .audit import AuditEntry
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
from .reading import Assignment, Flag, Note, Reading
from .selections import SavedSelection
from .themes import Theme, ThemeChange, ThemedPassage

__all__ = [
    "ASIDE",
    "Assignment",
    "AuditEntry",
    "BY_HAND",
    "Flag",
    "Intake",
    "Note",
    "Original",
    "Passage",
    "PlacedParagraph",
    "Reading",
    "SavedSelection",
    "TextFrom",
    "Theme",
    "ThemeChange",
    "ThemedPassage",
    "Transcription",
    "mark_of",
]
