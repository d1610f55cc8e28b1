"""The forms of intake."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.forms import UKMomentField
from consultations.models import Consultation
from consultations.uk_time import in_words
from review.models import ASIDE, BY_HAND, Intake
from submissions.fields import LineField, TextAnswerField
from submissions.files.refusals import LIMITS
from submissions.forms import FilesField, WholeForm
from submissions.models import Publication, Stance

from .texts import MAX_CHARACTERS

NOTHING_STATED = gettext_lazy("Nothing was said: we do not publish it")


class MomentInput(forms.SplitDateTimeWidget):
    """A day and a time, in the browser's own inputs."""

    def __init__(self):
        super().__init__(
            date_attrs={"type": "date", "aria-label": _("Day")},
            time_attrs={"type": "time", "aria-label": _("Time")},
            date_format="%Y-%m-%d",
            time_format="%H:%M",
        )


class DetailsForm(forms.ModelForm):
    """How evidence came, when, and from whom."""

    consultation = forms.ModelChoiceField(
        Consultation.objects.published(),
        label=gettext_lazy("Call for evidence"),
        empty_label=None,
    )
    channel = forms.ChoiceField(
        label=gettext_lazy("It came by"),
        choices=BY_HAND,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Select how it came")},
    )
    received_at = UKMomentField(
        label=gettext_lazy("Received"),
        help_text=gettext_lazy("UK time. By post: when it reached you."),
        widget=MomentInput,
        error_messages={"required": gettext_lazy("Enter when it was received")},
    )
    late_reason = TextAnswerField(
        label=gettext_lazy("If it came after closing: why it is accepted"),
        subject=gettext_lazy("The reason"),
        help_text=gettext_lazy("For staff. Leave it empty when it came in time."),
        max_characters=5000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    name = LineField(label=gettext_lazy("Name"), subject=gettext_lazy("The name"))
    organisation = LineField(
        label=gettext_lazy("Organisation"), subject=gettext_lazy("The organisation")
    )
    publication = forms.ChoiceField(
        label=gettext_lazy("What the sender said about publication"),
        help_text=gettext_lazy("As it was stated. If you are not sure, nothing was."),
        choices=[("", NOTHING_STATED), *Publication.choices],
        widget=forms.RadioSelect,
        required=False,
    )

    class Meta:
        model = Intake
        fields = [
            "consultation",
            "channel",
            "received_at",
            "late_reason",
            "name",
            "organisation",
            "on_behalf",
            "respondent_type",
            "holds_contracts",
            "email",
            "publication",
        ]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].help_text = _(
            "The reference and a link to check what we made of it go there. Without an "
            "address you can print a letter."
        )
        for name in ("on_behalf", "respondent_type", "holds_contracts"):
            _blank, *choices = self.fields[name].choices
            self.fields[name].choices = [("", _("Not given")), *choices]
        if self.instance.pk:
            # What is placed stands under the questions of one call.
            del self.fields["consultation"]

    def clean_received_at(self):
        received_at = self.cleaned_data["received_at"]
        if received_at > timezone.now():
            raise ValidationError(_("It cannot have come in the future"))
        return received_at

    def clean(self):
        data = super().clean()
        if not data.get("name") and not data.get("organisation"):
            self.add_error(
                "name", _("Enter a name or an organisation, as it is signed")
            )
        call = data.get("consultation") or (
            self.instance.consultation if self.instance.pk else None
        )
        received_at = data.get("received_at")
        if call is None or received_at is None or "late_reason" not in data:
            return data
        if received_at <= call.accepts_until:
            data["late_reason"] = ""
        elif not data["late_reason"]:
            words = _(
                "The call closed at %(moment)s. Enter why this is accepted late, or do not "
                "take it in"
            )
            self.add_error("late_reason", words % {"moment": in_words(call.closes_at)})
        return data


