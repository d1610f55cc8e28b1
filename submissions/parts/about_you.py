from django.utils.translation import gettext_lazy as _

from consultations.addresses import AddressFormField
from submissions import journey, services
from submissions.fields import LineField
from submissions.forms import choice_field
from submissions.models import HoldsContracts, OnBehalf, Publication, RespondentType

from .base import PartForm


class AboutYouForm(PartForm):
    part = journey.ABOUT_YOU

    on_behalf = choice_field(OnBehalf, label=_("Are you responding …"))
    name = LineField(label=_("Your name"), subject=_("Your name"))
    organisation = LineField(
        label=_("Name of your organisation"),
        subject=_("Name of your organisation"),
        help_text=_("Leave this empty if you are responding as an individual."),
    )
    respondent_type = choice_field(
        RespondentType, label=_("Which of these describes you best?")
    )
    holds_contracts = choice_field(
        HoldsContracts,
        label=_(
            "Do you or your organisation hold or bid for public service contracts?"
        ),
    )
    email = AddressFormField(
        label=_("Your email address"),
        help_text=_(
            "We send you a copy of your reference, and a link to come back if you ask "
            "for one. We do not publish it."
        ),
    )
    publication = choice_field(
        Publication,
        label=_("How may we use your response?"),
        help_text=_("Choose before you send. Until then nothing may be published."),
    )

    def add_fields(self):
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        self.fields["organisation"].widget.attrs["autocomplete"] = "organization"
        self.fields["email"].widget.attrs["autocomplete"] = "email"
        if self.submission.guest:
            # Whoever may change the address can have the whole response mailed to it.
            del self.fields["email"]

    def read(self, submission):
        return {name: getattr(submission, name) for name in self.written}

    def write(self, draft, values, saved):
        services.keep_details(draft, values)
