import re
import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from consultations.models import Question
from submissions import places, services
from submissions.fields import LineField, LinkField, TextAnswerField
from submissions.files.refusals import LIMITS
from submissions.forms import FilesField, choice_field, confidence_field
from submissions.models import EvidenceItem, EvidenceKind, MayQuote, Shows

from .base import PartForm


def item_part(key):
    """Return the code of an item's page: item- and the key's 32 digits."""
    return f"item-{key.hex}"


def key_of_item_part(code):
    """Return the key that `item_part` named, or None for another part's code."""
    found = re.fullmatch(r"item-([0-9a-f]{32})", code)
    return found and uuid.UUID(found[1])


class ItemForm(PartForm):
    """One piece of evidence; a new one is made by its first save.

    `place` is the name of where it was asked for: a new item is ticked there.
    """

    can_be_finished = False

    title = LineField(
        label=_("What would you call this evidence?"),
        subject=_("The title"),
        required=True,
        error_messages={"required": _("Enter a title")},
        help_text=_("For example: Evaluation of our befriending service, 2017."),
    )
    kind = choice_field(EvidenceKind, label=_("What kind of evidence is it?"))
    shows = choice_field(Shows, label=_("What does it do for the case you are making?"))
    service = LineField(
        label=_("Which service is it about?"),
        subject=_("The service"),
        help_text=_("For example: adult social care."),
    )
    place = LineField(
        label=_("Which place is it about?"),
        subject=_("The place"),
        help_text=_("For example: Calderdale."),
    )
    period = LineField(
        label=_("Which period is it about?"),
        subject=_("The period"),
        help_text=_("For example: April 2015 to March 2018."),
    )
    source_url = LinkField(
        label=_("Where can it be read?"),
        subject=_("The web address"),
        help_text=_("A web address, if it is public."),
    )
    may_quote = choice_field(MayQuote, label=_("May we quote from it?"))
    confidence = confidence_field()
    files = FilesField(
        label=_("Attach the source, if you have it as a file"),
        help_text=LIMITS,
        required=False,
    )
    questions = forms.MultipleChoiceField(
        label=_("Questions it answers"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Select from the questions of this call")},
    )
    principles = forms.MultipleChoiceField(
        label=_("Draft principles it is about"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Select from the principles of this call")},
    )

    def __init__(self, *args, key, place="", **kwargs):
        self.key = key
        self.part = item_part(key)
        super().__init__(*args, **kwargs)
        if self.item is None:
            self._tick(place)

    def add_fields(self):
        self.item = self.submission.items.filter(key=self.key).first()
        # Named by the item, because earlier texts are kept by the name of their field.
        self.details = f"details-{self.key.hex}"
        self.fields[self.details] = TextAnswerField(
            label=_("What does it say?"),
            help_text=_("In your own words, or quoted. As long or short as you like."),
        )
        self.order_fields(["title", "kind", self.details])
        sections = self.submission.consultation.sections.prefetch_related("questions")
        self.questions = {
            question.slug: question
            for section in sections
            for question in section.questions.all()
        }
        self.principles = {
            str(principle.number): principle
            for principle in self.submission.consultation.principles.all()
        }
        self.fields["questions"].choices = [
            (slug, f"{question.code} {question.main_part}")
            for slug, question in self.questions.items()
        ]
        self.fields["principles"].choices = [
            (number, str(principle)) for number, principle in self.principles.items()
        ]

    def what_it_says(self):
        return self[self.details]

    def has_places(self):
        """Whether it is used anywhere yet, or is to be."""
        return bool(self["questions"].value() or self["principles"].value())

    def _tick(self, name):
        """Tick where a new item was asked for."""
        place = places.find(self.submission, name)
        if isinstance(place, Question):
            self.initial["questions"] = [place.slug]
        elif place:
            self.initial["principles"] = [str(place.number)]

    def read(self, submission):
        item = submission.items.filter(key=self.key).first()
        used = item or EvidenceItem(submission=submission)
        values = {
            name: getattr(used, name)
            for name in self.written
            if name not in (self.details, "questions", "principles")
        }
        return values | {
            self.details: used.details,
            "questions": [one.slug for one in used.questions.all()] if item else [],
            "principles": (
                [str(one.number) for one in used.principles.all()] if item else []
            ),
        }

    def write(self, draft, values):
        details = dict(values)
        if self.details in details:
            details["details"] = details.pop(self.details)
        if "questions" in details:
            details["questions"] = [
                self.questions[slug] for slug in values["questions"]
            ]
        if "principles" in details:
            details["principles"] = [
                self.principles[number] for number in values["principles"]
            ]
        services.keep_item(draft, self.key, details)

    def in_words(self, name, value):
        if isinstance(value, list):
            choices = dict(self.fields[name].choices)
            return "\n".join(str(choices[one]) for one in value) or _("(nothing)")
        return super().in_words(name, value)
