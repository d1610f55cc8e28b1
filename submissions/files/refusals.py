"""What is accepted, and why a file is not, in words."""

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from .kinds import MAX_BYTES, MAX_BYTES_TOGETHER, MAX_FILES, MEGABYTE

ACCEPTED = _(
    "a PDF, Word, OpenDocument, Excel, CSV or text file, or an image (JPG, PNG, GIF, "
    "WebP or TIFF)"
)
EACH = MAX_BYTES // MEGABYTE
TOGETHER = MAX_BYTES_TOGETHER // MEGABYTE

LIMITS = format_lazy(
    _(
        "Each must be {accepted}, smaller than {each}MB. Up to {files} files, smaller "
        "than {together}MB together."
    ),
    accepted=ACCEPTED,
    each=EACH,
    files=MAX_FILES,
    together=TOGETHER,
)

WORDS = {
    "none": _("Select a file"),
    "name": _("The selected file must have a name"),
    "device": _(
        "The selected file has a name that some computers cannot open. Rename it, then "
        "select it again"
    ),
    "empty": _("The selected file is empty"),
    "too-large": format_lazy(
        _("The selected file must be smaller than {each}MB"), each=EACH
    ),
    "too-many": format_lazy(_("You can upload up to {files} files"), files=MAX_FILES),
    "too-much": format_lazy(
        _("Your files together must be smaller than {together}MB"), together=TOGETHER
    ),
    "type": format_lazy(_("The selected file must be {accepted}"), accepted=ACCEPTED),
    "macros": _("Files with macros are not allowed"),
    "password": _("The selected file is protected with a password. Remove it first"),
    "pixels": _("The selected image must have 50 million pixels or fewer"),
    "unpacks": _(
        "The selected file holds too much, or other archives, when it is unpacked"
    ),
    "damaged": _(
        "The selected file is damaged, or cannot be read safely. Open it, save it under "
        "another name, then select that one"
    ),
    "virus": _("The selected file contains a virus"),
    "unchecked": _(
        "We could not check your file. Your answers are saved. Try again in a few minutes"
    ),
    "away": _(
        "We could not keep your file. Your answers are saved. Try again in a few minutes"
    ),
    "no-room": _(
        "We have no room for files just now. Your answers are saved. Try again in a few "
        "hours"
    ),
}


class Unacceptable(Exception):
    """A file was not kept; the code is one of `WORDS`."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code
