"""The difference between two wordings of a sentence, word by word."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher


@dataclass(frozen=True)
class Piece:
    """Some words in a row: "same", "removed" or "added"."""

    kind: str
    text: str


def difference(before, after):
    """Return the `Piece`s that lead from one wording to the other, in reading order.

    Words that changed places are removed and added; a change of spaces alone is none.
    """
    old, new = re.findall(r"\S+", before), re.findall(r"\S+", after)
    # The short text second: its words are what is looked up.
    matcher = SequenceMatcher(None, new, old, autojunk=False)
    pieces = []
    for kind, new_from, new_to, old_from, old_to in matcher.get_opcodes():
        if kind == "equal":
            pieces.append(Piece("same", " ".join(new[new_from:new_to])))
            continue
        if old_from < old_to:
            pieces.append(Piece("removed", " ".join(old[old_from:old_to])))
        if new_from < new_to:
            pieces.append(Piece("added", " ".join(new[new_from:new_to])))
    return pieces