class OriginalsForm(WholeForm):
    """What came, as a text to paste, as files, or both."""

    text = TextAnswerField(
        label=gettext_lazy("Paste the text of an email"),
        subject=gettext_lazy("The text"),
        max_characters=MAX_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 12}),
    )
    title = LineField(
        label=gettext_lazy("What to call that text"),
        subject=gettext_lazy("The name"),
        help_text=gettext_lazy("As in: Email of 3 July"),
        max_characters=100,
    )
    files = FilesField(
        label=gettext_lazy("Upload files: Word, PDF, text, or scans"),
        help_text=LIMITS,
        required=False,
    )

    def clean(self):
        cleaned = super().clean()
        if not (cleaned.get("text") or cleaned.get("files") or self.errors):
            raise ValidationError(_("Paste a text, or select a file"))
        return cleaned


class TypedForm(WholeForm):
    text = TextAnswerField(
        label=gettext_lazy("What it says"),
        subject=gettext_lazy("The text"),
        help_text=gettext_lazy(
            "Word for word, with an empty line between paragraphs. Mark what you cannot "
            "read: [illegible]."
        ),
        max_characters=MAX_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 24}),
    )


class SendBackForm(WholeForm):
    reason = TextAnswerField(
        label=gettext_lazy("What is wrong"),
        subject=gettext_lazy("What is wrong"),
        max_characters=5000,
        required=True,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Enter what is wrong")},
    )


class PlacingForm(WholeForm):
    """Which paragraphs go where, and every text as it stands on the page.

    Any button keeps all texts, so that none is lost by pressing another.
    """

    words = TextAnswerField(max_characters=MAX_CHARACTERS)

    def __init__(self, *args, desk, **kwargs):
        super().__init__(*args, **kwargs)
        self.desk = desk
        self.fields["into"] = forms.ChoiceField(
            label=_("Put under"), choices=choices_of(desk), required=False
        )
        for name, read in desk.read_places.items():
            self._add_place(name, read)

    def _add_place(self, name, read):
        standing = read.transcription
        self.fields[f"text-{name}"] = TextAnswerField(
            label=_("Text under %(code)s") % {"code": title_of(read.place)},
            subject=_("The text"),
            initial=standing.text,
            widget=forms.Textarea(attrs={"rows": 4}),
        )
        self.fields[f"seen-{name}"] = forms.CharField(
            initial=standing.mark, widget=forms.HiddenInput
        )
        if read.place.version:
            self.fields[f"stance-{name}"] = forms.ChoiceField(
                label=_("Stance on %(code)s") % {"code": read.place.code},
                initial=standing.stance,
                choices=[("", _("None stated")), *Stance.choices],
                required=False,
            )

    def fields_of(self, name):
        """Return the bound fields of a place: text, seen and, or "", stance."""
        stance = f"stance-{name}"
        return {
            "text": self[f"text-{name}"],
            "seen": self[f"seen-{name}"],
            "stance": self[stance] if stance in self.fields else "",
        }

    def texts(self):
        """Return what `services.keep_texts` takes."""
        data = self.cleaned_data
        return {
            name: (
                data[f"text-{name}"],
                data.get(f"stance-{name}", ""),
                data[f"seen-{name}"],
            )
            for name in self.desk.read_places
        }

    def chosen(self):
        """Return the paragraphs that are ticked, as pairs of ids and numbers."""
        keys = (
            re.fullmatch(r"(\d{1,15})-(\d{1,9})", key)
            for key in self.data.getlist("paragraph")
        )
        return [(int(key[1]), int(key[2])) for key in keys if key]

    def take_for_seen(self, transcriptions):
        """Let the page that shows these, by place, be saved in their stead."""
        self.data = self.data.copy()
        for name, shown in transcriptions.items():
            self.data[f"seen-{name}"] = shown.mark


def title_of(place):
    return place.code or _("the principles as a whole")


def choices_of(desk):
    """Return the places in the groups of the call."""
    sections = [
        (
            str(section),
            [(one.place.name, _in_a_line(one.place.question)) for one in places],
        )
        for section, places in desk.sections
    ]
    principles = [
        (one.place.name, f"{one.place.code} {one.place.version.principle.title}")
        for one in desk.principles
    ]
    general = desk.general.place.name, _("The principles as a whole")
    return [
        ("", _("Choose a place")),
        *sections,
        (_("The draft principles"), [*principles, general]),
        (ASIDE, _("Set aside: not evidence (greeting, address, signature)")),
    ]


def _in_a_line(question):
    return f"{question.code} {Truncator(question.main_part).chars(90)}"
