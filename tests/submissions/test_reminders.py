"""Reminders: each once, in time, only to those who asked."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from consultations.uk_time import UK
from outbox.delivery import deliver_due
from outbox.models import OutgoingEmail, State
from submissions import emails, reminders, services
from submissions.models import Submission
from submissions.services import keep_details

CLOSES_AT = dt.datetime(2027, 1, 15, 23, 59, tzinfo=dt.UTC)
WEEK_BEFORE = dt.datetime(2027, 1, 8, 9, 0, tzinfo=UK)


@pytest.fixture
def waiting(consultation, draft):
    """A draft whose owner asked for reminders, for a call that closes in January."""
    consultation.closes_at = CLOSES_AT
    consultation.save()
    keep_details(draft, {"email": "ada@riverside.example", "wants_reminders": True})
    return draft


def days_of(draft):
    """Return how many days before closing each reminder of the draft was written."""
    written = OutgoingEmail.objects.filter(context__submission=draft.pk)
    return [email.context["days"] for email in written.order_by("created_at")]


def test_a_draft_is_reminded_three_times_and_no_more(waiting):
    now = dt.datetime(2026, 12, 1, tzinfo=dt.UTC)
    while now < CLOSES_AT + dt.timedelta(days=2):
        reminders.plan(now)
        now += dt.timedelta(minutes=45)

    assert days_of(waiting) == [14, 7, 1]


def test_a_reminder_comes_at_nine_in_the_uk_on_both_sides_of_the_clocks_change():
    closes_at = dt.datetime(2026, 10, 28, 23, 59, tzinfo=UK)

    due = [reminders.due_at(closes_at, days).astimezone(dt.UTC) for days in (14, 7, 1)]

    assert [f"{moment:%d %H:%M}" for moment in due] == [
        "14 08:00",
        "21 08:00",
        "27 09:00",
    ]


@pytest.mark.parametrize(
    ("minutes_after", "reminded"), [(-1, 0), (0, 1), (24 * 60 - 1, 1), (24 * 60, 0)]
)
def test_a_reminder_has_a_window_of_a_day(waiting, minutes_after, reminded):
    reminders.plan(WEEK_BEFORE + dt.timedelta(minutes=minutes_after))

    assert len(days_of(waiting)) == reminded


@pytest.mark.parametrize(
    "details",
    [{"wants_reminders": False}, {"email": ""}],
)
def test_nobody_is_reminded_who_did_not_ask_or_cannot_be(waiting, details):
    keep_details(waiting, details)

    assert reminders.plan(WEEK_BEFORE) == 0


def test_a_sent_response_is_not_reminded(waiting):
    Submission.objects.update(submitted_at=WEEK_BEFORE, reference="KIL-AA2AA3AA")

    assert reminders.plan(WEEK_BEFORE) == 0


def test_a_draft_begun_since_is_not_reminded(waiting):
    Submission.objects.update(created_at=WEEK_BEFORE + dt.timedelta(hours=1))

    assert reminders.plan(WEEK_BEFORE + dt.timedelta(hours=2)) == 0


def test_a_deadline_that_moves_is_reminded_again_but_not_the_same_day(
    waiting, consultation, smtp_sink
):
    reminders.plan(WEEK_BEFORE)
    deliver_due()
    consultation.closes_at = CLOSES_AT + dt.timedelta(days=7)
    consultation.save()

    # A fortnight before the new date is the same morning.
    assert reminders.plan(WEEK_BEFORE + dt.timedelta(hours=1)) == 0
    assert reminders.plan(WEEK_BEFORE + dt.timedelta(days=7)) == 1


def test_planners_side_by_side_write_one(transactional_db, waiting):
    def plan(_number):
        try:
            return reminders.plan(WEEK_BEFORE)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        written = list(threads.map(plan, range(4)))

    assert sum(written) == 1
    assert days_of(waiting) == [7]


def test_a_reminder_that_is_no_longer_wanted_is_not_sent(waiting, smtp_sink):
    reminders.plan(WEEK_BEFORE)
    keep_details(waiting, {"wants_reminders": False})

    deliver_due()

    assert smtp_sink.journal == []
    assert OutgoingEmail.objects.get().state == State.CANCELLED


def test_a_reminder_says_what_is_done_and_how_to_stop(waiting, smtp_sink):
    reminders.plan(WEEK_BEFORE)

    deliver_due()

    [message] = smtp_sink.journal
    text = message.get_body(["plain"]).get_content()
    assert message["Subject"] == (
        "Finish your Keep it Local response by 11:59pm UK time on Friday 15 January 2027"
    )
    assert "- The case for keeping it local: 7 questions" in text
    assert "http://localhost:8000/resume/" in text
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["List-Unsubscribe"].strip(" <>") in text


def test_a_mail_program_stops_reminders_in_one_click(waiting, client):
    client.handler.enforce_csrf_checks = True
    url = f"/reminders/{emails.stop_token(waiting)}/"

    for _time in range(2):
        response = client.post(url, {"List-Unsubscribe": "One-Click"})
        assert response.status_code == 200
        assert not response.cookies

    waiting.refresh_from_db()
    assert not waiting.wants_reminders


def test_looking_at_the_stop_page_stops_nothing(waiting, client):
    page = client.get(f"/reminders/{emails.stop_token(waiting)}/")

    waiting.refresh_from_db()
    assert "Stop reminders?" in page.content.decode()
    assert waiting.wants_reminders


def test_the_button_stops_reminders_for_every_draft_of_the_address(waiting, client):
    other = services.start(waiting.consultation)
    keep_details(other, {"email": "Ada@Riverside.example", "wants_reminders": True})

    client.post(f"/reminders/{emails.stop_token(waiting)}/stop/")

    assert not Submission.objects.filter(wants_reminders=True).exists()


def test_a_forged_stop_link_is_not_found(waiting, client):
    assert client.post("/reminders/1:forged/").status_code == 404
