"""What a file is called: shown as it was typed, and never used as a name in a folder."""

import re
import unicodedata

MAX_CHARACTERS = 200

# Stands for a name that shows nothing; cannot be the name of a file itself.
NAMELESS = "\0"

# Characters of no width that an emoji is made with: joiners, and the letters of flags.
IN_EMOJI = re.compile("[\u200d\U000e0020-\U000e007f]")

# What Windows takes for a device, whatever the extension.
DEVICE = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)


def clean(name):
    """Return the name to show: without folders, controls or marks that turn text around.

    "" for one that shows nothing. One that is too long keeps its extension.
    """
    name = re.split(r"[/\\]", name)[-1]
    name = "".join(filter(_is_shown, name))
    name = " ".join(name.split()).rstrip(". ")
    if not any(character.isprintable() for character in name):
        return ""
    return _shortened(name)


def _is_shown(character):
    category = unicodedata.category(character)
    is_hidden = category in ("Cc", "Cf", "Cs", "Zl", "Zp")
    return bool(IN_EMOJI.match(character)) or not is_hidden


def _shortened(name):
    if len(name) <= MAX_CHARACTERS:
        return name
    stem, dot, extension = name.rpartition(".")
    ending = f"{dot}{extension}" if len(extension) < 10 else ""
    stem = stem if ending else name
    return stem[: MAX_CHARACTERS - len(ending)] + ending


def extension_of(name):
    """Return what follows the last dot in small letters, "" without one."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def is_a_device(name):
    return bool(DEVICE.fullmatch(name))


def told_apart(name, others):
    """Return the name, or as in "Report (2).pdf" when there is such a file already."""
    stem, dot, extension = name.rpartition(".")
    stem, ending = (stem, dot + extension) if dot else (name, "")
    number, new = 1, name
    while new in others:
        number += 1
        new = f"{stem} ({number}){ending}"
    return new


def as_typed(name):
    """Return the name without the number by which `told_apart` told it apart."""
    return re.sub(r" \(\d+\)(?=\.[^.]*$|$)", "", name)
