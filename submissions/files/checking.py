"""Looks into a file in quarantine before it is kept."""

import json
import logging
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from django.conf import settings

from . import names, scanner
from .kinds import KINDS, WITH_MACROS
from .refusals import Unacceptable
from .uploads import in_quarantine

logger = logging.getLogger(__name__)

# By the clock on the wall; the child has a shorter bound on its own work.
SECONDS = 30


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
    """Have a child process read the file: whatever it is, it can hurt nobody else.

    The child gets no settings, so that it has no secret to give away.
    """
    extension = names.extension_of(upload.name)
    try:
        child = subprocess.run(
            [
                *(sys.executable, "-m", "submissions.files.check"),
                *(extension, upload.path, cleaned.name),
            ],
            cwd=settings.BASE_DIR,
            env={},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=SECONDS,
            check=True,
        )
        found = json.loads(child.stdout)
    except (subprocess.TimeoutExpired, OSError) as error:
        logger.error("A file could not be checked: %s", type(error).__name__)
        raise Unacceptable("unchecked") from error
    except (subprocess.CalledProcessError, ValueError) as error:
        # The file drove it beyond its bounds, or made it crash.
        logger.warning("The check of a file ended with %s", type(error).__name__)
        raise Unacceptable("damaged") from error
    if code := found.get("refused"):
        logger.info("A file was refused: %s %s", code, found.get("error", ""))
        raise Unacceptable(code)
    return found
