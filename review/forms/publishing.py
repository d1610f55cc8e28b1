"""What a moderator fills in."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.forms import LinesField
from review.models import Reason
from submissions.models import Publication


class RedactForm(forms.Form):
    """Words to take out of one text, or all of it, and why."""

    place = forms.CharField(max_length=80)
    quote = LinesField(required=False, strip=False, max_length=200_000)
    start = forms.IntegerField(required=False, min_value=0, max_value=10**6)
    reason = forms.ChoiceField(
        choices=Reason.choices,
        error_messages={"required": gettext_lazy("Choose why it is taken out")},
    )
    words = LinesField(required=False, max_length=2_000)
    everywhere = forms.BooleanField(required=False)
    whole = forms.BooleanField(required=False)

    def clean(self):
        data = super().clean()
        if data.get("reason") == Reason.OTHER and not data.get("words"):
            self.add_error(None, _("Say in words why, when it is another reason"))
        if not data.get("whole") and not data.get("quote", "").strip():
            self.add_error(None, _("Enter the words to take out, or take it all out"))
        return data

    def how(self):
        """Return what `services.publishing.redact` takes, but for who did it."""
        data = self.cleaned_data
        how = {name: data[name] for name in ("place", "reason", "words")}
        if data["whole"]:
            return how
        return how | {
            "quote": data["quote"],
            "start": data["start"],
            "everywhere": data["everywhere"],
        }

    @property
    def in_words(self):
        """Its errors, a sentence each."""
        return [error for errors in self.errors.values() for error in errors]


class ReasonForm(forms.Form):
    reason = LinesField(
        label=gettext_lazy("Reason"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Enter a reason: it is kept")},
    )


class NarrowForm(ReasonForm):
    """Less than may be published now."""

    publication = forms.ChoiceField(
        label=gettext_lazy("From now on"),
        choices=[
            (one.value, one.label)
            for one in (Publication.WITHOUT_NAME, Publication.NOT)
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what may be published")},
    )
    field_order = ["publication", "reason"]


class ApproveForm(forms.Form):
    """What was read, and that files were opened too."""

    revision = forms.IntegerField(min_value=0, max_value=32_000)
    has_opened_files = forms.BooleanField(required=False)

    def __init__(self, *args, has_files, **kwargs):
        super().__init__(*args, **kwargs)
        self.has_files = has_files

    def clean(self):
        data = super().clean()
        if self.has_files and not data.get("has_opened_files"):
            raise ValidationError(
                _(
                    "Open each file first: it is published as it is, with all that is in it"
                )
            )
        return data
