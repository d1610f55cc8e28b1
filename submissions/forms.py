"""The small forms; the pages that people write on are in parts.py."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .fields import AddressFormField, AddressOrReferenceField, TextAnswerField
from .models import Confidence, Publication


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
    email = AddressOrReferenceField(
        label=_("The email address you gave us, or your reference"),
        help_text=_(
            "With a reference, the link goes to the address that was given with it."
        ),
        required=True,
        error_messages={"required": _("Enter your email address or your reference")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].widget.attrs["autocomplete"] = "email"


class SendForm(WholeForm):
    """The button under check answers."""


class PublicationForm(WholeForm):
    """The choice for a whole response, made again after sending."""

    publication = choice_field(Publication, label=_("How may we use your response?"))

    def clean_publication(self):
        chosen = self.cleaned_data["publication"]
        if not chosen:
            raise ValidationError(_("Choose how we may use your response"))
        return chosen


class LateRequestForm(WholeForm):
    """Asks staff to accept a draft after closing; for an address if it has none yet."""

    reason = TextAnswerField(
        label=_("Why do you need more time?"),
        help_text=_("Only the people at Locality who decide about it read this."),
        subject=_("Your reason"),
        max_characters=5000,
        required=True,
        error_messages={"required": _("Enter why you need more time")},
    )
    email = AddressFormField(
        label=_("Your email address"),
        help_text=_("We write to you when it is decided. We do not publish it."),
        required=True,
        error_messages={"required": _("Enter an email address: we must answer you")},
    )

    def __init__(self, *args, submission, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].widget.attrs["autocomplete"] = "email"
        if submission.email:
            del self.fields["email"]
