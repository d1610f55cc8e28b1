"""What is kept for how long, by the clock."""

import datetime as dt

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.utils import timezone

from outbox.delivery import deliver_due
from outbox.models import OutgoingEmail, State
from review import retention
from submissions.models import Submission
from tests.submissions.sent import make_draft, make_sent

DAY = 60 * 24


@pytest.fixture(autouse=True)
def periods(settings):
    settings.KEEP_DRAFTS_DAYS = 90
    settings.KEEP_WITHDRAWN_DAYS = 30
    settings.KEEP_SUBMISSIONS_DAYS = 2190
    settings.KEEP_EMAILS_DAYS = 180


def warnings():
    return OutgoingEmail.objects.filter(kind=retention.DRAFT_DELETION)


@pytest.mark.parametrize(("days", "is_left"), [(89.99, True), (90.01, False)])
def test_a_draft_without_an_address_goes_after_ninety_days(
    consultation, close, days, is_left
):
    draft = make_draft(consultation, answers={"1.1": "So."})
    close(days * DAY)

    retention.plan()

    assert Submission.objects.filter(pk=draft.pk).exists() == is_left


@pytest.mark.parametrize(("days", "told"), [(75.99, 0), (76.01, 1)])
def test_the_owner_of_a_draft_is_told_a_fortnight_before_once(
    consultation, close, days, told
):
    make_draft(consultation, email="ada@riverside.example")
    close(days * DAY)

    retention.plan()
    retention.plan()

    assert warnings().count() == told


def test_a_draft_stays_until_its_owner_was_told_for_a_fortnight(consultation, close):
    draft = make_draft(consultation, email="ada@riverside.example")
    # The worker was off for a year.
    close(365 * DAY)

    retention.plan()
    stays = Submission.objects.filter(pk=draft.pk).exists()
    warnings().update(created_at=timezone.now() - dt.timedelta(days=14, minutes=1))
    retention.plan()

    assert stays
    assert not Submission.objects.filter(pk=draft.pk).exists()


def test_the_warning_says_when_and_how_to_keep_it(consultation, close, smtp_sink):
    make_draft(consultation, email="ada@riverside.example")
    close(80 * DAY)

    retention.plan()
    deliver_due()

    [mail] = smtp_sink.journal
    text = mail.get_body(("plain",)).get_content()
    assert mail["Subject"] == "Your unsent draft will be deleted in 14 days"
    assert "/link/" in text or "/my-response" in text or "http" in text


def test_a_draft_that_was_accepted_late_stays(consultation, close):
    draft = make_draft(
        consultation, accepted_until=timezone.now() + dt.timedelta(days=1)
    )
    close(91 * DAY)

    retention.plan()

    assert Submission.objects.filter(pk=draft.pk).exists()


@pytest.mark.parametrize(("days", "is_left"), [(29.99, True), (30.01, False)])
def test_what_was_withdrawn_goes_after_thirty_days(consultation, days, is_left):
    withdrawn = make_sent(
        consultation, withdrawn_at=timezone.now() - dt.timedelta(days=days)
    )

    retention.plan()

    assert Submission.objects.filter(pk=withdrawn.pk).exists() == is_left


@pytest.mark.parametrize(("days", "is_left"), [(2189.99, True), (2190.01, False)])
def test_what_was_sent_goes_when_its_time_is_over(consultation, close, days, is_left):
    sent = make_sent(consultation, answers={"1.1": "So."})
    close(days * DAY)

    retention.plan()

    assert Submission.objects.filter(pk=sent.pk).exists() == is_left


def test_stopped_half_way_and_begun_again_it_ends_the_same(
    consultation, close, monkeypatch
):
    for number in range(5):
        make_draft(consultation, name=f"Draft {number}")
    kept = make_sent(consultation)
    close(91 * DAY)
    whole, erased = retention.erasing.erase, []

    def stops_after_two(holding):
        if len(erased) == 2:
            raise KeyboardInterrupt
        erased.append(holding)
        return whole(holding)

    monkeypatch.setattr(retention.erasing, "erase", stops_after_two)
    with pytest.raises(KeyboardInterrupt):
        retention.plan()
    left_half_way = Submission.objects.drafts().count()
    monkeypatch.setattr(retention.erasing, "erase", whole)
    retention.plan()

    assert left_half_way == 3
    assert list(Submission.objects.all()) == [kept]


def test_what_the_outbox_remembers_goes_after_its_time_and_what_waits_stays(db):
    for number, (days, state) in enumerate(
        [(181, State.SENT), (179, State.SENT), (181, State.PENDING)]
    ):
        moment = timezone.now() - dt.timedelta(days=days)
        OutgoingEmail.objects.create(
            key=f"k{number}",
            kind="k",
            to_email="a@b.example",
            message_id=f"<{number}>",
            state=state,
            created_at=moment,
            sent_at=moment if state == State.SENT else None,
        )

    retention.forget_emails()

    left = OutgoingEmail.objects.order_by("key").values_list("key", flat=True)
    assert list(left) == ["k1", "k2"]


def test_sessions_that_open_nothing_any_more_go(client, consultation):
    with time_machine.travel(timezone.now() - dt.timedelta(days=40), tick=False):
        client.post(f"/calls/{consultation.slug}/start/")
    old = Session.objects.count()

    retention.forget_links()

    assert (old, Session.objects.count()) == (1, 0)
