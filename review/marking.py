"""What staff marked in what respondents said, ready to be shown text by text."""

from collections import defaultdict
from dataclasses import dataclass

from review.models import ThemedPassage
from review.passages import Mark, Segment, marks_on, segments

# How many themes a member of staff finds at hand, and how far back these are looked for.
AT_HAND, LOOKED_AT = 5, 40


@dataclass(frozen=True)
class MarkedText:
    """One text in pieces, and the passages in it; on words they bear a number."""

    pieces: list[Segment]
    marks: list[Mark]
    # On all of the text.
    whole: list[ThemedPassage]
    # The text has changed since, and their words are nowhere in it.
    lost: list[ThemedPassage]

    @property
    def themes(self):
        return [*self.whole, *(mark.passage for mark in self.marks), *self.lost]


class Marking:
    """The marks on the texts of some submissions; one query."""

    def __init__(self, submissions):
        self._passages = defaultdict(list)
        found = ThemedPassage.objects.filter(submission__in=submissions)
        for passage in found.select_related("theme", "added_by").order_by(
            "start", "end", "theme__name"
        ):
            self._passages[passage.submission_id, passage.place].append(passage)

    def on(self, submission, said):
        """Return the `MarkedText` of a `SaidText`."""
        passages = self._passages.get((submission.pk, said.place), [])
        whole = [passage for passage in passages if passage.is_whole]
        on_words = [passage for passage in passages if not passage.is_whole]
        marks, lost = marks_on(said.text, on_words)
        marks.sort(key=lambda mark: (mark.start, mark.end))
        for number, mark in enumerate(marks, 1):
            mark.passage.number = number
        return MarkedText(segments(said.text, marks), marks, whole, lost)

    def without_text(self, submission, places):
        """Return the passages of a submission whose text is not there any more."""
        return [
            passage
            for (pk, place), passages in self._passages.items()
            if pk == submission.pk and place not in places
            for passage in passages
        ]

    def themes_in(self, submission):
        """Return each theme of a submission with its passages, in order of names."""
        themes = defaultdict(list)
        for (pk, _place), passages in self._passages.items():
            if pk == submission.pk:
                for passage in passages:
                    themes[passage.theme].append(passage)
        return sorted(themes.items(), key=lambda item: item[0].name)


def themes_at_hand(user, consultation):
    """Return the themes that a member of staff put on last."""
    lately = ThemedPassage.objects.filter(
        added_by=user, theme__consultation=consultation
    ).order_by("-pk")
    themes = [passage.theme for passage in lately.select_related("theme")[:LOOKED_AT]]
    return list(dict.fromkeys(themes))[:AT_HAND]
