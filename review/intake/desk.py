"""What the page shows on which an original's passages are placed: both its sides."""

from collections import defaultdict
from dataclasses import dataclass, field

from review.models import ASIDE, Original, PlacedParagraph, Transcription

from .places import Place, Places
from .texts import compared, flat, paragraphs


@dataclass(frozen=True)
class ReadParagraph:
    original: Original
    number: int
    # Across all originals of the intake: what staff call it.
    label: int
    text: str
    placed: list[PlacedParagraph]

    @property
    def key(self):
        """As it stands in the form and in addresses: 12-3."""
        return f"{self.original.pk}-{self.number}"


@dataclass(frozen=True)
class ReadOriginal:
    original: Original
    paragraphs: list[ReadParagraph]


@dataclass
class ReadPlace:
    place: Place
    transcription: Transcription
    # Paragraphs that were put here, each with the `PlacedParagraph` that says so.
    placed: list[tuple[ReadParagraph, PlacedParagraph]] = field(default_factory=list)
    # Pairs of a paragraph of the text and whether it stands so in an original.
    compared: list[tuple[str, bool]] = field(default_factory=list)

    @property
    def says_something(self):
        return bool(self.transcription.text or self.transcription.stance)

    @property
    def is_changed(self):
        return not all(is_same for _piece, is_same in self.compared)


class Desk:
    """An intake with its originals on one side and the questions on the other."""

    def __init__(self, intake):
        self.intake = intake
        transcriptions = {one.place: one for one in intake.transcriptions.all()}
        versions = [one.version_id for one in transcriptions.values() if one.version_id]
        self.places = Places(intake.consultation, versions)
        self.originals = self._originals()
        texts = [flat(one.original.text) for one in self.originals if one.paragraphs]
        self.has_texts = bool(texts)
        put = self._put()
        self.read_places = {
            name: self._place(place, transcriptions.get(name), put[name], texts)
            for name, place in self.places.by_name.items()
        }
        self.aside = put[ASIDE]

    def _originals(self):
        placed = defaultdict(list)
        rows = PlacedParagraph.objects.filter(original__intake=self.intake)
        for one in rows.order_by("pk"):
            one.code = self._code(one.place)
            placed[one.original_id, one.number].append(one)
        label, read = 0, []
        for original in self.intake.originals.select_related("stored"):
            found = []
            for number, text in enumerate(paragraphs(original.text), start=1):
                label += 1
                key = original.pk, number
                found.append(ReadParagraph(original, number, label, text, placed[key]))
            read.append(ReadOriginal(original, found))
        return read

    def _code(self, name):
        place = self.places.by_name.get(name)
        return place.code if place else ""

    def _put(self):
        put = defaultdict(list)
        for paragraph in self.paragraphs:
            for one in paragraph.placed:
                put[one.place].append((paragraph, one))
        return put

    def _place(self, place, transcription, placed, texts):
        transcription = transcription or Transcription(place=place.name)
        is_to_compare = texts and transcription.text
        found = compared(transcription.text, texts) if is_to_compare else []
        return ReadPlace(place, transcription, placed, found)

    @property
    def transcriptions(self):
        """Return what stands under each place, by its name."""
        return {name: read.transcription for name, read in self.read_places.items()}

    @property
    def paragraphs(self):
        return [one for original in self.originals for one in original.paragraphs]

    @property
    def unplaced(self):
        return [one for one in self.paragraphs if not one.placed]

    @property
    def sections(self):
        """Return pairs of a section and what stands under its questions."""
        return [
            (section, [self.read_places[place.name] for place in places])
            for section, places in self.places.sections
        ]

    @property
    def principles(self):
        return [self.read_places[place.name] for place in self.places.principles]

    @property
    def general(self):
        return self.read_places[self.places.general.name]

    @property
    def is_placed(self):
        """Whether anything could be checked."""
        return any(one.says_something for one in self.read_places.values())

    @property
    def has_changed_words(self):
        return any(one.is_changed for one in self.read_places.values())
