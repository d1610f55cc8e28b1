"""Where checked files are kept: settings.MEDIA_ROOT, which no address leads to."""

import os
import shutil
import tempfile
from pathlib import Path

from django.core.files.storage import FileSystemStorage

# Half written, and not under a name of ours yet.
PARTIAL = "partial-"


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


def _sync_folder(folder):
    """Have the new name survive a power cut too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
