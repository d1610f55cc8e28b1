"""Uploads on their way in: every file of a request goes to quarantine, or nowhere."""

import io
import shutil
import tempfile
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http.multipartparser import MultiPartParser

from . import names
from .kinds import MAX_BYTES, MAX_BYTES_TOGETHER

# Beyond this share of the volume the database's own files have first claim.
FULL_AT = 0.9


def in_quarantine():
    """Return a new file in quarantine; it is gone when it is closed."""
    folder = Path(settings.QUARANTINE_ROOT)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return tempfile.NamedTemporaryFile(dir=folder)


def has_room(folder):
    """Whether the volume of a folder may take more files."""
    usage = shutil.disk_usage(folder)
    return usage.used < FULL_AT * (usage.used + usage.free)


class Upload(UploadedFile):
    """A file in quarantine; `problem` is a code of refusals.WORDS, "" for none so far."""

    def __init__(self, file, name, size, problem):
        super().__init__(file, name, size=size)
        self.problem = problem

    @property
    def path(self):
        return self.file.name


class _NamingParser(MultiPartParser):
    """Keeps files whose names show nothing: Django would drop them without a word."""

    def sanitize_file_name(self, file_name):
        return names.clean(file_name) or names.NAMELESS


class NamingHandler(FileUploadHandler):
    """Has every other handler fed by `_NamingParser`."""

    def handle_raw_input(
        self, input_data, META, content_length, boundary, encoding=None
    ):
        others = [one for one in self.request.upload_handlers if one is not self]
        return _NamingParser(META, input_data, others, encoding).parse()


class QuarantineHandler(FileUploadHandler):
    """Writes each file of a request to quarantine.

    What is too large or has no room is read to its end and thrown away, so that a page can
    say so.
    """

    file = None
    bytes_together = 0

    def new_file(self, *args, **kwargs):
        super().new_file(*args, **kwargs)
        self.problem = ""
        try:
            self.file = in_quarantine()
            if not has_room(settings.QUARANTINE_ROOT):
                self.problem = "no-room"
        except OSError:
            # Even the folder could not be made: there is nothing to write to.
            self.file, self.problem = io.BytesIO(), "no-room"

    def receive_data_chunk(self, raw_data, start):
        self.bytes_together += len(raw_data)
        if start + len(raw_data) > MAX_BYTES:
            self.problem = self.problem or "too-large"
        elif self.bytes_together > MAX_BYTES_TOGETHER:
            self.problem = self.problem or "too-much"
        if not self.problem:
            self._write(raw_data)

    def _write(self, data):
        try:
            self.file.write(data)
        except OSError:
            self.problem = "no-room"

    def file_complete(self, file_size):
        try:
            self.file.flush()
        except OSError:
            self.problem = "no-room"
        return Upload(self.file, self.file_name, file_size, self.problem)

    def upload_interrupted(self):
        self.file.close()
