import re
import uuid

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from submissions import calls, journey, places, services
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


def details_field():
    return TextAnswerField(
        label=_("What does it say?"),
        help_text=_("In your own words, or quoted. As long or short as you like."),
    )


class ItemForm(PartForm):
    """One piece of evidence; a new one is made by its first save.

    `beside` is the name of where it was asked for: a new item is used there. A guest may
    use it on the questions and principles of his parts; where else it is used stays.
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

    def __init__(self, *args, key, beside="", **kwargs):
        self.key = key
        self.beside = beside
        self.part = item_part(key)
        super().__init__(*args, **kwargs)

    def add_fields(self):
        self.item = self.submission.items.filter(key=self.key).first()
        # Named by the item, because earlier texts are kept by the name of their field.
        self.details = f"details-{self.key.hex}"
        self.fields[self.details] = details_field()
        self.order_fields(["title", "kind", self.details])
        call = calls.of(self.submission)
        self.questions = {
            question.slug: question
            for section in call.sections.all()
            if self._may_use_on(journey.section_part(section))
            for question in section.questions.all()
        }
        self.principles = {
            str(principle.number): principle
            for principle in call.principles.all()
            if self._may_use_on(journey.PRINCIPLES)
        }
        self.fields["questions"].choices = [
            (slug, f"{question.code} {question.main_part}")
            for slug, question in self.questions.items()
        ]
        self.fields["principles"].choices = [
            (number, str(principle)) for number, principle in self.principles.items()
        ]

    def _may_use_on(self, part):
        may_write = self.submission.may_write
        return may_write(part) or may_write(journey.EVIDENCE)

    @property
    def url(self):
        return places.url_of_item(self.submission, self.key)

    def what_it_says(self):
        return self[self.details]

    def places_in_words(self):
        """Return as in "1.4, 2.1, Principle 3" where it is used, or is to be."""
        questions = self["questions"].value() or []
        principles = self["principles"].value() or []
        return ", ".join(
            [
                *(q.code for slug, q in self.questions.items() if slug in questions),
                *(
                    gettext("Principle %(number)s") % {"number": number}
                    for number in self.principles
                    if number in principles
                ),
            ]
        )

    def clean(self):
        """Refuse to take away the last place by which a guest would find it again."""
        cleaned = super().clean()
        is_used = any(cleaned.get(name) for name in ("questions", "principles"))
        if not (is_used or self.submission.may_write(journey.EVIDENCE)):
            self.add_error(
                "questions" if self.questions else "principles",
                _("Select at least one, so that you find this evidence again"),
            )
        return cleaned

    def read(self, submission):
        item = submission.items.filter(key=self.key).first()
        used = item or EvidenceItem(submission=submission)
        values = {
            name: getattr(used, name)
            for name in self.written
            if name not in (self.details, "questions", "principles")
        }
        places_of_it = self._places_of(item) if item else self._asked_for()
        return values | {self.details: used.details} | places_of_it

    def _places_of(self, item):
        slugs = [one.slug for one in item.questions.all()]
        numbers = [str(one.number) for one in item.principles.all()]
        return {
            "questions": [slug for slug in slugs if slug in self.questions],
            "principles": [number for number in numbers if number in self.principles],
        }

    def _asked_for(self):
        place = places.find(self.submission, self.beside)
        return {
            "questions": [slug for slug, one in self.questions.items() if one == place],
            "principles": [
                number for number, one in self.principles.items() if one == place
            ],
        }

    def write(self, draft, values, saved):
        item = draft.items.filter(key=self.key).first()
        # A new one is written whole: it is used where it was asked for.
        details = dict(values) if item else saved | values
        if self.details in details:
            details["details"] = details.pop(self.details)
        for name, offered in (
            ("questions", self.questions),
            ("principles", self.principles),
        ):
            if name in details:
                used_on = getattr(item, name).all() if item else []
                elsewhere = [one for one in used_on if one not in offered.values()]
                chosen = [offered[code] for code in details[name]]
                details[name] = chosen + elsewhere
        services.keep_item(draft, self.key, details)

    def in_words(self, name, value):
        if isinstance(value, list):
            choices = dict(self.fields[name].choices)
            return "\n".join(str(choices[one]) for one in value) or _("(nothing)")
        return super().in_words(name, value)
