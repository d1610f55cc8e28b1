"""The moderators' pages: what waits, and one response on the desk."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse

from review.models import PublishedResponse
from review.services import publishing
from submissions.models import StoredFile
from tests.staff import member_of_staff, sign_in
from tests.submissions.sent import make_sent


@pytest.fixture
def mona(db):
    return member_of_staff("mona", "view_submission", "moderate_submission")


@pytest.fixture
def desk(client, consultation, mona):
    """Mona at her browser, with a response on the desk."""
    return Desk(
        sign_in(client, mona),
        make_sent(consultation, answers={"1.4": "Ring Bob. Bob knows."}),
    )


class Desk:
    def __init__(self, client, submission):
        self.client, self.submission = client, submission
        self.url = reverse("admin:review_desk", args=[submission.pk])

    def get(self):
        return self.client.get(self.url).content.decode()

    def post(self, page, **fields):
        return self.client.post(f"{self.url}{page}/", fields)


def test_desk_shows_the_text_beside_what_the_public_reads(desk):
    desk.post(
        "redact", place="question-1-4", quote="Bob", start="5", reason="third-party"
    )

    page = desk.get()

    assert 'Ring <mark class="redacted">Bob</mark>. Bob knows.' in page
    assert (
        'Ring <span class="taken-out">[redacted: about somebody else]</span>. Bob'
        in page
    )


def test_desk_gives_back_what_cannot_be_redacted(desk):
    response = desk.post(
        "redact", place="question-1-4", quote="Bob", reason="third-party", words="Kin"
    )

    page = response.content.decode()
    assert response.status_code == 422
    assert "These words stand in the text 2 times" in page
    assert ">Bob</textarea>" in page
    assert 'value="Kin"' in page


def test_desk_asks_for_words_with_another_reason(desk):
    response = desk.post(
        "redact", place="question-1-4", quote="knows", reason="other", words=""
    )

    assert response.status_code == 422
    assert "Say in words why" in response.content.decode()


def test_desk_takes_a_response_from_approval_to_the_public_and_back(desk):
    desk.post("approve", revision="0")
    desk.post("publish")
    desk.submission.refresh_from_db()
    assert desk.submission.published_at is not None

    refused = desk.post("take-down", **{"down-reason": ""})
    assert refused.status_code == 422

    desk.post("take-down", **{"down-reason": "They asked."})
    desk.submission.refresh_from_db()
    assert desk.submission.published_at is None
    assert "They asked." in desk.get()


def test_desk_leads_on_with_what_else_was_found(desk):
    desk.submission.answers.update(text="Write to bob@example.org or bob@example.com.")

    response = desk.post(
        "redact",
        place="question-1-4",
        quote="bob@example.org",
        reason="personal-data",
        everywhere="on",
        finding="on",
    )

    assert response.url.endswith("#findings")
    assert "[redacted: personal data]" in desk.get()


def test_desk_says_what_is_not_possible(desk):
    response = desk.client.post(f"{desk.url}publish/", follow=True)

    assert "It is not approved" in response.content.decode()


def test_desk_leads_on_to_the_next_to_check(desk, consultation):
    other = make_sent(consultation, answers={"1.4": "Next."})

    response = desk.post("approve", revision="0", next="on")

    assert response.url == reverse("admin:review_desk", args=[other.pk])


def test_desk_wants_files_opened_before_they_are_approved(desk):
    stored = StoredFile.objects.create(
        name="stored", size=3, sha256="0" * 64, content_type="text/plain"
    )
    default_storage.save(stored.name, ContentFile(b"abc"))
    desk.submission.attachments.create(stored=stored, name="notes.txt")

    refused = desk.post("approve", revision="0")
    assert refused.status_code == 422
    assert "Open each file first" in refused.content.decode()

    desk.post("approve", revision="0", has_opened_files="on")
    assert publishing.decision_about(desk.submission).what == "approved"


def test_desk_leaves_only_what_was_found(desk):
    desk.submission.answers.update(text="Write to bob@example.org.")

    desk.client.post(
        f"{desk.url}leave/",
        {
            "place": ["question-1-4", "question-1-4"],
            "text": ["bob@example.org", "of my own"],
        },
    )

    left = desk.submission.left_as_it_is.values_list("text", flat=True)
    assert list(left) == ["bob@example.org"]


def test_preview_is_the_public_page(desk):
    url = reverse("admin:review_preview", args=[desk.submission.pk, "with-name"])

    page = desk.client.get(url).content.decode()

    assert "Ring Bob. Bob knows." in page
    assert "Preview." in page
    assert desk.client.get(url.replace("with-name", "not")).status_code == 404


def test_list_publishes_what_is_ticked_and_says_what_was_not_possible(
    client, consultation, mona
):
    sign_in(client, mona)
    ready, lapsed = (
        make_sent(consultation, answers={"1.4": "Yes."}) for _number in range(2)
    )
    for submission in (ready, lapsed):
        publishing.approve(submission, staff=mona, revision=0)
    lapsed.revisions.create(number=1, sent_at="2026-01-01T00:00Z", contents={})

    response = client.post(
        reverse("admin:review_publish_chosen"),
        {"chosen": [ready.pk, lapsed.pk]},
        follow=True,
    )

    page = response.content.decode()
    assert "1 response is published" in page
    assert f"{lapsed.reference}: It was changed after it was approved" in page
    assert PublishedResponse.objects.get().submission == ready


@pytest.mark.parametrize("number", [1, 3])
def test_moderators_pages_take_the_same_queries_for_one_and_for_many(
    client, consultation, mona, number, django_assert_num_queries
):
    sign_in(client, mona)
    for one in range(number):
        submission = make_sent(
            consultation,
            answers={f"1.{place + 1}": f"Bob {one}" for place in range(number)},
        )
        for place in range(number):
            publishing.redact(
                submission,
                f"question-1-{place + 1}",
                "Bob",
                staff=mona,
                reason="third-party",
            )
    desk = reverse("admin:review_desk", args=[submission.pk])

    with django_assert_num_queries(12):
        client.get(reverse("admin:review_publishing"))
    with django_assert_num_queries(24):
        client.get(desk)


def test_only_moderators_come_to_the_desk(client, consultation):
    submission = make_sent(consultation, answers={"1.4": "Yes."})
    reader = member_of_staff("rita", "view_submission", "review_submission")
    sign_in(client, reader)
    desk = reverse("admin:review_desk", args=[submission.pk])

    assert client.get(desk).status_code == 403
    assert client.get(reverse("admin:review_publishing")).status_code == 403
    assert client.post(f"{desk}approve/", {"revision": 0}).status_code == 403
    assert submission.publishing_decisions.count() == 0


def test_reading_page_lets_moderators_redact_what_may_be_published(
    client, consultation, mona
):
    submission = make_sent(consultation, answers={"1.4": "Yes.", "1.5": "No."})
    submission.answers.filter(text="No.").update(confidence="locality-only")
    page = reverse("admin:submissions_submission_change", args=[submission.pk])
    reader = member_of_staff("rita", "view_submission", "review_submission")

    moderators = sign_in(client, mona).get(page).content.decode()
    readers = sign_in(client, reader).get(page).content.decode()

    redact = reverse("admin:review_redact", args=[submission.pk])
    assert moderators.count(f'action="{redact}"') == 1
    assert redact not in readers
    assert "To check" in readers


def test_history_tells_what_was_decided_and_redacted(desk):
    desk.post("redact", place="question-1-4", quote="knows", reason="third-party")
    desk.post("approve", revision="0")
    page = reverse("admin:submissions_submission_change", args=[desk.submission.pk])

    history = desk.client.get(page).content.decode()

    assert "Redacted words" in history
    assert "Approved" in history


def test_what_was_refused_is_not_told_as_done(desk):
    desk.post("publish")
    page = reverse("admin:submissions_submission_change", args=[desk.submission.pk])

    assert "Published" not in desk.client.get(page).content.decode()
