"""Erasing a person: everything of one, nothing of another, by two people, for good."""

import uuid

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.urls import reverse

from outbox.delivery import deliver_due
from outbox.models import OutgoingEmail
from review.models import Erasure, Intake
from review.services import erasing
from submissions.models import Submission
from tests.review.zebra import (
    ADDRESS,
    MARKERS,
    markers_in_database,
    markers_in_files,
)
from tests.staff import member_of_staff, sign_in
from tests.submissions.sent import make_sent

ERASURES = "/admin/erasures/"


def carry_out(erasure, staff, capture):
    with capture(execute=True):
        return erasing.carry_out(erasure, staff=staff)


def test_nothing_of_an_erased_person_is_left_anywhere(
    zebra, export, eve, olu, django_capture_on_commit_callbacks, smtp_sink
):
    seeded = {marker for _table, marker in markers_in_database()}
    assert seeded == set(MARKERS) - {"zebrabytes"}
    assert {marker for _name, marker in markers_in_files()} >= {
        "zebrabytes",
        "zebraname",
    }

    erasure = erasing.request_erasure(staff=eve, reason="asked", address=ADDRESS)
    carry_out(erasure, olu, django_capture_on_commit_callbacks)
    deliver_due()
    erasing.forget_told_addresses()

    assert markers_in_database() == []
    assert markers_in_files() == []


def test_no_other_request_remembers_the_address(
    zebra, eve, olu, django_capture_on_commit_callbacks
):
    one, other = (
        Erasure.objects.create(address=address, reason="asked", requested_by=eve)
        for address in (ADDRESS, ADDRESS.upper())
    )

    carry_out(one, olu, django_capture_on_commit_callbacks)

    other.refresh_from_db()
    assert (other.address, other.is_waiting) == ("", False)


def test_the_person_is_told_and_the_address_goes_with_the_email(
    zebra, eve, olu, django_capture_on_commit_callbacks, smtp_sink
):
    deliver_due()
    before = len(smtp_sink.journal)
    erasure = erasing.request_erasure(staff=eve, reason="asked", submission=zebra)
    carry_out(erasure, olu, django_capture_on_commit_callbacks)

    deliver_due()

    [mail] = smtp_sink.journal[before:]
    assert mail["To"] == ADDRESS
    assert mail["Subject"] == "We have erased what you sent us"
    erasing.forget_told_addresses()
    assert not OutgoingEmail.objects.filter(to_email=ADDRESS).exists()


def test_what_others_sent_stays(
    zebra, consultation, eve, olu, django_capture_on_commit_callbacks
):
    other = make_sent(consultation, email="other@quagga.example", answers={"1.1": "A"})
    erasure = erasing.request_erasure(staff=eve, reason="asked", address=ADDRESS)

    done = carry_out(erasure, olu, django_capture_on_commit_callbacks)

    assert list(Submission.objects.all()) == [other]
    assert other.answers.count() == 1
    assert done.counts["responses"] == 1
    assert done.counts["files"] == 1


def test_one_response_alone_leaves_the_others_of_that_address(
    zebra, consultation, eve, olu, django_capture_on_commit_callbacks
):
    second = make_sent(consultation, email=ADDRESS, answers={"1.1": "A"})
    erasure = erasing.request_erasure(staff=eve, reason="mistake", submission=zebra)

    carry_out(erasure, olu, django_capture_on_commit_callbacks)

    assert list(Submission.objects.all()) == [second]


def test_drafts_amendments_and_letters_under_an_address_go_too(
    consultation, eve, olu, django_capture_on_commit_callbacks
):
    sent = make_sent(consultation, email="other@quagga.example")
    Submission.objects.create(consultation=consultation, amends=sent, email=ADDRESS)
    Submission.objects.create(consultation=consultation, email=ADDRESS)
    Intake.objects.create(
        consultation=consultation,
        channel="post",
        received_at="2026-01-01T00:00Z",
        email=ADDRESS,
        started_by=eve,
    )
    erasure = erasing.request_erasure(staff=eve, reason="asked", address=ADDRESS)

    done = carry_out(erasure, olu, django_capture_on_commit_callbacks)

    assert Submission.objects.count() == 0
    assert Intake.objects.count() == 0
    assert done.counts["drafts"] == 1
    assert done.counts["intakes"] == 1


def test_whoever_asked_cannot_erase_it(zebra, eve):
    erasure = erasing.request_erasure(staff=eve, reason="asked", submission=zebra)

    with pytest.raises(erasing.NotPossible, match="somebody else"):
        erasing.carry_out(erasure, staff=eve)
    with pytest.raises(IntegrityError), transaction.atomic():
        Erasure.objects.update(erased_at="2026-01-01T00:00Z", decided_by=eve)

    assert Submission.objects.filter(pk=zebra.pk).exists()


