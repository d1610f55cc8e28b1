"""Which clock decides at the deadline, when those of the machines differ."""

import datetime as dt
import random

import pytest
import time_machine
from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.db.models.functions import Now
from django.test import Client
from django.utils import timezone

from consultations.models import GRACE, Consultation
from consultations.uk_time import UK, wall_clock_to_utc
from outbox.models import OutgoingEmail
from submissions import reminders, services
from submissions.models import LateRequest, Submission
from submissions.services import keep_details
from tests.submissions.sent import make_draft

SECOND = dt.timedelta(seconds=1)
SKEWS = [-90, 0, 90]


def now_in_database():
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        return cursor.fetchone()[0]


def calls_that_close(instants):
    """Make a call, with a draft, that closes at each of these."""
    calls = Consultation.objects.bulk_create(
        Consultation(
            slug=f"call-{number}",
            title="A call",
            reference_prefix="KIL",
            contact_email="a@x.example",
            opens_at=instant - dt.timedelta(days=1),
            closes_at=instant,
        )
        for number, instant in enumerate(instants)
    )
    Submission.objects.bulk_create(Submission(consultation=call) for call in calls)
    return calls


def test_f26_of_ten_thousand_instants_none_is_judged_wrongly(db):
    now, rng = now_in_database(), random.Random(2018)
    # From microseconds to minutes around closing, and around the end of the grace.
    calls = calls_that_close(
        now
        + dt.timedelta(seconds=rng.choice([-1, 1]) * 10 ** rng.uniform(-6, 2.5))
        - rng.choice([0, 1]) * GRACE
        for _instant in range(10_000)
    )
    is_open = Consultation.objects.open().filter(pk=OuterRef("pk"))
    is_accepting = Submission.objects.accepting().filter(consultation=OuterRef("pk"))

    judged = Consultation.objects.annotate(
        now=Now(), is_open_now=Exists(is_open), is_accepting_now=Exists(is_accepting)
    )

    wrong = [
        call.pk
        for call in judged
        if call.is_open_now != (call.now < call.closes_at)
        or call.is_accepting_now != (call.now < call.closes_at + GRACE)
    ]
    assert len(calls) == len(judged) == 10_000
    assert len([call for call in judged if call.is_open_now]) > 100
    assert wrong == []


def decisions(ada, call, seconds):
    """Return what is decided when the call closed, or closes, so many seconds from now."""
    call.closes_at = now_in_database() + seconds * SECOND
    call.opens_at = call.closes_at - dt.timedelta(days=28)
    call.save()
    stranger = Client()
    began = stranger.post(f"/calls/{call.slug}/start/").status_code
    page = ada.get("section/1/").content.decode()
    kept = ada.post("section/1/", answer__1__1=f"At {seconds}").content.decode()
    asked = ada.post("late/", reason="The post was late.", email="a@x.example")
    is_asked = LateRequest.objects.exists()
    sent = ada.post("check/")
    return {
        "may begin": began == 302,
        "may be sent": "The call has closed" not in kept,
        "is sent": Submission.objects.submitted().exists(),
        "sending is answered": sent.status_code,
        "may ask to be late": is_asked,
        "reason stays": is_asked or "The post was late." in asked.content.decode(),
        "is kept": ada.answers(),
        "page says closed": "<h1>The call has closed</h1>" in page,
    }


GRACE_SECONDS = int(GRACE.total_seconds())


