"""A response as it was sent and as the public would read it, text beside text."""

from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from django.utils.translation import gettext as _

from submissions.models import Publication

from .redacting import Redactions
from .rows import FileRow, Part, Row


@dataclass(frozen=True)
class Beside:
    row: Row
    redactions: Redactions
    # Of the response as a whole.
    consent: str

    @cached_property
    def pieces(self):
        """The text as it was sent, in pieces, of which some are taken out."""
        return self.redactions.pieces(self.row.place, self.row.text)

    @property
    def is_public(self):
        return self.row.publication != Publication.NOT

    @property
    def goes_apart(self):
        """Whether the public reads it on another page than the rest, without the name."""
        return self.row.publication not in (Publication.NOT, self.consent)

    @property
    def is_changed(self):
        return any(piece.redaction for piece in self.pieces)


@dataclass(frozen=True)
class BesidePart:
    part: Part
    rows: list[Beside]


def parts_of(desk):
    """Return a `BesidePart` for each question, principle and item that says something."""
    consent = desk.submission.publication
    return [
        BesidePart(part, [Beside(row, desk.redactions, consent) for row in of_part])
        for part, of_part in groupby(desk.rows, key=lambda row: row.part)
    ]


@dataclass(frozen=True)
class BesideFile:
    file: FileRow
    is_public: bool
    # What becomes of it, in words.
    fate: str


def files_of(desk):
    """Return a `BesideFile` for each file."""
    return [
        BesideFile(file, desk.is_public(file), _fate(desk, file)) for file in desk.files
    ]


def _fate(desk, file):
    if file.publication == Publication.NOT:
        return _("Not published: the respondent keeps it for Locality.")
    if file.publication == Publication.WITHOUT_NAME:
        return _("Not published: files give away who made them.")
    if file.attachment.stored.has_active_content:
        return _("Not published: it can run or load something when it is opened.")
    if not desk.is_public(file):
        return _("Not published: redacted.")
    return _("Will be published.")