def test_refusing_keeps_everything_and_forgets_the_address(zebra, eve, olu):
    erasure = erasing.request_erasure(staff=eve, reason="asked", address=ADDRESS)

    erasing.refuse(erasure, staff=olu)

    erasure.refresh_from_db()
    assert erasure.address == ""
    assert Submission.objects.filter(pk=zebra.pk).exists()
    with pytest.raises(erasing.NotPossible, match="in the meantime"):
        erasing.carry_out(erasure, staff=olu)


def test_what_an_older_backup_brings_back_is_erased_again(
    zebra, consultation, eve, olu, django_capture_on_commit_callbacks
):
    key = zebra.key
    erasure = erasing.request_erasure(staff=eve, reason="asked", submission=zebra)
    carry_out(erasure, olu, django_capture_on_commit_callbacks)
    make_sent(consultation, key=key, name="Zebraname")
    other = make_sent(consultation, key=uuid.uuid4())

    call_command("erase_again", verbosity=0)

    assert list(Submission.objects.all()) == [other]
    assert str(key) not in settings.ERASED_LIST.read_text()


def test_staff_ask_and_another_one_erases_in_the_browser(client, zebra, eve, olu):
    sign_in(client, eve)
    asked = client.post(
        f"{ERASURES}ask/",
        {"who": zebra.reference.lower(), "what": "one", "reason": "asked"},
    )
    erasure = Erasure.objects.get()
    own_page = client.get(f"{ERASURES}{erasure.pk}/").content.decode()
    client.post(f"{ERASURES}{erasure.pk}/erase/")
    assert Submission.objects.filter(pk=zebra.pk).exists()

    sign_in(client, olu)
    page = client.get(f"{ERASURES}{erasure.pk}/").content.decode()
    client.post(f"{ERASURES}{erasure.pk}/erase/")

    assert asked.url == ERASURES
    assert "Another administrator has to erase it" in own_page
    assert zebra.reference in page
    assert "published, and will be taken down" in page
    assert not Submission.objects.filter(pk=zebra.pk).exists()
    assert "Erased: 1 response" in client.get(ERASURES).content.decode()


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ("", "Enter an email address or a reference"),
        ("KIL-HP4RC7WD", "Nothing was sent under that reference"),
        ("nobody@quagga.example", "We hold nothing under that address"),
    ],
)
def test_what_cannot_be_found_is_said_and_kept_in_the_field(
    client, consultation, eve, who, words
):
    sign_in(client, eve)

    page = client.post(
        f"{ERASURES}ask/", {"who": who, "what": "one", "reason": "asked"}
    )

    assert page.status_code == 422
    assert words in page.content.decode()
    assert page.context["form"]["who"].value() == who
    assert Erasure.objects.count() == 0


def test_the_same_is_asked_for_once(client, zebra, eve):
    sign_in(client, eve)
    asked = {"who": ADDRESS, "what": "all", "reason": "asked"}
    client.post(f"{ERASURES}ask/", asked)

    page = client.post(f"{ERASURES}ask/", asked)

    assert "asked for already" in page.content.decode()
    assert Erasure.objects.count() == 1


def test_those_without_the_right_see_and_erase_nothing(client, zebra, eve):
    erasure = erasing.request_erasure(staff=eve, reason="asked", submission=zebra)
    sign_in(client, member_of_staff("reader", "view_submission"))

    answers = [
        client.get(ERASURES).status_code,
        client.get(f"{ERASURES}{erasure.pk}/").status_code,
        client.post(f"{ERASURES}{erasure.pk}/erase/").status_code,
        client.post(f"{ERASURES}{erasure.pk}/refuse/").status_code,
        client.post(f"{ERASURES}ask/").status_code,
    ]

    assert answers == [403] * 5
    assert Submission.objects.filter(pk=zebra.pk).exists()


def test_the_reading_page_leads_to_it(client, zebra, eve):
    sign_in(client, eve)

    page = client.get(
        reverse("admin:submissions_submission_change", args=[zebra.pk])
    ).content.decode()
    form = client.get(f"{ERASURES}?submission={zebra.pk}").context["form"]

    assert f'href="{ERASURES}?submission={zebra.pk}"' in page
    assert form["who"].value() == zebra.reference


@pytest.mark.parametrize("count", [1, 3])
def test_list_takes_the_same_number_of_queries(
    count, client, consultation, eve, olu, django_assert_num_queries
):
    for _ in range(count):
        sent = make_sent(consultation)
        erasing.request_erasure(staff=eve, reason="asked", submission=sent)
        other = erasing.request_erasure(
            staff=eve, reason="asked", submission=make_sent(consultation)
        )
        erasing.refuse(other, staff=olu)
    sign_in(client, eve)
    client.get(ERASURES)

    with django_assert_num_queries(10):
        client.get(ERASURES)
