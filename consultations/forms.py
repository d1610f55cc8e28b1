import datetime as dt

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from .uk_time import wall_clock_to_utc

FIRST_YEAR, LAST_YEAR = 2000, 2099


class LinesField(forms.CharField):
    """A text of several lines; browsers send \\r\\n, we keep \\n."""

    def to_python(self, value):
        return super().to_python(value).replace("\r\n", "\n")


class UKMomentField(forms.SplitDateTimeField):
    """A day and a time, as clocks in the UK show them; gives the moment in UTC."""

    def compress(self, data_list):
        if not data_list:
            return None
        if None in data_list:
            raise ValidationError(_("Enter both the date and the time"), code="half")
        day, clock = data_list
        if day.year > LAST_YEAR:
            raise ValidationError(_("The date must be before 2100"), code="too_late")
        if day.year < FIRST_YEAR:
            raise ValidationError(_("The date must be after 1999"), code="too_early")
        moment = dt.datetime.combine(day, clock)
        try:
            return wall_clock_to_utc(moment)
        except ValueError as error:
            raise ValidationError(
                _("%(problem)s. Choose %(before)s or %(after)s"),
                code="clock_change",
                params={"problem": error} | _around_the_hour_of(moment),
            ) from error


def _around_the_hour_of(moment):
    """Clocks in the UK change by one hour, on the hour."""
    hour = moment.replace(minute=0)
    return {
        "before": f"{hour - dt.timedelta(minutes=1):%H:%M}",
        "after": f"{hour + dt.timedelta(hours=1):%H:%M}",
    }
