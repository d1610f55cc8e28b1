"""Word and Excel files before 2007: a little file system with streams in it."""

import struct

import olefile

from . import Refused

MAIN = {"doc": ("WordDocument",), "xls": ("Workbook", "Book")}
MACROS = {"macros", "_vba_project_cur", "_vba_project", "vba", "vba_project"}
OBJECTS = ("objectpool", "mbd", "embedding ")

# Records of an Excel workbook.
LOCKED, SHEET, OTHER_BOOK = 0x2F, 0x85, 0x1AE
MACRO_SHEET = 1
# Its body when it stands for the workbook itself, or for functions of Excel's own.
OWN_BOOKS = (b"\x01\x04", b"\x01\x3a")


def check(path, extension, cleaned):
    if not olefile.isOleFile(path):
        raise Refused("type")
    with olefile.OleFileIO(path) as container:
        if container.exists("EncryptedPackage"):
            raise Refused("password")
        main = next(filter(container.exists, MAIN[extension]), None)
        if main is None:
            raise Refused("type")
        names = {
            name.lower()
            for entry in container.listdir(streams=True, storages=True)
            for name in entry
        }
        if names & MACROS:
            raise Refused("macros")
        stream = container.openstream(main).read()
    read = {"doc": _read_word, "xls": _read_excel}[extension]
    return read(stream) or any(name.startswith(OBJECTS) for name in names)


def _read_word(stream):
    identifier, flags = struct.unpack_from("<H8xH", stream)
    if identifier != 0xA5EC:
        raise Refused("damaged")
    if flags & 0x0100:
        raise Refused("password")
    return False


def _read_excel(stream):
    """Return whether it is linked to other workbooks."""
    is_linked = False
    for number, body in _records(stream):
        if number == LOCKED:
            raise Refused("password")
        if number == SHEET and body[5:6] == bytes([MACRO_SHEET]):
            raise Refused("macros")
        if number == OTHER_BOOK and body[2:4] not in OWN_BOOKS:
            is_linked = True
    return is_linked


def _records(stream):
    at = 0
    while at + 4 <= len(stream):
        number, length = struct.unpack_from("<HH", stream, at)
        yield number, stream[at + 4 : at + 4 + length]
        at += 4 + length
