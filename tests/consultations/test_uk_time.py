import datetime as dt

import pytest

from consultations.uk_time import in_words, wall_clock_to_utc


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (
            dt.datetime(2018, 7, 27, 22, 59, tzinfo=dt.UTC),
            "11:59pm UK time on Friday 27 July 2018",
        ),
        (
            dt.datetime(2026, 12, 1, 12, 0, tzinfo=dt.UTC),
            "12:00pm UK time on Tuesday 1 December 2026",
        ),
        (
            dt.datetime(2026, 12, 1, 0, 5, tzinfo=dt.UTC),
            "12:05am UK time on Tuesday 1 December 2026",
        ),
        # An hour before midnight in UTC is the next day in summer.
        (
            dt.datetime(2026, 6, 30, 23, 0, tzinfo=dt.UTC),
            "12:00am UK time on Wednesday 1 July 2026",
        ),
    ],
)
def test_a_moment_reads_as_clocks_in_the_uk_show_it(moment, words):
    assert in_words(moment) == words


@pytest.mark.parametrize(
    ("day", "hour_in_utc"), [(dt.date(2026, 10, 24), 22), (dt.date(2026, 10, 26), 23)]
)
def test_midnight_moves_in_utc_when_the_clocks_change(day, hour_in_utc):
    midnight = wall_clock_to_utc(dt.datetime.combine(day, dt.time(23, 59)))

    assert midnight.hour == hour_in_utc
