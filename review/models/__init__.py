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
from .reading import Assignment, Flag, Note, Reading
from .selections import SavedSelection
from .themes import Theme, ThemeChange, ThemedPassage

__all__ = [
    "ASIDE",
    "Assignment",
    "AuditEntry",
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
]
