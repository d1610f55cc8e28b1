from .emailing import EmailWording, ReminderLadder
from .history import FinishedPart, LateRequest, PastText, Revision
from .items import (
    Attachment,
    EvidenceItem,
    EvidenceKind,
    MayQuote,
    Shows,
    StoredFile,
    confidence_of_item,
)
from .limits import AskedCount
from .people import Invitation, ResumeLink, hash_of
from .publication import Confidence, Publication, Said, publication_of, strictest
from .said import Answer, PrincipleComment, SentenceComment, Stance
from .submission import (
    Channel,
    HoldsContracts,
    OnBehalf,
    RespondentType,
    Submission,
)

__all__ = [
    "Answer",
    "AskedCount",
    "Attachment",
    "Channel",
    "Confidence",
    "EmailWording",
    "EvidenceItem",
    "EvidenceKind",
    "FinishedPart",
    "HoldsContracts",
    "Invitation",
    "LateRequest",
    "MayQuote",
    "OnBehalf",
    "PastText",
    "PrincipleComment",
    "Publication",
    "RespondentType",
    "ReminderLadder",
    "ResumeLink",
    "Revision",
    "Said",
    "SentenceComment",
    "Shows",
    "Stance",
    "StoredFile",
    "Submission",
    "confidence_of_item",
    "hash_of",
    "publication_of",
    "strictest",
]
