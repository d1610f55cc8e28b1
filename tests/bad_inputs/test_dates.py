"""Dates and times that staff type. Class D; see also tests/consultations/test_uk_time.py."""

import datetime as dt

import pytest
from django.utils import timezone

from submissions import services
from submissions.models import LateRequest, Submission
from tests.review.intakes import make_intake, moderator
from tests.staff import as_typed, change
from tests.submissions.sent import make_draft

from .ways import differing, kept, outcome, refused

DATE = refused("Enter a real date, such as 27/07/2027")
TIME = refused("Enter a real time, such as 23:59")
FOUR = refused("Year must include 4 numbers")
EARLY, LATE = (
    refused("The date must be after 1999"),
    refused("The date must be before 2100"),
)
MISSING = refused("This field is required.")
ORDER = refused("Closing date must be after the opening date")


def twice(clock):
    return refused(
        f"{clock} happens twice on that day because the clocks go back. "
        "Choose 00:59 or 02:00"
    )


def never(clock):
    return refused(
        f"{clock} does not exist on that day because the clocks go forward. "
        "Choose 00:59 or 02:00"
    )


def moment(*parts):
    return kept(dt.datetime(*parts, tzinfo=dt.UTC))


NO_MOMENT = {
    "D01 no leap day": (("29/02/2027", "23:59"), DATE),
    "D01 no leap year in 2100": (("29/02/2100", "23:59"), DATE),
    "D02 no such day": (("31/04/2027", "23:59"), DATE),
    "D02 day nought": (("00/04/2027", "23:59"), DATE),
    "D02 month nought": (("01/00/2027", "23:59"), DATE),
    "D03 month 13": (("01/13/2027", "23:59"), DATE),
    "D03 American order": (("12/31/2027", "23:59"), DATE),
    "D04 two-digit year": (("27/07/27", "23:59"), FOUR),
    "D04 of the last century": (("27/07/69", "23:59"), FOUR),
    "D04 three-digit year": (("27/07/202", "23:59"), DATE),
    "D05 year nought": (("01/01/0000", "00:00"), DATE),
    "D05 year 1": (("01/01/0001", "00:00"), EARLY),
    "D05 before the portal": (("31/12/1999", "23:59"), EARLY),
    "D05 minus": (("-1/01/2027", "00:00"), DATE),
    "D06 the last that Python knows": (("31/12/9999", "23:59"), LATE),
    "D06 five-digit year": (("31/12/10000", "23:59"), DATE),
    "D06 after 2099": (("01/01/2100", "00:00"), LATE),
    "D07 the hour that never is": (("28/03/2027", "01:30"), never("01:30")),
    "D07 its last minute": (("28/03/2027", "01:59"), never("01:59")),
    "D08 the hour that happens twice": (("25/10/2026", "01:30"), twice("01:30")),
    "D08 its first minute": (("25/10/2026", "01:00"), twice("01:00")),
    "D09 in words": (("27 Julember 2027", "23:59"), DATE),
    "D09 as people say it": (("tomorrow", "noon"), refused(*DATE[1], *TIME[1])),
    "D09 a number": (("1800000000", "23:59"), DATE),
    "D09 with an offset": (("2027-07-27T23:59+05:00", "23:59"), DATE),
    "D09 NUL": (("27/07/2027\0", "23:59"), DATE),
    "D09 NUL in the time": (("27/07/2027", "23:59\0"), TIME),
    "D09 very long": (("27/07/" + "2" * 5_000, "23:59"), DATE),
    "D09 markup": (("<b>", "{{x}}"), refused(*DATE[1], *TIME[1])),
    "D13 24 o'clock": (("27/07/2027", "24:00"), TIME),
    "D13 25 o'clock": (("27/07/2027", "25:00"), TIME),
    "D13 minute 60": (("27/07/2027", "23:60"), TIME),
    "D13 second 60": (("27/07/2027", "23:59:60"), TIME),
    "D13 half a day": (("27/07/2027", "11:59 pm"), TIME),
}
CLOSING = NO_MOMENT | {
    "as in the UK": (("27/07/2027", "23:59"), moment(2027, 7, 27, 22, 59)),
    "ISO": (("2027-07-27", "23:59"), moment(2027, 7, 27, 22, 59)),
    "one digit": (("1/2/2027", "9:05"), moment(2027, 2, 1, 9, 5)),
    "leap day": (("29/02/2028", "12:00"), moment(2028, 2, 29, 12)),
    "midnight": (("28/07/2027", "00:00"), moment(2027, 7, 27, 23)),
    "seconds": (("27/07/2027", "23:59:59"), moment(2027, 7, 27, 22, 59, 59)),
    "D09 digits of another script": (("２７/07/2027", "23:59"), DATE),
    "space around": ((" 27/07/2027 ", " 23:59 "), moment(2027, 7, 27, 22, 59)),
    "last year": (("31/12/2099", "23:59"), moment(2099, 12, 31, 23, 59)),
    "D07 before the hour that never is": (
        ("28/03/2027", "00:59"),
        moment(2027, 3, 28, 0, 59),
    ),
    "D07 after it": (("28/03/2027", "02:00"), moment(2027, 3, 28, 1)),
    "D08 before the hour that happens twice": (
        ("25/10/2026", "00:59"),
        moment(2026, 10, 24, 23, 59),
    ),
    "D08 after it": (("25/10/2026", "02:00"), moment(2026, 10, 25, 2)),
    "D10 before it opens": (("01/01/2026", "09:00"), ORDER),
    "D10 when it opens": (("01/06/2026", "09:00"), ORDER),
    "D11 a minute after it opens": (("01/06/2026", "09:01"), moment(2026, 6, 1, 8, 1)),
    "D14 no time": (("27/07/2027", ""), MISSING),
    "D14 no date": (("", "23:59"), MISSING),
    "D14 nothing": (("", ""), MISSING),
}


