"""The small forms; the pages that people write on are in parts/."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from consultations.addresses import AddressFormField

from . import journey
from .fields import AddressOrReferenceField, LineField, TextAnswerField
from .files.kinds import KINDS, MAX_BYTES
from .files.refusals import LIMITS, WORDS
from .models import Confidence, Publication

INVITATIONS_PER_SUBMISSION = 20


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


MAY_WE_PUBLISH = _("May we publish this?")


def confidence_field(choices=Confidence.choices, label=MAY_WE_PUBLISH):
    """Return the choice beside one thing that is said; left alone, it is PUBLISH."""
    return forms.TypedChoiceField(
        choices=choices,
        label=label,
        required=False,
        empty_value=Confidence.PUBLISH.value,
        error_messages={"invalid_choice": _("Select one of the options")},
    )


def confidence_fields(names):
    """Return such a choice for each name: their words are looked up once, not for each."""
    choices = [(value, str(label)) for value, label in Confidence.choices]
    label = str(MAY_WE_PUBLISH)
    return {name: confidence_field(choices, label) for name in names}


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
    """The button under check answers, and who signs off what several people wrote."""

    signed_off_by = LineField(
        label=_("Who signs this off for the organisation?"),
        subject=_("The name"),
        help_text=_("You invited others to write in it. We do not publish this name."),
        required=True,
        error_messages={
            "required": _("Enter the name of the person who signs this off")
        },
    )

    def __init__(self, *args, is_shared, **kwargs):
        super().__init__(*args, **kwargs)
        if not is_shared:
            del self.fields["signed_off_by"]


class InvitationForm(WholeForm):
    """Whom to invite, and to which parts."""

    colleague_name = LineField(
        label=_("Your colleague's name"),
        subject=_("The name"),
        required=True,
        error_messages={"required": _("Enter your colleague's name")},
    )
    colleague_email = AddressFormField(
        label=_("Your colleague's email address (optional)"),
        help_text=_(
            "We send the link there. Without an address we show it to you, to pass on "
            "as you like."
        ),
    )
    parts = forms.MultipleChoiceField(
        label=_("Which parts may your colleague see and write in?"),
        help_text=_("Evidence beside the questions of a part always comes with it."),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Select at least one part"),
            "invalid_choice": _("Select from the parts of this response"),
        },
    )

    def __init__(self, *args, draft, **kwargs):
        super().__init__(*args, **kwargs)
        self.draft = draft
        self.fields["parts"].choices = journey.titles(draft.consultation).items()

    def clean(self):
        cleaned = super().clean()
        standing = self.draft.invitations.standing()
        if standing.count() >= INVITATIONS_PER_SUBMISSION:
            raise ValidationError(
                _(
                    "You can invite up to %(limit)s people. Withdraw an invitation "
                    "first."
                ),
                code="too_many",
                params={"limit": INVITATIONS_PER_SUBMISSION},
            )
        name = cleaned.get("colleague_name", "")
        if standing.filter(name__iexact=name).exists():
            self.add_error(
                "colleague_name",
                _("You have invited somebody of this name. Give them a new link above"),
            )
        return cleaned


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
