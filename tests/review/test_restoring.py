"""What is put right when the database has gone back in time."""

import datetime as dt

from django.db import connection
from django.utils import timezone

from outbox.models import OutgoingEmail, State
from outbox.services import enqueue
from outbox.words import what_happened
from review import retention
from review.models import Erasure, Export, Intake
from review.services import erasing, restoring
from submissions import reminders
from submissions.models import Submission
from tests.outbox.enqueued import enqueued
from tests.review.intakes import make_intake
from tests.review.zebra import ADDRESS
from tests.staff import sign_in
from tests.submissions.sent import make_draft, make_sent


def test_emails_that_waited_are_left_to_staff_who_are_told_why(db, draft):
    email = enqueued("erasure-done", key="x", to="x@quagga.example", context={})

    restoring.put_right()

    email.refresh_from_db()
    assert (email.state, email.ambiguous) == (State.UNKNOWN, 1)
    assert what_happened(email) == (
        "It was waiting in the backup that was restored: it may have been sent since."
    )


def test_a_draft_that_may_have_been_reminded_is_not_again_and_the_next_step_is_its_own(
    consultation,
):
    now = timezone.now()
    draft = make_draft(
        consultation,
        email="a@quagga.example",
        wants_reminders=True,
        created_at=now - dt.timedelta(days=20),
    )
    [first, _second, last] = reminders.steps(consultation, now)
    # Restored an hour after the first step; whether that went out, nobody knows.
    reminders.count_as_reminded(first.due_at + dt.timedelta(hours=1))

    assert reminders.plan(first.due_at + dt.timedelta(hours=2)) == 0
    assert reminders.plan(last.due_at) == 1
    assert OutgoingEmail.objects.get().about == draft.about


def test_a_step_that_comes_due_after_the_restore_is_put_off_and_not_lost(consultation):
    make_draft(
        consultation,
        email="a@quagga.example",
        wants_reminders=True,
        created_at=timezone.now() - dt.timedelta(days=20),
    )
    [step, *_others] = reminders.steps(consultation)
    reminders.count_as_reminded(step.due_at - dt.timedelta(hours=1))

    assert reminders.plan(step.due_at) == 0
    assert reminders.plan(step.due_at + dt.timedelta(hours=20)) == 1


def test_notices_of_deletion_may_have_gone_out_and_delete_nothing_until_staff_decide(
    consultation, close, settings
):
    days = settings.KEEP_DRAFTS_DAYS + 1
    close(minutes=days * 24 * 60)
    draft = make_draft(consultation, email="a@quagga.example")

    restoring.put_right()
    retention.plan()

    notice = OutgoingEmail.objects.get()
    assert (notice.kind, notice.state) == ("draft-deletion", State.UNKNOWN)
    OutgoingEmail.objects.update(created_at=timezone.now() - dt.timedelta(days=15))
    assert not retention.drafts_due().exists()
    # Somebody sends it again, and it arrives.
    OutgoingEmail.objects.update(state=State.SENT, sent_at=timezone.now())
    assert list(retention.drafts_due()) == [draft]


def test_staff_are_signed_out_and_the_draft_in_the_same_browser_stays(ada, admin_user):
    sign_in(ada.client, admin_user)
    assert ada.client.get("/admin/").status_code == 200

    counts = restoring.put_right()

    assert counts["staff signed out"] == 1
    assert ada.client.get("/admin/").status_code == 302
    assert ada.get().status_code == 200


def test_exports_whose_files_no_backup_has_are_removed(export, smtp_sink):
    restoring.put_right()

    assert not Export.objects.standing().exists()


def test_numbers_that_may_have_been_given_away_since_are_left_out(consultation, eve):
    before = make_sent(consultation)

    restoring.put_right()

    after = make_sent(consultation)
    assert after.pk > before.pk + 1_000_000
    # Also where nothing was numbered yet.
    assert Erasure.objects.create(reason="asked", requested_by=eve).pk > 1_000_000


def test_letters_invitations_and_emails_that_come_back_are_erased_again(
    consultation, eve, olu
):
    """Under an address that has sent nothing itself."""
    make_intake(eve, email=ADDRESS)
    other = make_sent(consultation)
    other.invitations.create(name="Zebra", email=ADDRESS, parts=["section-1"])
    enqueue("resume-link", key="x", to=ADDRESS, context={})
    copies = copies_of(
        "review_intake", "submissions_invitation", "outbox_outgoingemail"
    )
    asked = erasing.request_erasure(staff=eve, reason="asked", address=ADDRESS)
    erasing.carry_out(asked, staff=olu)

    bring_back(copies)
    count = erasing.erase_again()

    assert count == 3
    assert Intake.objects.count() == 0
    assert other.invitations.count() == 0
    assert not OutgoingEmail.objects.filter(key="x").exists()


def test_a_letter_that_was_taken_in_before_it_was_erased_is_erased_as_a_letter_too(
    consultation, eve, olu
):
    letter = make_intake(eve, email=ADDRESS)
    copies = copies_of("review_intake")
    sent = make_sent(consultation, email=ADDRESS)
    Intake.objects.filter(pk=letter.pk).update(
        submission=sent,
        handed_over_at=timezone.now(),
        handed_over_by=eve,
        checked_at=timezone.now(),
        checked_by=olu,
    )
    asked = erasing.request_erasure(staff=eve, reason="asked", submission=sent)
    erasing.carry_out(asked, staff=olu)

    bring_back(copies)

    assert erasing.erase_again() == 1
    assert Intake.objects.count() == 0


def test_what_another_machine_erased_is_erased_again_here(
    consultation, eve, olu, kept_as_objects, settings, tmp_path
):
    make_sent(consultation, email=ADDRESS)
    copies = copies_of("submissions_submission")
    settings.ERASED_LIST = tmp_path / "of-the-other-machine"
    asked = erasing.request_erasure(staff=eve, reason="asked", address=ADDRESS)
    erasing.carry_out(asked, staff=olu)
    settings.ERASED_LIST = tmp_path / "of-this-machine"

    bring_back(copies)
    erasing.erase_again()

    assert Submission.objects.count() == 0


def test_a_request_that_waited_for_what_is_erased_forgets_the_address(
    consultation, eve, olu
):
    make_sent(consultation, email=ADDRESS)
    copies = copies_of("submissions_submission")
    asked = erasing.request_erasure(staff=eve, reason="asked", address=ADDRESS)
    erasing.carry_out(asked, staff=olu)
    OutgoingEmail.objects.all().delete()
    bring_back(copies)
    Erasure.objects.create(reason="asked", requested_by=eve, address=ADDRESS)

    erasing.erase_again()

    assert not Erasure.objects.filter(address=ADDRESS).exists()
    assert Submission.objects.count() == 0


def copies_of(*tables):
    """Keep the rows of these tables as they are, as a backup does."""
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"CREATE TEMP TABLE copy_{table} AS TABLE {table}")
    return tables


def bring_back(tables):
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"INSERT INTO {table} TABLE copy_{table}")
