"""Erasing while others work, and what staff kept of a person in their own tools."""

import threading

import pytest
from django.db import connection

from outbox.models import OutgoingEmail, State
from review.intake import services as intakes
from review.models import AuditEntry, Intake, SavedSelection, mark_of
from review.services import erasing
from submissions.models import Submission
from tests.review.intakes import make_intake, moderator
from tests.staff import member_of_staff
from tests.submissions.sent import make_sent

ADDRESS = "post@quagga.example"


@pytest.fixture
def pair(db):
    names = ["eve", "olu"]
    return [
        member_of_staff(name, "view_submission", "erase_submission") for name in names
    ]


@pytest.mark.django_db(transaction=True)
def test_a_letter_that_is_being_taken_in_is_erased_too(
    consultation, pair, monkeypatch, settings, tmp_path
):
    settings.ERASED_LIST = tmp_path / "erased.txt"
    eve, olu = pair
    mo, cy = moderator("mo"), moderator("cy")
    intake = make_intake(mo, email=ADDRESS)
    intakes.keep_texts(intake, {"question-1-1": ("Words", "", mark_of())})
    intakes.hand_over(intake, staff=mo)
    intake.refresh_from_db()
    erasure = erasing.request_erasure(staff=eve, reason="asked", address=ADDRESS)
    is_inside, may_go_on = threading.Event(), threading.Event()
    make_submission = intakes._make_submission

    def slowly(locked):
        is_inside.set()
        may_go_on.wait(10)
        return make_submission(locked)

    def take_in():
        try:
            intakes.take_in(intake, staff=cy, seen=intake.handed_over_at)
        finally:
            connection.close()

    monkeypatch.setattr(intakes, "_make_submission", slowly)
    worker = threading.Thread(target=take_in)
    worker.start()
    assert is_inside.wait(10)
    # Erasing begins while the letter is held, and waits.
    threading.Timer(0.3, may_go_on.set).start()
    erasing.carry_out(erasure, staff=olu)
    worker.join(10)

    assert not Submission.objects.exists()
    assert not Intake.objects.exists()


def test_saved_searches_for_an_erased_person_go_and_others_stay(
    consultation, pair, settings, tmp_path, django_capture_on_commit_callbacks
):
    settings.ERASED_LIST = tmp_path / "erased.txt"
    eve, olu = pair
    make_sent(consultation, name="Zebraname Quagga", email=ADDRESS)
    for name, query in [
        ("One", "q=Quagga"),
        ("Two", f"q={ADDRESS}"),
        ("Zebraname quagga", "type=council"),
        ("Contracts", "q=contracts"),
        # Within a word of hers, and hers within another's.
        ("Named", "q=name"),
        ("Quaggas", "q=Zebraname Quaggas"),
        ("All", ""),
    ]:
        SavedSelection.objects.create(name=name, query=query, owner=eve)

    erasure = erasing.request_erasure(staff=eve, reason="asked", address=ADDRESS)
    with django_capture_on_commit_callbacks(execute=True):
        erasing.carry_out(erasure, staff=olu)

    left = SavedSelection.objects.values_list("name", flat=True)
    assert list(left) == ["All", "Contracts", "Named", "Quaggas"]


def test_what_is_sent_again_stands_in_the_audit_log_by_its_ids(admin_client):
    dead = OutgoingEmail.objects.create(
        kind="acknowledgement", key="a", to_email="a@b.example", state=State.DEAD
    )

    admin_client.post(
        "/admin/outbox/outgoingemail/",
        {"action": "send_again", "_selected_action": [dead.pk]},
    )

    entry = AuditEntry.objects.latest("pk")
    assert entry.details == {"action": "send_again", "ids": [str(dead.pk)]}


@pytest.mark.parametrize("chosen", ["what somebody wrote", "\u0661", ""])
def test_a_row_that_cannot_be_is_refused_and_not_written_down(admin_client, chosen):
    response = admin_client.post(
        "/admin/outbox/outgoingemail/",
        {"action": "send_again", "_selected_action": [chosen]},
    )

    entry = AuditEntry.objects.latest("pk")
    assert (response.status_code, entry.status, entry.details) == (400, 400, {})
