import re

from . import Refused

# Tab, line ends, page end and the end mark of DOS are all that a text may have.
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x19\x1b-\x1f\x7f]")
# Something that is made to be run or shown, under the name of a text.
OTHER = re.compile(
    r"\s*(?:%PDF-|\{\\rtf|#!|<(?:!doctype|!--|[?%]|(?:html|head|body|script|style|svg|iframe"
    r"|object|embed|img|meta|link|form|table|div)\b))",
    re.IGNORECASE,
)


def check(path, extension, cleaned):
    text = decoded(path.read_bytes())
    if CONTROLS.search(text) or OTHER.match(text):
        raise Refused("type")
    if not text.strip():
        raise Refused("empty")
    return False


def decoded(content):
    """Return the text; without a mark of its own it is UTF-8, else Windows' letters."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused("type")
