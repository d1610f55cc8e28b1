import re

import pikepdf

from . import Refused

# Scripts, programs to start, forms to send, and files inside the file.
ACTIVE = re.compile(
    rb"/(?:JS|JavaScript|Launch|EmbeddedFiles?|RichMedia|XFA|SubmitForm|ImportData)\b"
)


def check(path, extension, cleaned):
    with path.open("rb") as file:
        if file.read(5) != b"%PDF-":
            raise Refused("type")
    try:
        # Readers mend a damaged file each in their own way: what they show may differ.
        pdf = pikepdf.open(path, attempt_recovery=False)
    except pikepdf.PasswordError as error:
        raise Refused("password") from error
    with pdf:
        if not len(pdf.pages):
            raise Refused("damaged")
        return any(ACTIVE.search(_own_text(thing)) for thing in pdf.objects)


def _own_text(thing):
    """Return an object as PDF writes it, names spelt plainly, without what it points at."""
    if isinstance(thing, pikepdf.Stream):
        thing = thing.stream_dict
    return thing.unparse(resolved=True) if isinstance(thing, pikepdf.Object) else b""
