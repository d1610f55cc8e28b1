"""From a response to its public copy: redactions, decisions, and what undoes them."""

import pytest
from django.db import IntegrityError, transaction

from review import passages
from review.finding.selection import Selection
from review.models import PublishedText, Redaction
from review.publishing import queue
from review.publishing.desk import Desk
from review.services import publishing
from submissions import services
from submissions.models import Publication, Submission
from submissions.services.revisions import keep_revision
from tests.staff import member_of_staff
from tests.submissions.sent import make_sent


@pytest.fixture
def mona(db):
    return member_of_staff("mona", "view_submission", "moderate_submission")


@pytest.fixture
def sent(consultation):
    submission = make_sent(
        consultation,
        name="Ada Byron",
        email="ada@riverside.example",
        respondent_type="community-organisation",
        answers={"1.4": "Ring Bob. Bob knows.", "2.1": "We lost the library."},
        comments={2: ("agree", "Bob agrees too.")},
    )
    keep_revision(submission, sent_from=submission.key)
    return submission


def approve(submission, mona):
    publishing.approve(
        submission, staff=mona, revision=publishing.revision_of(submission)
    )


def publish(submission, mona):
    approve(submission, mona)
    publishing.publish(submission, staff=mona)
    submission.refresh_from_db()
    return list(submission.published_responses.order_by("name"))


def texts_of(copy):
    return list(copy.texts.order_by("pk").values_list("text", flat=True))


def test_publishing_gives_the_public_a_copy_under_an_id_of_its_own(sent, mona):
    (copy,) = publish(sent, mona)

    assert texts_of(copy) == [
        "Ring Bob. Bob knows.",
        "We lost the library.",
        "Bob agrees too.",
    ]
    assert (copy.name, copy.respondent_type) == (
        "Riverside Community Trust",
        "community-organisation",
    )
    assert copy.contents["name"] == "Ada Byron"


def test_redaction_takes_the_chosen_words_out_and_says_why(sent, mona):
    made = publishing.redact(
        sent, "question-1-4", "Bob", start=10, staff=mona, reason="third-party"
    )

    (copy,) = publish(sent, mona)
    assert made == 1
    assert texts_of(copy)[0] == "Ring Bob. [redacted: about somebody else] knows."


def test_redaction_everywhere_reaches_every_text(sent, mona):
    made = publishing.redact(
        sent,
        "question-1-4",
        "Bob",
        everywhere=True,
        staff=mona,
        reason="personal-data",
    )

    (copy,) = publish(sent, mona)
    assert made == 3
    assert "Bob" not in str(copy.contents) + str(texts_of(copy))


@pytest.mark.parametrize("where", [{"start": 1}, {"everywhere": True}])
def test_redaction_leaves_no_half_of_a_word_to_the_public(sent, mona, where):
    publishing.redact(
        sent,
        "question-2-1",
        "e lost the lib",
        staff=mona,
        reason="third-party",
        **where,
    )

    (copy,) = publish(sent, mona)
    assert texts_of(copy)[1] == "[redacted: about somebody else]."


def test_redaction_of_words_that_stand_often_asks_which(sent, mona):
    with pytest.raises(passages.StandsOften):
        publishing.redact(
            sent, "question-1-4", "Bob", staff=mona, reason="personal-data"
        )

    assert Redaction.objects.count() == 0


def test_redaction_of_a_whole_text_leaves_its_reason(sent, mona):
    publishing.redact(sent, "question-2-1", staff=mona, reason="commercial")

    (copy,) = publish(sent, mona)
    assert texts_of(copy)[1] == "[redacted: commercially sensitive]"


def test_overlapping_redactions_leave_nothing_between_them(sent, mona):
    for words in ("lost the", "the library"):
        publishing.redact(
            sent, "question-2-1", words, staff=mona, reason="personal-data"
        )

    (copy,) = publish(sent, mona)
    assert texts_of(copy)[1] == (
        "We [redacted: personal data][redacted: personal data]."
    )


