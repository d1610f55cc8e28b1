from django import forms
from django.utils.translation import gettext_lazy as _

from submissions import journey, reading, services
from submissions.forms import confidence_field

from .base import PartForm, confidence_name


class AttachedForm(PartForm):
    """What holds for each attached file: how it is published, and of what it is the source."""

    part = journey.EVIDENCE
    can_be_finished = False

    def add_fields(self):
        self.items = reading.evidence_items(self.submission)
        self.files = _by_name(self.submission)
        for name in self.files:
            self.fields[f"item-{name}"] = forms.ChoiceField(
                label=_("What is it the source of?"),
                choices=[("", _("My response as a whole"))]
                + [(item.key.hex, str(item)) for item in self.items],
                required=False,
                error_messages={"invalid_choice": _("Select one of the options")},
            )
            self.fields[confidence_name(name)] = confidence_field()

    def attached(self):
        """Return each file with its two bound fields."""
        return [
            {
                "file": attachment,
                "item": self[f"item-{name}"],
                "confidence": self[confidence_name(name)],
            }
            for name, attachment in self.files.items()
        ]

    def read(self, submission):
        now = _by_name(submission)
        values = {}
        for name, attachment in self.files.items():
            # One that was removed in the meantime takes no more choices.
            attachment = now.get(name, attachment)
            item = attachment.item
            values[f"item-{name}"] = item.key.hex if item else ""
            values[confidence_name(name)] = attachment.confidence
        return values

    def write(self, draft, values, saved):
        items = {item.key.hex: item for item in self.items}
        for name, attachment in self.files.items():
            choices = {}
            if f"item-{name}" in values:
                choices["item"] = items.get(values[f"item-{name}"])
            if confidence_name(name) in values:
                choices["confidence"] = values[confidence_name(name)]
            if choices:
                services.keep_file_choices(draft, attachment.key, choices)


def _by_name(submission):
    """Return the files by what stands for them in the names of fields: 32 digits.

    A guest has to do with those of his items alone, on their own pages.
    """
    if not submission.may_write(journey.EVIDENCE):
        return {}
    files = submission.attachments.select_related("stored", "item")
    return {attachment.key.hex: attachment for attachment in files}
