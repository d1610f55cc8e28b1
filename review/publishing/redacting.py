"""Words taken out of texts: where they stand, and what the public reads instead."""

from collections import defaultdict
from dataclasses import dataclass

from review import passages


@dataclass(frozen=True)
class Piece:
    """Some characters of a text, and the redaction that takes them out, if one does."""

    text: str
    redaction: object = None


class Redactions:
    """The standing redactions of one response."""

    def __init__(self, redactions):
        self._by_place = defaultdict(list)
        for redaction in redactions:
            self._by_place[redaction.place].append(redaction)

    def pieces(self, place, text):
        """Return the `Piece`s of a text; their texts joined are the text.

        Where redactions overlap the one made first gives the reason for all of it.
        """
        marks, _lost = passages.marks_on(text, self._by_place[place])
        pieces = []
        for segment in passages.segments(text, marks):
            before = pieces[-1] if pieces else Piece("")
            redaction = _reason_for(segment, before.redaction)
            if redaction and redaction is before.redaction:
                pieces[-1] = Piece(before.text + segment.text, redaction)
            else:
                pieces.append(Piece(segment.text, redaction))
        return pieces

    def public(self, place, text):
        """Return the text as anyone may read it."""
        return "".join(
            piece.redaction.in_public if piece.redaction else piece.text
            for piece in self.pieces(place, text)
        )

    def takes_out(self, place):
        """Whether something is redacted in a place: of a file this means all of it."""
        return bool(self._by_place[place])

    def lost_from(self, texts):
        """Return those whose words stand no more in these texts, {place: text}."""
        return [
            redaction
            for place, redactions in self._by_place.items()
            for redaction in passages.marks_on(texts.get(place, ""), redactions)[1]
        ]


def _reason_for(segment, before):
    """Return the redaction that is shown for a segment: the one before it, if it goes on."""
    redactions = [mark.passage for mark in segment.marks]
    if before in redactions:
        return before
    return min(redactions, key=lambda one: one.made_at, default=None)