def test_redaction_made_twice_is_one(sent, mona):
    for _time in range(2):
        publishing.redact(sent, "question-2-1", staff=mona, reason="other", words="So")

    assert Redaction.objects.count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        sent.redactions.create(place="question-2-1", reason="third-party")


def test_redaction_after_publishing_changes_the_copy_at_once(sent, mona):
    (before,) = publish(sent, mona)

    publishing.redact(sent, "question-2-1", "library", staff=mona, reason="third-party")

    (after,) = sent.published_responses.all()
    assert after.public_id == before.public_id
    assert texts_of(after)[1] == "We lost the [redacted: about somebody else]."
    assert not PublishedText.objects.filter(text__contains="library").exists()


def test_redaction_can_be_lifted_and_is_kept_as_lifted(sent, mona):
    publishing.redact(sent, "question-2-1", staff=mona, reason="commercial")
    redaction = sent.redactions.get()

    publishing.lift(redaction, staff=mona)

    (copy,) = publish(sent, mona)
    redaction.refresh_from_db()
    assert redaction.lifted_by == mona
    assert texts_of(copy)[1] == "We lost the library."


def test_redaction_lifted_ends_the_approval_that_counted_on_it(sent, mona):
    publishing.redact(sent, "question-2-1", staff=mona, reason="commercial")
    approve(sent, mona)

    publishing.lift(sent.redactions.get(), staff=mona)

    with pytest.raises(publishing.NotPossible, match="not approved"):
        publishing.publish(sent, staff=mona)


def test_redaction_of_what_is_published_is_not_lifted(sent, mona):
    publishing.redact(sent, "question-2-1", staff=mona, reason="commercial")
    publish(sent, mona)

    with pytest.raises(publishing.NotPossible, match="down first"):
        publishing.lift(sent.redactions.get(), staff=mona)

    assert sent.redactions.standing().count() == 1


def test_approval_lapses_when_the_respondent_sends_changes(sent, mona):
    approve(sent, mona)
    assert state_of(sent) == "approved"

    amendment = services.amend(sent)
    amendment.answers.filter(question__code="2.1").update(text="We lost two.")
    services.submit(amendment)

    assert state_of(sent) == "to-check"
    with pytest.raises(publishing.NotPossible, match="changed after"):
        publishing.publish(sent, staff=mona)


def state_of(submission):
    return queue.with_state(Submission.objects.filter(pk=submission.pk)).get().state


def test_approval_lapses_when_the_respondent_chooses_again(sent, mona):
    approve(sent, mona)

    services.choose_publication(sent, "without-name")

    assert state_of(sent) == "to-check"


def test_approval_is_of_what_was_read(sent, mona):
    read = publishing.revision_of(sent)
    services.choose_publication(sent, "without-name")

    with pytest.raises(publishing.NotPossible, match="in the meantime"):
        publishing.approve(sent, staff=mona, revision=read)


def test_redactions_whose_words_are_gone_stand_in_the_way(sent, mona):
    publishing.redact(sent, "question-2-1", "library", staff=mona, reason="third-party")
    sent.answers.filter(question__code="2.1").update(text="We lost it.")

    with pytest.raises(publishing.NotPossible, match="gone from the text"):
        approve(sent, mona)


def test_nothing_is_approved_without_consent(consultation, mona):
    for choice in ("", "not"):
        submission = make_sent(consultation, publication=choice, answers={"1.4": "No."})

        with pytest.raises(publishing.NotPossible, match="Nothing in it"):
            approve(submission, mona)


def test_what_looks_like_personal_data_is_decided_before_approval(sent, mona):
    sent.publication = "without-name"
    sent.save()
    sent.answers.filter(question__code="1.4").update(
        text="I am Ada Byron, bob@example.org, SW1A 1AA."
    )

    found = Desk(sent).findings
    assert [(one.place, one.text) for one in found] == [
        ("question-1-4", "bob@example.org"),
        ("question-1-4", "SW1A 1AA"),
        ("question-1-4", "Ada Byron"),
    ]
    with pytest.raises(publishing.NotPossible, match="3 things"):
        approve(sent, mona)

    for text in ("bob@example.org", "Ada Byron"):
        publishing.redact(
            sent, "question-1-4", text, staff=mona, reason="personal-data"
        )
    publishing.leave(sent, [("question-1-4", "SW1A 1AA")], staff=mona)

    (copy,) = publish(sent, mona)
    hidden = "[redacted: personal data]"
    assert texts_of(copy)[0] == f"I am {hidden}, {hidden}, SW1A 1AA."


