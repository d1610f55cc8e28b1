"""Staff word emails, look after reminders, and see what could not be delivered."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from consultations.uk_time import UK, in_words
from outbox.delivery import deliver_due
from outbox.models import OutgoingEmail, State
from review.finding.selection import Selection
from review.models import AuditEntry
from submissions import reminders
from submissions.models import EmailWording, Submission
from tests.staff import change, member_of_staff, sign_in
from tests.submissions.sent import make_sent

BODY = "[greeting]\r\n\r\nThank you. Keep [reference]."
SUBJECT = "Thank you – [reference]"


@pytest.fixture
def wording(consultation):
    """The page on which the acknowledgement is worded."""
    return reverse(
        "admin:review_email_wording", args=[consultation.slug, "acknowledgement"]
    )


@pytest.fixture
def reminders_page(consultation):
    return reverse("admin:review_reminders", args=[consultation.slug])


def typed(button, **changes):
    return {
        "subject": SUBJECT,
        "body": BODY,
        "started_from": "0",
        "key": "2f1b7c9e-54a5-4c6b-9d0e-0c2d3a4b5c6d",
        button: "",
    } | changes


def preview_in(page):
    return page.context["preview"]


# Wordings


def test_the_list_says_which_emails_staff_have_worded(
    admin_client, admin_user, consultation, wording
):
    admin_client.post(wording, typed("save"))

    page = admin_client.get(reverse("admin:review_emails"), follow=True)

    worded = [
        (letter.name, version.number)
        for letter, version in page.context["letters"]
        if version
    ]
    assert worded == [("acknowledgement", 1)]
    assert "As it came" in page.content.decode()


def test_a_page_starts_from_our_wording(admin_client, wording):
    page = admin_client.get(wording)

    assert page.context["form"]["subject"].value() == (
        "We have received your evidence – [reference]"
    )
    assert (
        preview_in(page)["subject"] == "We have received your evidence – KIL-HP4RC7WD"
    )
    assert {"url", "label"} in [set(block) for block in preview_in(page)["blocks"]]


def test_saving_writes_a_version_with_who_and_when(admin_client, admin_user, wording):
    page = admin_client.post(wording, typed("save"), follow=True)

    version = EmailWording.objects.get()
    assert (version.number, version.subject) == (1, SUBJECT)
    assert version.body == "[greeting]\n\nThank you. Keep [reference]."
    assert version.written_by == admin_user
    assert "Every email of this sort is worded like this" in page.content.decode()
    assert page.context["form"]["subject"].value() == SUBJECT


def test_what_is_refused_is_given_back_with_the_reason(admin_client, wording):
    body = "Keep it [refrence]"

    page = admin_client.post(wording, typed("save", body=body))

    assert page.status_code == 422
    assert page.context["form"]["body"].value() == body
    assert [error[:43] for error in page.context["form"].errors["body"]] == [
        "[refrence] is not a placeholder of this ema",
        "The text must have [reference]: the referen",
    ]
    assert not EmailWording.objects.exists()


def test_texts_that_cannot_be_stored_are_refused(admin_client, wording):
    page = admin_client.post(wording, typed("save", body="[reference] \0"))
    long = admin_client.post(wording, typed("save", subject="x" * 151))

    assert page.status_code == long.status_code == 422
    assert list(long.context["form"].errors) == ["subject"]


def test_a_subject_is_made_one_line(admin_client, wording):
    admin_client.post(wording, typed("save", subject="One\r\nBcc: eve@x.example\x07"))

    assert EmailWording.objects.get().subject == "One Bcc: eve@x.example"


def test_a_preview_saves_nothing(admin_client, wording):
    page = admin_client.post(wording, typed("preview"))

    assert page.status_code == 200
    assert preview_in(page)["subject"] == "Thank you – KIL-HP4RC7WD"
    assert preview_in(page)["text"].startswith("Dear Sam Taylor,\n\nThank you.")
    assert page.context["form"]["body"].value() == BODY
    assert not EmailWording.objects.exists()


def test_the_live_preview_shows_what_is_typed_and_what_is_wrong(admin_client, wording):
    url = f"{wording}preview/"

    right = admin_client.post(url, typed("save")).content.decode()
    wrong = admin_client.post(url, typed("save", body="<b>[nme]")).content.decode()

    assert "Thank you – KIL-HP4RC7WD" in right
    assert "It cannot be saved like this" not in right
    assert "[nme] is not a placeholder" in wrong
    assert "&lt;b&gt;[nme]" in wrong
    assert "<b>" not in wrong


def test_a_test_goes_to_oneself_alone_and_once(
    admin_client, admin_user, wording, smtp_sink
):
    for _click in range(2):
        page = admin_client.post(wording, typed("test"))
    deliver_due()

    [message] = smtp_sink.journal
    assert message["To"] == admin_user.email
    assert message["Subject"] == "TEST: Thank you – KIL-HP4RC7WD"
    assert page.context["form"]["body"].value() == BODY
    assert "A test is on its way" in page.content.decode()
    assert not EmailWording.objects.exists()


def test_the_page_after_a_test_can_send_another(admin_client, wording, smtp_sink):
    page = admin_client.post(wording, typed("test"))
    key = page.context["form"]["key"].value()
    admin_client.post(wording, typed("test", key=key))
    deliver_due()

    assert len(smtp_sink.journal) == 2


def test_without_an_address_of_ones_own_no_test_is_sent(
    admin_client, admin_user, wording
):
    admin_user.email = ""
    admin_user.save()

    page = admin_client.post(wording, typed("test"))

    assert page.status_code == 422
    assert "Your account has no email address" in page.content.decode()
    assert page.context["form"]["body"].value() == BODY


def test_two_who_word_at_once_are_told_and_lose_nothing(admin_client, wording):
    admin_client.post(wording, typed("save", subject="Theirs – [reference]"))

    page = admin_client.post(wording, typed("save"))

    assert page.status_code == 422
    assert "Somebody else has changed this email" in page.content.decode()
    assert page.context["form"]["subject"].value() == SUBJECT
    # To save again is to decide, having been told.
    started_from = page.context["form"]["started_from"].value()
    admin_client.post(wording, typed("save", started_from=started_from))
    subjects = EmailWording.objects.values_list("subject", flat=True)
    assert list(subjects) == [SUBJECT, "Theirs – [reference]"]


def test_an_earlier_version_is_opened_and_saved_again(admin_client, wording):
    admin_client.post(wording, typed("save"))
    admin_client.post(
        wording, typed("save", subject="Second – [reference]", started_from="1")
    )

    page = admin_client.get(f"{wording}?version=1")
    form = page.context["form"]

    assert form["subject"].value() == SUBJECT
    assert form["started_from"].value() == 2
    assert "not in use until you save it" in page.content.decode()
    assert admin_client.get(f"{wording}?version=9").status_code == 404
    assert admin_client.get(f"{wording}?version=x").status_code == 404


def test_our_wording_comes_back_by_a_button(admin_client, wording):
    admin_client.post(wording, typed("save"))

    page = admin_client.post(wording, {"ours": "", "started_from": "1"}, follow=True)

    assert page.context["is_ours"]
    assert page.context["form"]["subject"].value() == (
        "We have received your evidence – [reference]"
    )
    assert EmailWording.objects.count() == 2


def test_the_audit_log_names_the_version_and_no_text(admin_client, wording):
    admin_client.post(wording, typed("save"))

    entry = AuditEntry.objects.get(action="change")
    assert entry.details == {"letter": "acknowledgement", "version": 1}
    assert entry.about_type == "consultations.consultation"


# Who may


@pytest.fixture
def pages(consultation, wording, reminders_page):
    return [
        reverse("admin:review_emails_of_call", args=[consultation.slug]),
        wording,
        reminders_page,
    ]


@pytest.mark.parametrize(
    ("permissions", "status"),
    [((), 403), (("view_consultation",), 200), (("view_submission",), 403)],
)
def test_the_pages_are_for_those_who_may_see_the_call(
    client, pages, permissions, status
):
    sign_in(client, member_of_staff("sam", *permissions))

    assert [client.get(page).status_code for page in pages] == [status] * 3


def test_only_those_who_may_change_the_call_change_its_emails(
    client, wording, reminders_page
):
    sign_in(client, member_of_staff("sam", "view_consultation"))

    answers = [
        client.post(wording, typed("save")),
        client.post(wording, typed("test")),
        client.post(wording, {"ours": "", "started_from": "0"}),
        client.post(reminders_page, {"days": "3"}),
    ]

    assert [answer.status_code for answer in answers] == [403] * 4
    assert not EmailWording.objects.exists()
    assert b"Save and use it" not in client.get(wording).content
    assert b"Save the days" not in client.get(reminders_page).content


@pytest.mark.parametrize("letter", ["nonsense", "wording-test", "late-decision"])
def test_a_letter_that_there_is_not_is_not_found(admin_client, consultation, letter):
    url = reverse("admin:review_email_wording", args=[consultation.slug, letter])

    assert admin_client.get(url).status_code == 404


# Reminders


@pytest.fixture
def waiting(consultation):
    """Three drafts that asked to be reminded, and two that did not."""
    begun = timezone.now() - dt.timedelta(days=1)
    for number in range(5):
        Submission.objects.create(
            consultation=consultation,
            email=f"secret{number}@riverside.example",
            name=f"Secret {number}",
            wants_reminders=number < 3,
            created_at=begun,
        )


def test_the_page_counts_and_names_nobody(admin_client, waiting, reminders_page):
    page = admin_client.get(reminders_page)

    forecasts = [forecast for _step, forecast, _written in page.context["steps"]]
    assert [(one.step.days, one.reminded) for one in forecasts] == [
        (14, 3),
        (7, 3),
        (1, 3),
    ]
    assert forecasts[0].others == [("did not ask for reminders", 2)]
    assert "ecret" not in page.content.decode().replace("csrfmiddlewaretoken", "")


@pytest.mark.parametrize(
    ("at_most", "words"), [(3, "3 responses have"), (2, "More than 2 responses have")]
)
def test_responses_that_were_sent_are_counted_as_far_as_anybody_looks(
    admin_client, consultation, reminders_page, monkeypatch, at_most, words
):
    monkeypatch.setattr("review.bounded.AT_MOST", at_most)
    for _ in range(3):
        make_sent(consultation)

    page = admin_client.get(reminders_page).content.decode()

    assert f">{words} been sent: nobody is reminded of them." in page


def test_what_has_been_sent_is_shown_by_step(
    admin_client, waiting, consultation, reminders_page, smtp_sink
):
    [step, *_later] = reminders.steps(consultation)
    Submission.objects.update(created_at=step.due_at - dt.timedelta(days=1))
    assert reminders.plan(step.due_at) == 3
    deliver_due()

    page = admin_client.get(reminders_page)

    assert page.context["steps"][0][2] == {State.SENT: 3}
    assert "Sent: 3" in page.content.decode()


def test_a_dry_run_for_a_moment_writes_nothing(
    admin_client, waiting, consultation, reminders_page
):
    [step, *_later] = reminders.steps(consultation)
    moment = {"at_0": f"{step.due_at:%Y-%m-%d}", "at_1": "09:30"}

    due = admin_client.get(reminders_page, moment)
    never = admin_client.get(reminders_page, moment | {"at_1": "08:59"})
    wrong = admin_client.get(reminders_page, moment | {"at_0": "soon"})

    assert [one.reminded for one in due.context["tried"]] == [3]
    assert never.context["tried"] == []
    assert "No reminder would be written" in never.content.decode()
    assert wrong.status_code == 422
    assert not OutgoingEmail.objects.exists()


def test_days_are_changed_and_the_consequence_is_said(
    admin_client, waiting, consultation, reminders_page
):
    page = admin_client.post(reminders_page, {"days": "2, 21;2"}, follow=True)

    assert reminders.ladder_of(consultation) == [21, 2]
    assert "3 people will get a reminder at 9:00am UK time on" in page.content.decode()


@pytest.mark.parametrize(
    ("days", "problem"),
    [
        ("soon", "Write whole numbers of days, like 14, 7, 1"),
        ("-3", "Write whole numbers of days, like 14, 7, 1"),
        ("0", "Write days from 1 to 90"),
        ("91", "Write days from 1 to 90"),
        ("1 2 3 4 5 6 7", "Write at most 6 days"),
    ],
)
def test_days_that_make_no_sense_are_given_back(
    admin_client, consultation, reminders_page, days, problem
):
    page = admin_client.post(reminders_page, {"days": days})

    assert page.status_code == 422
    assert page.context["ladder_form"]["days"].value() == days
    assert page.context["ladder_form"].errors["days"][0].startswith(problem)
    assert reminders.ladder_of(consultation) == [14, 7, 1]


def test_the_page_takes_the_same_number_of_queries(
    admin_client, consultation, reminders_page, django_assert_num_queries
):
    for count in (1, 3):
        while Submission.objects.count() < count:
            Submission.objects.create(
                consultation=consultation,
                email="ada@riverside.example",
                wants_reminders=True,
            )
        with django_assert_num_queries(15):
            admin_client.get(reminders_page)


def dates(consultation, closing_day=None):
    """Fill in the dates of a call as its form shows them, one of them changed."""
    opens, closes = (
        moment.astimezone(UK)
        for moment in (consultation.opens_at, consultation.closes_at)
    )
    return {
        "opens_at_0": f"{opens:%Y-%m-%d}",
        "opens_at_1": f"{opens:%H:%M:%S}",
        "closes_at_0": closing_day or f"{closes:%Y-%m-%d}",
        "closes_at_1": "23:59:00" if closing_day else f"{closes:%H:%M:%S}",
    }


def test_whoever_moves_the_closing_date_is_told_who_will_be_reminded(
    admin_client, waiting, consultation
):
    Submission.objects.update(created_at=timezone.now() - dt.timedelta(days=30))
    # Open before the reminder was due, whatever time of day it is now.
    consultation.opens_at = timezone.now() - dt.timedelta(days=30)
    consultation.closes_at = timezone.now() + dt.timedelta(days=1, hours=3)
    consultation.save()
    [*_passed, last] = reminders.steps(consultation)
    reminders.plan(last.due_at)
    url = reverse("admin:consultations_consultation_change", args=[consultation.pk])

    closing = timezone.now() + dt.timedelta(days=60)

    answer = change(admin_client, url, **dates(consultation, f"{closing:%Y-%m-%d}"))
    page = admin_client.get(answer.url).content.decode()

    for days in (14, 7, 1):
        moment = in_words(reminders.due_at(closing, days))
        assert f"3 people will get a reminder at {moment}" in page
    assert set(OutgoingEmail.objects.values_list("state", flat=True)) == {
        State.CANCELLED
    }


def test_other_changes_of_a_call_say_nothing_of_reminders(admin_client, consultation):
    url = reverse("admin:consultations_consultation_change", args=[consultation.pk])

    answer = change(admin_client, url, **dates(consultation), title="Another title")

    assert "reminder" not in admin_client.get(answer.url).content.decode()


# What could not be delivered


@pytest.fixture
def failed(consultation, smtp_sink):
    """A submission whose acknowledgement its mail server has refused."""
    return undelivered(consultation, smtp_sink)


def undelivered(consultation, smtp_sink, to="ada@riverside.example"):
    sent = make_sent(consultation, email=to)
    OutgoingEmail.objects.create(
        key=f"acknowledgement:{sent.pk}",
        kind="acknowledgement",
        to_email=to,
        about=sent.about,
        context={"submission": sent.pk},
        message_id=f"<{sent.pk}@x.example>",
    )
    smtp_sink.script("RCPT", "550 5.1.1 Nobody here")
    deliver_due()
    return sent


def page_of(submission):
    return reverse("admin:submissions_submission_change", args=[submission.pk])


def again(submission):
    return reverse("admin:review_send_emails_again", args=[submission.pk])


def test_a_submission_shows_the_email_that_failed_and_why(admin_client, failed):
    page = admin_client.get(page_of(failed)).content.decode()

    assert "Acknowledgement: could not be delivered" in page
    assert "to a…@r…" in page
    assert "The address was refused: it may be mistyped, or closed." in page


def test_it_is_sent_again_from_there(client, failed, smtp_sink):
    sign_in(client, member_of_staff("mo", "view_submission", "moderate_submission"))
    OutgoingEmail.objects.update(expires_at=timezone.now() - dt.timedelta(days=3))

    answer = client.post(again(failed))
    deliver_due()

    assert answer.url == page_of(failed)
    assert [mail["To"] for mail in smtp_sink.journal] == ["ada@riverside.example"]
    page = client.get(page_of(failed)).content.decode()
    assert "Acknowledgement: sent" in page
    assert "Send again" not in page


def test_sending_again_is_for_moderators_and_of_what_failed_alone(
    client, failed, consultation, smtp_sink
):
    other = undelivered(consultation, smtp_sink, to="bo@riverside.example")
    sign_in(client, member_of_staff("rae", "view_submission", "review_submission"))
    page = client.get(page_of(failed)).content.decode()

    assert client.post(again(failed)).status_code == 403
    assert "Send again" not in page
    sign_in(client, member_of_staff("mo", "view_submission", "moderate_submission"))
    assert client.get(again(failed)).status_code == 405
    client.post(again(other))
    states = dict(OutgoingEmail.objects.values_list("about", "state"))
    assert states == {failed.about: State.DEAD, other.about: State.PENDING}


def test_a_draft_has_nothing_to_send_again(admin_client, consultation):
    draft = Submission.objects.create(consultation=consultation)

    assert admin_client.post(again(draft)).status_code == 404


def test_a_reminder_that_is_held_past_closing_stays_unsent(
    admin_client, failed, smtp_sink
):
    OutgoingEmail.objects.update(
        kind="deadline-reminder", expires_at=timezone.now() - dt.timedelta(hours=1)
    )

    admin_client.post(again(failed))
    deliver_due()

    assert smtp_sink.journal == []
    assert OutgoingEmail.objects.get().state == State.CANCELLED


def test_the_filter_finds_submissions_with_failed_emails(failed, consultation, rf):
    fine = make_sent(consultation, email="bo@riverside.example")
    OutgoingEmail.objects.create(
        key=f"acknowledgement:{fine.pk}",
        kind="acknowledgement",
        to_email="bo@riverside.example",
        about=fine.about,
        message_id="<2@x>",
        state=State.SENT,
        sent_at=timezone.now(),
    )
    OutgoingEmail.objects.create(
        key="else:1",
        kind="acknowledgement",
        to_email="x@x.example",
        about="something:1",
        message_id="<1@x>",
        state=State.DEAD,
    )

    found = Selection.from_string("failed=yes").submissions
    others = Selection.from_string("failed=no").submissions

    assert list(found) == [failed]
    assert list(others) == [fine]
