"""Looks into a file in quarantine before it is kept."""

import logging
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from . import child, names, scanner
from .kinds import KINDS, WITH_MACROS
from .refusals import Unacceptable
from .uploads import in_quarantine

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class CheckedFile:
    """What may be kept, as long as `checked` is open."""

    file: BinaryIO
    content_type: str
    has_active_content: bool
    scanned_at: datetime | None


@contextmanager
def checked(upload):
    """Give the `CheckedFile` of an `Upload`; raises Unacceptable."""
    _refuse_by_name_or_size(upload)
    try:
        cleaned = in_quarantine()
    except OSError as error:
        raise Unacceptable("no-room") from error
    with cleaned:
        found = _look_inside(upload, cleaned)
        scanned_at = scanner.scan(upload.file)
        yield CheckedFile(
            file=cleaned if found["is_cleaned"] else upload.file,
            content_type=KINDS[found["extension"]].content_type,
            has_active_content=found["is_active"],
            scanned_at=scanned_at,
        )


def _refuse_by_name_or_size(upload):
    if upload.problem:
        raise Unacceptable(upload.problem)
    if upload.name == names.NAMELESS:
        raise Unacceptable("name")
    if not upload.size:
        raise Unacceptable("empty")
    extension = names.extension_of(upload.name)
    if extension in WITH_MACROS:
        raise Unacceptable("macros")
    if extension and extension not in KINDS:
        raise Unacceptable("type")
    if names.is_a_device(upload.name):
        raise Unacceptable("device")


def _look_inside(upload, cleaned):
    """Have a child process read the file; raises Unacceptable."""
    extension = names.extension_of(upload.name)
    found = child.ask("submissions.files.check", extension, upload.path, cleaned.name)
    if code := found.get("refused"):
        logger.info("A file was refused: %s %s", code, found.get("error", ""))
        raise Unacceptable(code)
    return found