def test_names_that_are_never_published_are_found_in_a_response_with_a_name(sent):
    sent.signed_off_by = "Cora Chair"
    sent.save()
    sent.invitations.create(name="Gus Guest", parts=["items"])
    sent.answers.filter(question__code="2.1").update(
        text="Cora Chair and Gus Guest of Riverside Community Trust."
    )

    assert {one.text for one in Desk(sent).findings} == {"Cora Chair", "Gus Guest"}


def test_what_is_kept_apart_from_the_name_is_published_apart(sent, mona):
    sent.answers.filter(question__code="2.1").update(confidence="without-name")

    named, unnamed = publish(sent, mona)

    assert texts_of(unnamed) == ["We lost the library."]
    assert (unnamed.name, unnamed.respondent_type) == (None, "")
    assert "We lost the library." not in str(named.contents)
    assert "Riverside" not in str(unnamed.contents)


def test_taking_down_removes_the_copy_and_keeps_the_reason(sent, mona):
    publish(sent, mona)

    publishing.take_down(sent, staff=mona, reason="They asked us to.")

    sent.refresh_from_db()
    decision = publishing.decision_about(sent)
    assert sent.published_at is None
    assert PublishedText.objects.count() == 0
    assert (decision.what, decision.reason) == ("taken-down", "They asked us to.")
    assert state_of(sent) == "not"
    assert sent.publishing_decisions.count() == 3


def test_narrowing_what_may_be_published_takes_the_copy_away_at_once(sent, mona):
    publish(sent, mona)

    publishing.narrow(
        sent, Publication.WITHOUT_NAME, staff=mona, reason="They rang us."
    )

    sent.refresh_from_db()
    assert (sent.publication, sent.published_at) == ("without-name", None)
    assert sent.published_responses.count() == 0
    assert sent.revisions.count() == 2
    assert state_of(sent) == "to-check"


def test_staff_never_widen_what_may_be_published(sent, mona):
    sent.publication = "without-name"
    sent.save()

    for choice in ("with-name", "without-name"):
        with pytest.raises(publishing.NotPossible, match="Choose less"):
            publishing.narrow(sent, choice, staff=mona, reason="So it is.")


def test_erasing_a_response_erases_its_copy(sent, mona):
    publish(sent, mona)
    publishing.redact(sent, "question-2-1", staff=mona, reason="commercial")

    sent.delete()

    assert PublishedText.objects.count() == Redaction.objects.count() == 0


def test_what_was_withdrawn_is_not_decided_about(sent, mona):
    services.withdraw(sent)

    with pytest.raises(publishing.NotPossible, match="withdrawn"):
        approve(sent, mona)


def test_publishing_twice_makes_one_copy(sent, mona):
    publish(sent, mona)

    with pytest.raises(publishing.NotPossible, match="already"):
        publishing.publish(sent, staff=mona)

    assert sent.published_responses.count() == 1


def test_queue_counts_what_waits_for_what(consultation, sent, mona):
    make_sent(consultation, publication="not")
    held, approved, published = (
        make_sent(consultation, answers={"1.4": "Yes."}) for _number in range(3)
    )
    publishing.hold_back(held, staff=mona, reason="A joke.")
    approve(approved, mona)
    publish(published, mona)

    numbers = {"to-check": 1, "approved": 1, "published": 1, "not": 2}
    assert queue.counts(Selection.from_string("")) == (numbers, None)
    standing = Submission.objects.submitted()
    assert list(queue.in_state(standing, "to-check")) == [sent]
    assert queue.next_to_check(standing, sent) is None
    assert queue.next_to_check(standing, held) == sent