@pytest.mark.parametrize(
    ("seconds", "is_open", "is_accepting"),
    [
        (100, True, True),
        (60, True, True),
        (0, False, True),
        (-60, False, True),
        (60 - GRACE_SECONDS, False, True),
        (-GRACE_SECONDS, False, False),
        (-60 - GRACE_SECONDS, False, False),
        (-100 - GRACE_SECONDS, False, False),
    ],
)
def test_f28_web_servers_whose_clocks_differ_decide_the_same(
    ada, consultation, seconds, is_open, is_accepting
):
    ada.post("about-you/", name="Ada", publication="not")
    by_skew = []
    for skew in SKEWS:
        with (
            time_machine.travel(dt.datetime.now(dt.UTC) + skew * SECOND),
            transaction.atomic(),
        ):
            by_skew.append(decisions(ada, consultation, seconds))
            transaction.set_rollback(True)

    pages = [one.pop("page says closed") for one in by_skew]
    assert by_skew[0] == by_skew[1] == by_skew[2]
    assert by_skew[0]["may begin"] == is_open
    assert by_skew[0]["may be sent"] == by_skew[0]["is sent"] == is_accepting
    assert by_skew[0]["may ask to be late"] != is_accepting
    assert by_skew[0]["is kept"] == {"1.1": f"At {seconds}"}
    # One that is behind shows the page for longer: what is written there is kept.
    assert pages[1] == pages[2] == (not is_accepting)


def test_f28_a_worker_whose_clock_differs_writes_and_sends_each_reminder_once(
    consultation,
):
    now = timezone.now()
    # Before the reminder is due, whatever time of day it is now.
    consultation.opens_at = now - dt.timedelta(days=28)
    consultation.closes_at = (now.astimezone(UK) + dt.timedelta(days=7)).replace(
        hour=23, minute=59
    )
    consultation.save()
    draft = make_draft(consultation)
    Submission.objects.update(created_at=now - dt.timedelta(days=20))
    keep_details(draft, {"email": "ada@x.example", "wants_reminders": True})
    due = reminders.due_at(consultation.closes_at, 7)

    for minute in range(-3, 4):
        for skew in SKEWS:
            reminders.plan(due + minute * 60 * SECOND + skew * SECOND)

    assert OutgoingEmail.objects.count() == 1


@pytest.mark.parametrize(
    ("day", "hour_of_closing", "hour_of_reminder"),
    [
        # The clocks go back on 25 October 2026, forward on 28 March 2027.
        (dt.date(2026, 10, 25), 23, 8),
        (dt.date(2026, 10, 31), 23, 8),
        (dt.date(2027, 3, 28), 22, 9),
        (dt.date(2027, 4, 3), 22, 9),
    ],
)
def test_f27_a_week_before_closing_is_at_nine_across_a_change_of_the_clocks(
    consultation, day, hour_of_closing, hour_of_reminder
):
    closes_at = wall_clock_to_utc(dt.datetime.combine(day, dt.time(23, 59)))
    consultation.opens_at = closes_at - dt.timedelta(days=60)
    consultation.closes_at = closes_at
    consultation.save()
    draft = make_draft(consultation)
    Submission.objects.update(created_at=dt.datetime(2026, 6, 1, tzinfo=dt.UTC))
    keep_details(draft, {"email": "ada@x.example", "wants_reminders": True})

    due = reminders.due_at(closes_at, 7)
    for minutes in range(-75, 26 * 60, 45):
        reminders.plan(due + dt.timedelta(minutes=minutes))

    assert closes_at.hour == hour_of_closing
    assert due.astimezone(UK).hour == 9
    assert due.astimezone(dt.UTC).hour == hour_of_reminder
    assert OutgoingEmail.objects.count() == 1


def test_f26_what_was_begun_in_time_is_sent_to_the_end_of_the_grace(consultation):
    for seconds, is_sent in [
        (60, True),
        (0, True),
        (60 - GRACE_SECONDS, True),
        (-GRACE_SECONDS, False),
    ]:
        draft = make_draft(consultation, name="Ada", publication="not", general="Good.")
        consultation.closes_at = now_in_database() + seconds * SECOND
        consultation.opens_at = consultation.closes_at - dt.timedelta(days=1)
        consultation.save()

        if is_sent:
            assert services.submit(draft).reference
        else:
            with pytest.raises(services.ConsultationClosed):
                services.submit(draft)
