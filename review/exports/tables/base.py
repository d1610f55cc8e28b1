"""What every table begins and ends with: who said it, and what staff made of it."""

from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from consultations.models import Question
from principles.models import PrincipleVersion
from review.exports import gathering
from review.models import Theme
from submissions.data import moment
from submissions.models import (
    Answer,
    Channel,
    HoldsContracts,
    OnBehalf,
    Publication,
    RespondentType,
    publication_of,
)


@dataclass(frozen=True)
class Column:
    heading: str
    # For the data dictionary.
    meaning: str


@dataclass(frozen=True)
class Row:
    """A table's own cells; staff's themes are those of the place, None for all."""

    cells: list[str]
    place: str | None = None


class Table:
    """Columns about the submission, then a table's own, then what staff made of it."""

    # Parts of gathering.py that its own columns are made of.
    own_needs = ()

    def __init__(self, consultation, *, with_email=False, with_review=True):
        self.consultation = consultation
        self.with_email = with_email
        self.with_review = with_review
        self.in_words = InWords()
        self._last = None

    @property
    def needs(self):
        return {*self.own_needs, *([gathering.reviewed] if self.with_review else [])}

    @cached_property
    def columns(self):
        return [
            *self._about_columns(),
            *self.own_columns(),
            *(review_columns() if self.with_review else []),
        ]

    @property
    def header(self):
        return [column.heading for column in self.columns]

    def rows(self, submission, evidence):
        """Return the cells of each row, as texts."""
        # A pack writes each row twice, as CSV and into its workbook.
        if self._last and self._last[0] is evidence:
            return self._last[1]
        about = self._about(submission, evidence)
        rows = [
            [*about, *row.cells, *self._reviewed(evidence, row.place)]
            for row in self.own_rows(submission, evidence)
        ]
        self._last = (evidence, rows)
        return rows

    # Asked for when the file is begun, and so of the same moment as its rows.
    @cached_property
    def questions(self):
        questions = Question.objects.filter(section__consultation=self.consultation)
        return list(questions.select_related("section"))

    @cached_property
    def versions(self):
        """Every version that was put out: a comment belongs to the text it was about."""
        return list(
            PrincipleVersion.objects.filter(principle__consultation=self.consultation)
            .order_by("principle__number", "number")
            .select_related("principle")
            .prefetch_related("sentences__version__principle")
        )

    @cached_property
    def sentences(self):
        """Return the sentences of each version, by its id."""
        return {version.pk: list(version.sentences.all()) for version in self.versions}

    @cached_property
    def themes(self):
        """Return each theme of the codebook by its id, with what it is part of."""
        themes = Theme.objects.filter(consultation=self.consultation)
        return {theme.pk: theme for theme in themes.select_related("parent")}

    def _about_columns(self):
        email = Column(_("Email address"), _("As the respondent gave it."))
        return [*about_columns(), *([email] if self.with_email else [])]

    def _about(self, submission, evidence):
        label = self.in_words.label
        return [
            submission.reference,
            moment(submission.submitted_at),
            moment(evidence.received_at) or "",
            self.in_words.late if submission.is_late else "",
            label(Channel, submission.channel),
            label(OnBehalf, submission.on_behalf),
            submission.name,
            submission.organisation,
            label(RespondentType, submission.respondent_type),
            label(HoldsContracts, submission.holds_contracts),
            label(Publication, submission.publication),
            moment(submission.published_at) or "",
            " ".join(evidence.public_ids),
            *([submission.email] if self.with_email else []),
        ]

    def _reviewed(self, evidence, place):
        if not self.with_review:
            return []
        found = [one for one in evidence.themes if place in (None, one.place)]
        names = {self.themes[one.theme].name for one in found}
        notes = [
            f"{moment(note.written_at)} {note.author}: {note.text}"
            for note in evidence.notes
        ]
        return [
            "; ".join(sorted(names)),
            "\n\n".join(notes),
            evidence.assigned_to,
        ]


def about_columns():
    return [
        Column(_("Reference"), _("The code on the respondent's receipt.")),
        Column(_("Sent at"), _("When it was sent first; UTC, ISO 8601.")),
        Column(
            _("Received at"),
            _("When a letter or an email came that staff took in; UTC, ISO 8601."),
        ),
        Column(_("Late"), _("“Late” when it was accepted after closing.")),
        Column(_("Channel"), _("How it reached us.")),
        Column(_("Responding"), _("For an organisation or as an individual.")),
        Column(_("Name"), _("As the respondent gave it.")),
        Column(_("Organisation"), _("As the respondent gave it.")),
        Column(_("Type of respondent"), _("As the respondent chose.")),
        Column(
            _("Holds or bids for public service contracts"),
            _("As the respondent chose."),
        ),
        Column(
            _("Publication"),
            _("The choice for the whole response; without one nothing is published."),
        ),
        Column(_("Published at"), _("When it was published; UTC, ISO 8601.")),
        Column(
            _("Public ids"),
            _("What the public reads it under: two when parts of it have no name."),
        ),
    ]


def review_columns():
    return [
        Column(
            _("Themes"),
            _(
                "Themes that staff put on this place, or in a row for a whole "
                "submission on any place of it."
            ),
        ),
        Column(
            _("Notes"), _("Staff's own notes about the submission; never published.")
        ),
        Column(_("Assigned to"), _("Whose it is to read.")),
    ]


def place_column():
    return Column(
        _("Place"),
        _("Names the text in every file and in JSON, as in question-1-4."),
    )


def may_be_published_column():
    return Column(
        _("May be published"),
        _("The stricter of the choice for the whole response and for this text."),
    )


def publication_in(submission, confidence):
    """Return the `Publication` that holds for one text."""
    return publication_of(submission, Answer(confidence=confidence))


class InWords:
    """Choices as people read them: asked of the catalogue once, not in every row."""

    def __init__(self):
        self.late = _("Late")
        self._labels = {}
        self._published = {}

    def label(self, choices, value):
        """Return the words for a value of these choices, "" for none."""
        if (choices, value) not in self._labels:
            # A value that is no choice any more stands for itself.
            labels = dict(choices.choices)
            self._labels[choices, value] = str(labels.get(value, value))
        return self._labels[choices, value]

    def may_be_published(self, submission, confidence):
        """Return in words what the respondent wants to happen with one text."""
        chosen = (submission.publication, confidence)
        if chosen not in self._published:
            publication = publication_in(submission, confidence)
            self._published[chosen] = str(publication.in_short)
        return self._published[chosen]


def code_of(version):
    return f"P{version.principle.number}"


def place_of(version):
    return f"principle-{version.principle.number}-v{version.number}"


def sentence_code(sentence):
    """Return as in "P4v1.2": the second sentence of principle 4 in its first version."""
    version = sentence.version
    return f"{code_of(version)}v{version.number}.{sentence.number}"


def title_of(version):
    """Return as in "Think local first (version 1)": a comment is about one wording."""
    return _("%(title)s (version %(number)s)") % {
        "title": version.principle.title,
        "number": version.number,
    }
