"""The boxes that staff type into; a text is tidied the same way in those of respondents."""

import datetime as dt
import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .uk_time import wall_clock_to_utc

FIRST_YEAR, LAST_YEAR = 2000, 2099
SHORT_YEAR = re.compile(r"\s*\d{1,2}/\d{1,2}/\d{2}\s*")


# C0 and C1 controls but tab and newline: they come along with text pasted from Word and
# PDF, show nothing, and break XML and spreadsheets. NUL is refused before this.
CONTROLS = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def tidy(text):
    """Return the text as it is stored: line ends are \\n, and no control characters."""
    return CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


class LinesField(forms.CharField):
    """A text of several lines, tidied as what respondents write is."""

    def to_python(self, value):
        # Before the spaces around it go: some may stand behind what is taken out.
        return super().to_python(tidy(value) if isinstance(value, str) else value)


class SmallNumberField(forms.IntegerField):
    """A whole number that its column holds: 1.0, +1 and digits of any script are 1."""

    default_error_messages = {
        "invalid": gettext_lazy("Enter a whole number, such as 3"),
        "max_value": gettext_lazy("The number must be %(limit_value)s or fewer"),
        "min_value": gettext_lazy("The number must be %(limit_value)s or more"),
    }

    def __init__(self, *, min_value=0, max_value=32_767, **kwargs):
        super().__init__(min_value=min_value, max_value=max_value, **kwargs)

    def to_python(self, value):
        # Python reads 1_000 as a thousand; no person writes one so.
        if "_" in str(value):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)


class DayField(forms.DateField):
    """A day from 2000 to 2099, with all four numbers of its year."""

    default_error_messages = {
        "invalid": gettext_lazy("Enter a real date, such as 27/07/2027"),
    }

    def to_python(self, value):
        refuse_short_year(value)
        day = super().to_python(value)
        if day:
            refuse_other_centuries(day)
        return day


class UKMomentField(forms.SplitDateTimeField):
    """A day and a time, as clocks in the UK show them; gives the moment in UTC."""

    default_error_messages = {
        "invalid_date": gettext_lazy("Enter a real date, such as 27/07/2027"),
        "invalid_time": gettext_lazy("Enter a real time, such as 23:59"),
    }

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        # The label of the field is nobody's: there are two boxes.
        for box, words in zip(self.widget.widgets, (_("Date"), _("Time")), strict=True):
            box.attrs["aria-label"] = f"{self.label}: {words}" if self.label else words

    def clean(self, value):
        refuse_short_year(value and value[0])
        return super().clean(value)

    def compress(self, data_list):
        if not data_list:
            return None
        if None in data_list:
            raise ValidationError(_("Enter both the date and the time"), code="half")
        day, clock = data_list
        refuse_other_centuries(day)
        moment = dt.datetime.combine(day, clock)
        try:
            return wall_clock_to_utc(moment)
        except ValueError as error:
            raise ValidationError(
                _("%(problem)s. Choose %(before)s or %(after)s"),
                code="clock_change",
                params={"problem": error} | _around_the_hour_of(moment),
            ) from error


def refuse_short_year(typed):
    """Django takes 27 for 2027, and 69 for 1969."""
    if isinstance(typed, str) and SHORT_YEAR.fullmatch(typed):
        raise ValidationError(_("Year must include 4 numbers"), code="short_year")


def refuse_other_centuries(day):
    if day.year > LAST_YEAR:
        raise ValidationError(_("The date must be before 2100"), code="too_late")
    if day.year < FIRST_YEAR:
        raise ValidationError(_("The date must be after 1999"), code="too_early")


def _around_the_hour_of(moment):
    """Clocks in the UK change by one hour, on the hour."""
    hour = moment.replace(minute=0)
    return {
        "before": f"{hour - dt.timedelta(minutes=1):%H:%M}",
        "after": f"{hour + dt.timedelta(hours=1):%H:%M}",
    }
