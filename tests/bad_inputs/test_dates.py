"""Dates and times that staff type. Class D; see also tests/consultations/test_uk_time.py."""

import datetime as dt

import pytest
from django.utils import timezone

from submissions import services
from submissions.models import Submission
from tests.staff import change

TWICE = (
    "{0} happens twice on that day because the clocks go back. Choose 00:59 or 02:00"
)
NEVER = (
    "{0} does not exist on that day because the clocks go forward. "
    "Choose 00:59 or 02:00"
)
EARLY, LATE = "The date must be after 1999", "The date must be before 2100"
DATE, TIME = "Enter a valid date.", "Enter a valid time."
FOUR = "Year must include 4 numbers"

KEPT = {
    "as in the UK": (("27/07/2027", "23:59"), (2027, 7, 27, 22, 59)),
    "ISO": (("2027-07-27", "23:59"), (2027, 7, 27, 22, 59)),
    "one digit": (("1/2/2027", "9:05"), (2027, 2, 1, 9, 5)),
    "leap day": (("29/02/2028", "12:00"), (2028, 2, 29, 12, 0)),
    "midnight": (("28/07/2027", "00:00"), (2027, 7, 27, 23, 0)),
    "D08 before the hour that happens twice": (
        ("25/10/2026", "00:59"),
        (2026, 10, 24, 23, 59),
    ),
    "D08 after it": (("25/10/2026", "02:00"), (2026, 10, 25, 2, 0)),
    "last year": (("31/12/2099", "23:59"), (2099, 12, 31, 23, 59)),
    "space around": ((" 27/07/2027 ", " 23:59 "), (2027, 7, 27, 22, 59)),
}
REFUSED = {
    "D02 no such day": (("31/04/2027", "23:59"), DATE),
    "no leap day": (("29/02/2027", "23:59"), DATE),
    "day nought": (("00/04/2027", "23:59"), DATE),
    "month 13": (("01/13/2027", "23:59"), DATE),
    "American order": (("12/31/2027", "23:59"), DATE),
    "D04 two-digit year": (("27/07/27", "23:59"), FOUR),
    "D04 of the last century": (("27/07/69", "23:59"), FOUR),
    "three-digit year": (("27/07/202", "23:59"), DATE),
    "D06 the last that Python knows": (("31/12/9999", "23:59"), LATE),
    "five-digit year": (("31/12/10000", "23:59"), DATE),
    "before 2100": (("01/01/2100", "00:00"), LATE),
    "year 1": (("01/01/0001", "00:00"), EARLY),
    "D08 the hour that happens twice": (
        ("25/10/2026", "01:30"),
        TWICE.format("01:30"),
    ),
    "D08 its first minute": (("25/10/2026", "01:00"), TWICE.format("01:00")),
    "the hour that never is": (("28/03/2027", "01:30"), NEVER.format("01:30")),
    "D10 before it opens": (
        ("01/01/2026", "09:00"),
        "Closing date must be after the opening date",
    ),
    "D10 when it opens": (
        ("01/06/2026", "09:00"),
        "Closing date must be after the opening date",
    ),
    "24 o'clock": (("27/07/2027", "24:00"), TIME),
    "25 o'clock": (("27/07/2027", "25:00"), TIME),
    "words": (("tomorrow", "noon"), DATE),
    "no time": (("27/07/2027", ""), "This field is required."),
    "no date": (("", "23:59"), "This field is required."),
    "nothing": (("", ""), "This field is required."),
    "NUL": (("27/07/2027\0", "23:59"), DATE),
    "very long": (("27/07/" + "2" * 5_000, "23:59"), DATE),
}


@pytest.fixture
def call(consultation):
    consultation.opens_at = dt.datetime(2026, 6, 1, 8, 0, tzinfo=dt.UTC)
    consultation.closes_at = dt.datetime(2027, 6, 1, 8, 0, tzinfo=dt.UTC)
    consultation.save()
    return consultation


def close_at(client, call, day, clock):
    return change(
        client,
        f"/admin/consultations/consultation/{call.pk}/change/",
        opens_at_0="01/06/2026",
        opens_at_1="09:00",
        closes_at_0=day,
        closes_at_1=clock,
        title="Changed too",
    )


@pytest.mark.parametrize(("typed", "moment"), KEPT.values(), ids=KEPT)
def test_a_moment_is_kept(admin_client, call, typed, moment):
    page = close_at(admin_client, call, *typed)

    call.refresh_from_db()
    assert page.status_code == 302
    assert call.closes_at == dt.datetime(*moment, tzinfo=dt.UTC)


@pytest.mark.parametrize(("typed", "words"), REFUSED.values(), ids=REFUSED)
def test_a_moment_is_refused_in_words_and_stays(admin_client, call, typed, words):
    page = close_at(admin_client, call, *typed)

    before = call.closes_at
    call.refresh_from_db()
    form = page.context["adminform"].form
    errors = [error for found in form.errors.values() for error in found]
    assert page.status_code == 422
    assert errors[0] == words
    assert form["closes_at"].value() == list(typed)
    assert form["title"].value() == "Changed too"
    assert call.closes_at == before


@pytest.mark.parametrize("seconds", [0, 1, 599])
def test_d12_what_was_begun_in_time_is_taken_when_the_clock_strikes(draft, seconds):
    draft.principle_comments.create(comment="Good.")
    Submission.objects.filter(pk=draft.pk).update(name="Ada", publication="not")
    call = draft.consultation
    call.closes_at = timezone.now() - dt.timedelta(seconds=seconds)
    call.opens_at = call.closes_at - dt.timedelta(days=1)
    call.save()

    sent = services.submit(draft)

    assert sent.reference
