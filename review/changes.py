"""What a respondent changed between two sendings, text by text and word by word."""

import re
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from submissions.data import in_words
from submissions.wording import Piece, difference

DETAILS = {
    "on_behalf": gettext_lazy("Responding"),
    "name": gettext_lazy("Name"),
    "organisation": gettext_lazy("Organisation"),
    "respondent_type": gettext_lazy("Type of respondent"),
    "holds_contracts": gettext_lazy("Holds or bids for public service contracts"),
    "email": gettext_lazy("Email address"),
    "publication": gettext_lazy("Publication"),
    "signed_off_by": gettext_lazy("Signed off by"),
}
# Comparing words takes their numbers multiplied: a second for 3,000 by 3,000.
MOST_COMPARISONS = 3_000 * 3_000
# Of a stretch that stayed, this many words are shown at either end.
KEPT = 25


@dataclass(frozen=True)
class Change:
    heading: str
    before: str
    after: str
    # Where it stands on the reading page now; "" for what has no place there.
    place: str = ""

    @property
    def pieces(self):
        """The words that stayed, went and came, without long stretches that stayed."""
        return [_folded(piece) for piece in _compared(self.before, self.after)]


def between(before, after):
    """Return a `Change` for each text that differs between two revisions' contents."""
    old = {one[0]: one for one in _texts(in_words(before))}
    new = {one[0]: one for one in _texts(in_words(after))}
    names = [*new, *(name for name in old if name not in new)]
    found = []
    for name in names:
        _name, heading, _text = new.get(name) or old[name]
        texts = [side[name][2] if name in side else "" for side in (old, new)]
        if texts[0] != texts[1]:
            place = name if name in new and "-" in name else ""
            found.append(Change(heading, *texts, place=place))
    return found


def _texts(contents):
    """Yield the place or name of each text, its heading, and the text."""
    for name, heading in DETAILS.items():
        yield name, str(heading), contents[name]
    for answer in contents["answers"]:
        place = f"question-{answer['code'].replace('.', '-')}"
        yield place, f"{answer['code']} {answer['question']}", _said(answer)
    for principle in contents["principles"]:
        yield from _of_principle(principle)
    if contents["principles_as_a_whole"]:
        heading = _("The principles as a whole")
        yield "principles", heading, _said(contents["principles_as_a_whole"])
    yield from _items(contents["evidence_items"])
    yield "part-files", _("Files"), _names(contents["files"])


def _of_principle(principle):
    number, title = principle["number"], principle["title"]
    name = f"{number}-v{principle['version']}"
    heading = f"{number}. {title}"
    if comment := principle["comment"]:
        text = "\n".join(filter(None, [comment["stance"], _said(comment)]))
        yield f"principle-{name}", heading, text
    for sentence in principle["sentences"]:
        place = f"sentence-{name}-{sentence['number']}"
        of_sentence = _("Sentence %(number)s") % {"number": sentence["number"]}
        said = {"text": sentence["comment"], "confidence": sentence["confidence"]}
        yield place, f"{heading}: {of_sentence}", _said(said)
        wording = _("suggested wording")
        yield (
            f"{place}-wording",
            f"{heading}: {of_sentence}, {wording}",
            sentence["suggestion"],
        )


def _items(items):
    """Yield each item under its title; of two with one title the second as number 2."""
    seen = Counter()
    for item in items:
        title = item["title"] or _("Evidence without a title")
        seen[title] += 1
        said = [value for name, value in item.items() if name != "files" and value]
        lines = [", ".join(map(str, one)) if type(one) is list else one for one in said]
        text = "\n".join([*lines, _names(item["files"])])
        yield f"item {title} {seen[title]}", _("Evidence: %s") % title, text.strip()


def _names(files):
    return "\n".join(file["name"] for file in files)


def _said(said):
    return "\n".join(filter(None, [said["text"], said["confidence"]]))


def _compared(before, after):
    """Compare sentences first, then the words of those that differ."""
    old, new = _sentences(before), _sentences(after)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for kind, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        gone, come = " ".join(old[old_from:old_to]), " ".join(new[new_from:new_to])
        if kind == "equal":
            yield Piece("same", gone)
        elif len(gone.split()) * len(come.split()) <= MOST_COMPARISONS:
            yield from difference(gone, come)
        else:
            yield Piece("removed", gone)
            yield Piece("added", come)


def _sentences(text):
    return [one for one in re.split(r"(?<=[.!?])\s+|\n", text) if one.strip()]


def _folded(piece):
    words = piece.text.split()
    left_out = len(words) - 2 * KEPT
    if piece.kind != "same" or left_out < KEPT:
        return piece
    note = ngettext(
        "[… %(count)s word unchanged …]", "[… %(count)s words unchanged …]", left_out
    )
    note = note % {"count": f"{left_out:,}"}
    return Piece("same", " ".join([*words[:KEPT], note, *words[-KEPT:]]))
