"""Where checked files are kept: a folder, unless `objects` keeps them for several machines.

No address leads to either.
"""

import logging
import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.files.storage import FileSystemStorage

logger = logging.getLogger(__name__)

# Half written, and not under a name of ours yet.
PARTIAL = "partial-"


class StorageAway(OSError):
    """The object storage does not answer, or refuses."""


@contextmanager
def swept_later():
    """Leave to the next sweep what cannot be deleted while the storage is away."""
    try:
        yield
    except StorageAway as error:
        logger.error("The object storage is away, files are deleted later: %s", error)


class WholeFilesStorage(FileSystemStorage):
    """Django's storage, but a file stands under its name only when all of it is on disk."""

    def _save(self, name, content):
        target = Path(self.path(name))
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            dir=target.parent, prefix=PARTIAL, delete=False
        ) as partial:
            try:
                content.seek(0)
                shutil.copyfileobj(content, partial)
                partial.flush()
                os.fsync(partial.fileno())
                os.rename(partial.name, target)
            except BaseException:
                os.unlink(partial.name)
                raise
        _sync_folder(target.parent)
        return name

    def names_before(self, moment):
        """Yield the names of files written before a moment, half written ones too."""
        return names_before(moment, self.location)


class ExportsStorage(WholeFilesStorage):
    """The same for what staff export."""

    @property
    def location(self):
        return str(settings.EXPORTS_ROOT)


def names_before(moment, folder):
    """Yield the names in a folder of what was written before a moment."""
    if Path(folder).is_dir():
        for path in Path(folder).iterdir():
            try:
                is_old = path.stat().st_mtime < moment.timestamp()
            except FileNotFoundError:
                # Another sweep was quicker.
                continue
            if is_old:
                yield path.name


def _sync_folder(folder):
    """Have the new name survive a power cut too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
