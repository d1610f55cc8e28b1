"""Reminders: each once, in time, only to those who asked."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.management import call_command
from django.db import connection

from consultations.models import Consultation
from consultations.uk_time import UK
from outbox.delivery import deliver_due
from outbox.models import OutgoingEmail, State
from submissions import emails, reminders, services
from submissions.models import Submission
from submissions.services import keep_details
from tests.conftest import CALL_FILE

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


# The ladder


def test_a_call_reminds_on_the_days_that_staff_set(waiting, consultation):
    reminders.set_ladder(consultation, [2, 21, 1, 2])
    now = dt.datetime(2026, 12, 1, tzinfo=dt.UTC)
    while now < CLOSES_AT + dt.timedelta(days=2):
        reminders.plan(now)
        now += dt.timedelta(minutes=45)

    assert days_of(waiting) == [21, 2, 1]
    assert reminders.ladder_of(consultation) == [21, 2, 1]


def test_without_days_nobody_is_reminded(waiting, consultation):
    reminders.set_ladder(consultation, [])

    assert reminders.plan(WEEK_BEFORE) == 0


def test_steps_of_two_days_in_a_row_each_come_at_nine(waiting, consultation):
    """However often the planner looks at the first one in its window of a day."""
    reminders.set_ladder(consultation, [2, 1])
    written_at = []
    now = dt.datetime(2027, 1, 13, 8, tzinfo=dt.UTC)
    while now < CLOSES_AT:
        if reminders.plan(now):
            written_at.append(f"{now:%d %H:%M}")
        now += dt.timedelta(minutes=30)

    assert written_at == ["13 09:00", "14 09:00"]


# Who would get what


@pytest.fixture
def everybody(consultation, waiting):
    """Beside the one who waits, a draft for each reason not to be reminded."""
    asked = {"email": "bo@riverside.example", "wants_reminders": True}
    for details in (
        {"wants_reminders": False},
        {"wants_reminders": False, "reminders_stopped_at": WEEK_BEFORE},
        {"email": ""},
        {"created_at": WEEK_BEFORE + dt.timedelta(hours=1)},
        {"reminded_at": WEEK_BEFORE - dt.timedelta(hours=19)},
    ):
        Submission.objects.create(
            consultation=consultation,
            **({"created_at": WEEK_BEFORE - dt.timedelta(days=9)} | asked | details),
        )
    Submission.objects.filter(pk=waiting.pk).update(
        created_at=WEEK_BEFORE - dt.timedelta(days=9),
        reminded_at=WEEK_BEFORE - dt.timedelta(hours=21),
    )


REASONS = [
    ("stopped reminders", 1),
    ("did not ask for reminders", 1),
    ("gave no email address", 1),
    ("began after the reminder was due", 1),
    ("was reminded less than 20 hours before", 1),
]


def test_a_dry_run_counts_who_would_get_it_and_why_others_would_not(
    everybody, consultation
):
    [forecast] = reminders.dry_run(consultation, WEEK_BEFORE)

    assert forecast.step.days == 7
    assert forecast.reminded == 1
    assert forecast.others == REASONS
    assert not OutgoingEmail.objects.exists()


def test_a_dry_run_and_the_planner_agree_before_and_after(everybody, consultation):
    later = WEEK_BEFORE + dt.timedelta(minutes=5)

    [before] = reminders.dry_run(consultation, WEEK_BEFORE)
    assert reminders.plan(WEEK_BEFORE) == before.reminded == 1
    [after] = reminders.dry_run(consultation, later)
    assert reminders.plan(later) == after.reminded == 0

    assert ("has had this one, or a later one", 1) in after.others


@pytest.mark.parametrize("hours", [-1, 24])
def test_a_dry_run_for_another_moment_finds_nothing_due(everybody, consultation, hours):
    at = WEEK_BEFORE + dt.timedelta(hours=hours)

    assert reminders.dry_run(consultation, at) == []


def test_an_amendment_is_nobody_to_remind(everybody, consultation):
    sent = Submission.objects.create(
        consultation=consultation, reference="KIL-AA2AA3AA", submitted_at=WEEK_BEFORE
    )
    Submission.objects.create(
        consultation=consultation,
        amends=sent,
        email="ada@riverside.example",
        wants_reminders=True,
        created_at=WEEK_BEFORE - dt.timedelta(days=1),
    )

    [forecast] = reminders.dry_run(consultation, WEEK_BEFORE)

    assert forecast.reminded == 1
    assert forecast.others == REASONS


def test_stopping_is_told_apart_from_not_asking(waiting, client):
    client.post(f"/reminders/{emails.stop_token(waiting)}/")

    waiting.refresh_from_db()

    assert not waiting.wants_reminders
    assert waiting.reminders_stopped_at is not None


def test_what_was_written_is_counted_by_step_and_state(
    waiting, consultation, smtp_sink
):
    reminders.plan(WEEK_BEFORE - dt.timedelta(days=7))
    deliver_due()
    reminders.plan(WEEK_BEFORE)

    assert reminders.written(consultation) == {
        14: {State.SENT: 1},
        7: {State.PENDING: 1},
    }


# The closing date moves


def move(consultation, **by):
    consultation.closes_at += dt.timedelta(**by)
    consultation.save()


@pytest.mark.parametrize("days", [1, -1])
def test_what_waits_for_the_old_date_is_cancelled_and_written_anew(
    waiting, consultation, days
):
    """Both ways; within the window of a day, so that it is for the new date at once."""
    reminders.plan(WEEK_BEFORE)
    move(consultation, days=days)

    new_morning = WEEK_BEFORE + dt.timedelta(days=days)
    written = reminders.plan(max(WEEK_BEFORE, new_morning))

    assert written == (1 if days == 1 else 0)
    states = OutgoingEmail.objects.order_by("created_at").values_list("state")
    assert list(states)[0] == (State.CANCELLED,)
    if days == 1:
        assert list(states)[1] == (State.PENDING,)


def test_a_date_that_moves_by_hours_writes_the_same_morning_anew(
    waiting, consultation, smtp_sink
):
    reminders.plan(WEEK_BEFORE)
    move(consultation, hours=-7)

    assert reminders.plan(WEEK_BEFORE + dt.timedelta(minutes=5)) == 1

    deliver_due()
    [message] = smtp_sink.journal
    assert "by 4:59pm UK time on Friday 15 January 2027" in message["Subject"]


def test_an_old_date_is_not_sent_even_before_the_planner_looks(
    waiting, consultation, smtp_sink
):
    reminders.plan(WEEK_BEFORE)
    move(consultation, days=30)

    deliver_due()

    assert smtp_sink.journal == []
    assert OutgoingEmail.objects.get().state == State.CANCELLED


def test_a_date_brought_forward_leaves_out_the_steps_that_have_passed(
    waiting, consultation
):
    reminders.plan(WEEK_BEFORE - dt.timedelta(days=7))
    move(consultation, days=-9)
    now = WEEK_BEFORE - dt.timedelta(days=6)

    steps = reminders.steps(consultation, now)

    assert [(step.days, step.is_over) for step in steps] == [
        (14, True),
        (7, True),
        (1, False),
    ]


def test_a_date_moved_across_the_change_of_the_clocks_keeps_nine_in_the_uk(
    waiting, consultation
):
    consultation.closes_at = dt.datetime(2027, 3, 20, 23, 59, tzinfo=UK)
    move(consultation, days=10)

    due = [step.due_at for step in reminders.steps(consultation, WEEK_BEFORE)]

    assert [f"{moment.astimezone(dt.UTC):%d %H:%M}" for moment in due] == [
        "16 09:00",
        "23 09:00",
        "29 08:00",
    ]


def test_loading_a_call_with_another_date_cancels_what_waits(db, tmp_path):
    file = tmp_path / "call.toml"

    def load(closes):
        text = CALL_FILE.read_text().replace("2018-07-27T23:59:00", closes)
        file.write_text(text)
        call_command("load_call", file, verbosity=0)
        return Consultation.objects.get()

    draft = services.start(load("2027-01-15T23:59:00"))
    keep_details(draft, {"email": "ada@riverside.example", "wants_reminders": True})
    reminders.plan(WEEK_BEFORE)

    load("2027-01-22T23:59:00")

    draft.refresh_from_db()
    assert OutgoingEmail.objects.get().state == State.CANCELLED
    assert draft.reminded_at is None
