"""What holds for any file that is a zip archive inside."""

import re
import stat
import zipfile
from contextlib import contextmanager
from xml.sax import ContentHandler

import defusedxml.sax
import olefile

from submissions.files.kinds import MEGABYTE

from . import Refused

MAX_ENTRIES = 2000
MAX_UNPACKED = 200 * MEGABYTE
MAX_RATIO = 100
# Below this size a high ratio is only a form with many empty lines.
SMALL = MEGABYTE

ARCHIVE_STARTS = (b"PK\x03\x04", b"PK\x05\x06", b"Rar!", b"7z\xbc\xaf")
ARCHIVE_NAME = re.compile(
    r".*\.(?:zip|jar|7z|rar|tar|t?gz|bz2|xz|cab|iso)", re.IGNORECASE
)
MACRO_NAME = re.compile(
    r"(?:.*/)?(?:vbaproject\.bin|macrosheets/.*|basic/.*|scripts/.*|.*\.(?:doc|xls|ppt|dot|xlt)m)",
    re.IGNORECASE,
)
XML_NAME = re.compile(r".*\.(?:xml|rels)", re.IGNORECASE)


@contextmanager
def opened(path):
    """Give the archive; raises Refused for one that nobody needs to send as evidence."""
    with path.open("rb") as file:
        start = file.read(4)
    if olefile.isOleFile(path):
        with olefile.OleFileIO(path) as container:
            is_locked = container.exists("EncryptedPackage")
        raise Refused("password" if is_locked else "type")
    if start != b"PK\x03\x04":
        raise Refused("type")
    with zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
        _refuse_what_unpacks_to_too_much(entries, path.stat().st_size)
        for entry in entries:
            _refuse_entry(entry)
        if len({entry.filename.lower() for entry in entries}) < len(entries):
            # Two readers may take two different ones for the text.
            raise Refused("damaged")
        yield archive


def _refuse_what_unpacks_to_too_much(entries, size):
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_ENTRIES or unpacked > MAX_UNPACKED:
        raise Refused("unpacks")
    if unpacked > SMALL and unpacked > MAX_RATIO * size:
        raise Refused("unpacks")


def _refuse_entry(entry):
    if entry.flag_bits & 1:
        raise Refused("password")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise Refused("damaged")
    if entry.filename.startswith(("/", "\\")) or ".." in re.split(
        r"[/\\]", entry.filename
    ):
        raise Refused("damaged")
    if entry.file_size > SMALL and entry.file_size > MAX_RATIO * entry.compress_size:
        raise Refused("unpacks")
    if MACRO_NAME.fullmatch(entry.filename):
        raise Refused("macros")


def refuse_archives_inside(archive, allowed=re.compile("(?!)")):
    """Refuse archives in the archive, but for those whose names `allowed` matches."""
    for entry in archive.infolist():
        if allowed.fullmatch(entry.filename) or entry.is_dir():
            continue
        with archive.open(entry) as file:
            start = file.read(4)
        if ARCHIVE_NAME.fullmatch(entry.filename) or start.startswith(ARCHIVE_STARTS):
            raise Refused("unpacks")


class Elements(ContentHandler):
    """Calls back with the name and attributes of each element."""

    def __init__(self, seen):
        super().__init__()
        self.startElement = seen


def read_xml(archive, name, seen=lambda name, attributes: None):
    """Read one part to its end, and refuse entities and all that they can do."""
    with archive.open(name) as file:
        defusedxml.sax.parse(file, Elements(seen), forbid_dtd=True)


def xml_names(archive):
    return [
        entry.filename
        for entry in archive.infolist()
        if XML_NAME.fullmatch(entry.filename)
    ]
