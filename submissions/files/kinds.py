"""Which files are accepted. The child process reads this too: nothing of Django here."""

from dataclasses import dataclass

MEGABYTE = 1024 * 1024
MAX_BYTES = 20 * MEGABYTE
MAX_FILES = 20
MAX_BYTES_TOGETHER = 100 * MEGABYTE


@dataclass(frozen=True)
class Kind:
    """A kind of file, and the module in `checks` that reads it."""

    content_type: str
    checked_by: str


_OPEN_XML = "application/vnd.openxmlformats-officedocument"
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument"

# By extension; a name without one is tried as each of them, in this order.
KINDS = {
    "pdf": Kind("application/pdf", "pdf"),
    "docx": Kind(f"{_OPEN_XML}.wordprocessingml.document", "open_xml"),
    "xlsx": Kind(f"{_OPEN_XML}.spreadsheetml.sheet", "open_xml"),
    "odt": Kind(f"{_OPEN_DOCUMENT}.text", "open_document"),
    "ods": Kind(f"{_OPEN_DOCUMENT}.spreadsheet", "open_document"),
    "odp": Kind(f"{_OPEN_DOCUMENT}.presentation", "open_document"),
    "doc": Kind("application/msword", "ole"),
    "xls": Kind("application/vnd.ms-excel", "ole"),
    "jpg": Kind("image/jpeg", "image"),
    "jpeg": Kind("image/jpeg", "image"),
    "png": Kind("image/png", "image"),
    "gif": Kind("image/gif", "image"),
    "webp": Kind("image/webp", "image"),
    "tif": Kind("image/tiff", "image"),
    "tiff": Kind("image/tiff", "image"),
    "txt": Kind("text/plain", "text"),
    "csv": Kind("text/csv", "text"),
}

# Word's and Excel's own names for "this has macros in it".
WITH_MACROS = {"docm", "dotm", "xlsm", "xltm", "xlam"}
