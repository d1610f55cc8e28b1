"""What staff fill in about a call's emails and reminders."""

import re
import uuid

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.forms import UKMomentField
from submissions.email_wordings import check_wording
from submissions.fields import LineField, TextAnswerField
from submissions.models.emailing import MOST_STEPS

LONGEST_SUBJECT = 150
LONGEST_BODY = 10_000
EARLIEST_STEP = 90


class WordingForm(forms.Form):
    """How an email is worded, with the number of the version it was begun from."""

    subject = LineField(
        label=gettext_lazy("Subject"),
        subject=gettext_lazy("Subject"),
        max_characters=LONGEST_SUBJECT,
        required=True,
        error_messages={"required": gettext_lazy("Enter a subject")},
    )
    body = TextAnswerField(
        label=gettext_lazy("Text"),
        subject=gettext_lazy("Text"),
        max_characters=LONGEST_BODY,
        required=True,
        widget=forms.Textarea(attrs={"rows": 22}),
        error_messages={"required": gettext_lazy("Enter the text of the email")},
    )
    started_from = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    # Of one test: the browser may send the page twice.
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, letter, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.letter = letter

    def clean(self):
        data = super().clean()
        if "subject" in data and "body" in data:
            check_wording(self.letter, data["subject"], data["body"])
        return data


class LadderForm(forms.Form):
    """On how many days before closing drafts are reminded, as in "14, 7, 1"."""

    days = LineField(
        label=gettext_lazy("Days before closing"),
        subject=gettext_lazy("Days before closing"),
        max_characters=100,
        help_text=gettext_lazy(
            "As in “14, 7, 1”. Each goes out at 9am UK time. Leave it empty, and nobody "
            "is reminded."
        ),
    )

    def clean_days(self):
        typed = [
            part for part in re.split(r"[\s,;]+", self.cleaned_data["days"]) if part
        ]
        if not all(re.fullmatch(r"[0-9]{1,3}", part) for part in typed):
            raise ValidationError(_("Write whole numbers of days, like 14, 7, 1"))
        days = sorted({int(part) for part in typed}, reverse=True)
        if days and not 1 <= days[-1] <= days[0] <= EARLIEST_STEP:
            raise ValidationError(
                _("Write days from 1 to %(most)s") % {"most": EARLIEST_STEP}
            )
        if len(days) > MOST_STEPS:
            raise ValidationError(
                _("Write at most %(most)s days: more reminders than that annoy people")
                % {"most": MOST_STEPS}
            )
        return days


class MomentForm(forms.Form):
    """For which moment to try what the reminders would do."""

    at = UKMomentField(
        label=gettext_lazy("Moment"),
        help_text=gettext_lazy("UK time."),
        widget=forms.SplitDateTimeWidget(
            date_attrs={"type": "date"}, time_attrs={"type": "time"}
        ),
        error_messages={
            "required": gettext_lazy("Enter a date and a time"),
            "invalid": gettext_lazy("Enter a date and a time"),
        },
    )
