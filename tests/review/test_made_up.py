"""Made-up submissions, to try the staff site on."""

import pytest
from django.core.management import CommandError, call_command

from consultations.models import Consultation
from outbox.models import OutgoingEmail
from review.made_up.rows import Maker
from review.models import Reading, ThemedPassage
from review.said import said_in
from submissions.models import Answer, Submission
from submissions.services.revisions import keep_revision
from tests.staff import sign_in


def make(count, seed=1):
    call_command("make_submissions", count, seed=seed, verbosity=0)


def test_as_many_are_made_as_asked_for_and_nobody_is_written_to(consultation):
    make(30)

    assert Submission.objects.submitted().count() == 30
    assert OutgoingEmail.objects.count() == 0


def test_the_same_seed_makes_the_same_evidence(consultation):
    make(5, seed=7)
    first = list(Answer.objects.order_by("pk").values_list("text", flat=True))
    Submission.objects.all().delete()

    make(5, seed=7)

    again = list(Answer.objects.order_by("pk").values_list("text", flat=True))
    assert len(first) > 5
    assert again == first


def test_a_second_helping_comes_on_top(consultation):
    make(5)
    make(5)

    assert Submission.objects.count() == 10


def test_a_million_references_are_all_different(consultation):
    maker = Maker(consultation, 1)

    references = {maker.reference() for _ in range(1_000_000)}

    assert len(references) == 1_000_000


def test_what_changed_in_it_since_can_be_looked_at(
    admin_client, admin_user, consultation
):
    sign_in(admin_client, admin_user)
    make(1)
    [made] = Submission.objects.all()
    keep_revision(made, sent_from=made.key)

    page = admin_client.get(f"/admin/reading/{made.pk}/changes/1/")

    assert page.status_code == 200
    assert made.name in {change.after for change in page.context["changes"]}


def test_colleagues_who_cannot_sign_in_have_worked_on_some(consultation):
    call_command("make_submissions", 30, with_work=True, verbosity=0)

    assert Reading.objects.count() > 3
    passage = ThemedPassage.objects.first()
    [said] = [one for one in said_in(passage.submission) if one.place == passage.place]
    assert said.text[passage.start : passage.end] == passage.quote
    assert not passage.added_by.has_usable_password()


def test_all_were_sent_while_the_rehearsal_was_open(consultation):
    make(20)

    consultation.refresh_from_db()
    for submission in Submission.objects.all():
        assert submission.submitted_at > consultation.opens_at


def test_none_are_put_into_a_real_call(consultation):
    Consultation.objects.update(is_rehearsal=False)

    with pytest.raises(CommandError, match="no place in a call"):
        make(5)

    assert Submission.objects.count() == 0
