"""Deadlines: kept in UTC, written and shown as clocks in the UK show them."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.translation import gettext as _

from consultations.by_catalogue import kept_by_catalogue

UK = ZoneInfo("Europe/London")


def wall_clock_to_utc(moment):
    """Return, in UTC, the instant at which clocks in the UK show `moment`.

    Raises ValueError for a time that a change of the clocks skips or shows twice.
    """
    if moment.tzinfo:
        raise ValueError(_("write UK wall-clock time, without an offset"))
    before, after = (moment.replace(tzinfo=UK, fold=fold) for fold in (0, 1))
    if before.utcoffset() < after.utcoffset():
        raise ValueError(
            _("%(time)s does not exist on that day because the clocks go forward")
            % {"time": f"{moment:%H:%M}"}
        )
    if before.utcoffset() > after.utcoffset():
        raise ValueError(
            _("%(time)s happens twice on that day because the clocks go back")
            % {"time": f"{moment:%H:%M}"}
        )
    return before.astimezone(dt.UTC)


def in_words(moment):
    """Return a moment as in "11:59pm UK time on Friday 27 July 2018"."""
    local = moment.astimezone(UK)
    return _minute_in_words(local.replace(second=0, microsecond=0))


@kept_by_catalogue
def _minute_in_words(local):
    half = _("am") if local.hour < 12 else _("pm")
    day = f"{WEEKDAYS[local.weekday()]} {local.day} {MONTHS[local.month]} {local.year}"
    return _("%(time)s UK time on %(day)s") % {
        "time": f"{local.hour % 12 or 12}:{local.minute:02}{half}",
        "day": day,
    }
