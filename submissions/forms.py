"""The small forms; the pages that people write on are in parts.py."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .fields import AddressFormField
from .files.kinds import KINDS, MAX_BYTES
from .files.refusals import LIMITS, WORDS
from .models import Confidence


class WholeForm(forms.Form):
    """A form that arrived whole: its template ends with a hidden `_end`.

    A connection that breaks in the middle would otherwise save half an answer.
    """

    def clean(self):
        if "_end" not in self.data:
            raise ValidationError(
                _("Your connection was interrupted. Nothing was changed."),
                code="interrupted",
            )
        return super().clean()


def choice_field(choices, **kwargs):
    """Return radio buttons of which none need be chosen."""
    return forms.ChoiceField(
        choices=choices.choices,
        widget=forms.RadioSelect,
        required=False,
        error_messages={"invalid_choice": _("Select one of the options")},
        **kwargs,
    )


def confidence_field():
    """Return the choice beside one thing that is said; left alone, it is PUBLISH."""
    return forms.TypedChoiceField(
        choices=Confidence.choices,
        label=_("May we publish this?"),
        required=False,
        empty_value=Confidence.PUBLISH.value,
        error_messages={"invalid_choice": _("Select one of the options")},
    )


class FilesInput(forms.FileInput):
    allow_multiple_selected = True

    def __init__(self):
        accepted = ",".join(f".{extension}" for extension in KINDS)
        super().__init__({"multiple": True, "accept": accepted})

    def value_from_datadict(self, data, files, name):
        # A file that was sent without any name arrives as a text.
        text = data.get(name)
        return files.getlist(name) + ([text] if text else [])


class FilesField(forms.Field):
    """Files as they arrived in quarantine: nobody has looked into them yet."""

    widget = FilesInput
    default_error_messages = {"required": WORDS["none"]}

    def clean(self, value):
        super().clean(value)
        if any(isinstance(one, str) for one in value):
            raise ValidationError(WORDS["name"], code="name")
        return value


class UploadForm(WholeForm):
    # So that nobody waits for an upload that will be refused.
    max_bytes = MAX_BYTES
    too_large = WORDS["too-large"]

    files = FilesField(label=_("Add files"), help_text=LIMITS)


class SaveAndReturnForm(WholeForm):
    """Where to send the way back, and whether to remind."""

    email = AddressFormField(
        label=_("Your email address"),
        required=True,
        error_messages={"required": _("Enter your email address")},
    )
    wants_reminders = forms.BooleanField(
        required=False,
        label=_("Remind me before the call closes"),
        help_text=_(
            "At most three emails: 14 days, 7 days and 1 day before. You can stop them "
            "with one click."
        ),
    )
    leave = forms.BooleanField(
        required=False,
        label=_("Other people use this computer: close my response here"),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].widget.attrs["autocomplete"] = "email"


class LinkRequestForm(WholeForm):
    email = AddressFormField(
        label=_("The email address you gave us"),
        required=True,
        error_messages={"required": _("Enter your email address")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].widget.attrs["autocomplete"] = "email"


class SendForm(WholeForm):
    """The button under check answers."""