class Closing:
    """When a call closes."""

    table = CLOSING

    def __init__(self, consultation, staff):
        self.staff, self.call = staff, consultation
        self.before = dt.datetime(2027, 6, 1, 8, 0, tzinfo=dt.UTC)
        consultation.opens_at = dt.datetime(2026, 6, 1, 8, 0, tzinfo=dt.UTC)

    def type(self, day, clock):
        self.call.closes_at = self.before
        self.call.save()
        url = f"/admin/consultations/consultation/{self.call.pk}/change/"
        return change(self.staff, url, closes_at_0=day, closes_at_1=clock)

    def kept(self):
        self.call.refresh_from_db()
        return self.call.closes_at


class Received:
    """When evidence came by post."""

    table = NO_MOMENT

    def __init__(self, consultation, staff):
        self.staff = staff
        self.intake = make_intake(moderator("mo"))
        self.before = self.intake.received_at

    def type(self, day, clock):
        url = f"/admin/intake/{self.intake.pk}/sender/"
        typed = as_typed(self.staff.get(url).context["form"])
        typed |= {"received_at_0": day, "received_at_1": clock}
        return self.staff.post(url, typed)

    def kept(self):
        self.intake.refresh_from_db()
        return self.intake.received_at


class AcceptedUntil:
    """Until when what is late may be sent."""

    table = NO_MOMENT
    before = None

    def __init__(self, consultation, staff):
        self.staff = staff
        late = make_draft(consultation, answers={"1.1": "Eleven became three."})
        self.request = LateRequest.objects.create(submission=late, reason="The post.")

    def type(self, day, clock):
        url = f"/admin/submissions/laterequest/{self.request.pk}/change/"
        typed = {"decision": "accept", "reason": "You told us in time."}
        return self.staff.post(url, typed | {"until_0": day, "until_1": clock})

    def kept(self):
        return Submission.objects.get(pk=self.request.submission_id).accepted_until


@pytest.mark.parametrize("box", [Closing, Received, AcceptedUntil])
def test_every_moment_is_kept_or_refused_in_words_and_stays(
    consultation, admin_client, box, counted
):
    box = box(consultation, admin_client)

    def sent(typed):
        return outcome(box.type(*typed), typed, box.kept, box.before)

    assert differing(box.table, sent, counted) == {}


DAYS = {
    "": 200,
    "27/07/2027": 200,
    "2027-07-27": 200,
    "2099-12-31": 200,
    "2027-02-29": 422,
    "27/07/27": 422,
    "9999-12-31": 422,
    "0001-01-01": 422,
    "tomorrow": 422,
    "2" * 3_000: 422,
    "<b>": 422,
}


@pytest.mark.parametrize("name", ["since", "until"])
def test_a_day_to_look_from_is_asked_for_again_when_it_is_none(
    admin_client, name, counted
):
    pages = {day: admin_client.get("/admin/audit/", {name: day}) for day in DAYS}

    counted(len(DAYS))
    assert {day: page.status_code for day, page in pages.items()} == DAYS
    assert all(
        f'value="{day}"' in page.content.decode()
        for day, page in pages.items()
        if page.status_code == 422 and day != "<b>"
    )


@pytest.mark.parametrize("name", ["from", "to"])
def test_a_day_that_narrows_a_list_is_left_out_in_words_when_it_is_none(
    admin_client, consultation, name, counted
):
    wrong = [day for day, status in DAYS.items() if status == 422]

    pages = [
        admin_client.get("/admin/submissions/submission/", {name: day}) for day in wrong
    ]

    counted(len(wrong))
    assert {page.status_code for page in pages} == {200}
    assert all("it is left out" in page.content.decode() for page in pages)


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
