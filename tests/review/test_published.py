"""What anyone may read: published copies, and nothing else of what was ever sent."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse

from consultations.models import Consultation
from review.models import PublishedResponse
from review.services import publishing
from submissions.models import (
    EvidenceKind,
    MayQuote,
    Shows,
    StoredFile,
    Submission,
)
from tests.staff import member_of_staff, sign_in
from tests.submissions.sent import make_draft, make_sent

CONFIDENCES = ["publish", "without-name", "locality-only"]


@pytest.fixture
def mona(db):
    return member_of_staff("mona", "view_submission", "moderate_submission")


def publish(submission, mona):
    publishing.approve(
        submission, staff=mona, revision=publishing.revision_of(submission)
    )
    publishing.publish(submission, staff=mona)
    submission.refresh_from_db()
    return submission.published_responses.order_by("name")


def pages_of(consultation):
    """Every public address with something published, and searches for all words."""
    listed = reverse("published:responses", args=[consultation.slug])
    yield from [listed, f"{listed}?q=zsecret", "/", "/healthz/outbox/"]
    for page in ("", "text/", "privacy/"):
        yield f"/calls/{consultation.slug}/{page}"
    for copy in PublishedResponse.objects.all():
        yield reverse("published:response", args=[consultation.slug, copy.pk])
        for file in copy.files.all():
            yield reverse("published:file", args=[consultation.slug, copy.pk, file.pk])
    for section in consultation.sections.all():
        for question in section.questions.all():
            about = f"question-{question.slug}"
            yield reverse("published:about", args=[consultation.slug, about])
    for number in range(1, 6):
        yield reverse(
            "published:about", args=[consultation.slug, f"principle-{number}"]
        )


def read(client, url):
    response = client.get(url)
    assert response.status_code == 200, url
    content = b"".join(response) if response.streaming else response.content
    return content.decode() + str(response.headers)


def everything_public(client, consultation):
    return {url: read(client, url) for url in pages_of(consultation)}


def seed(consultation, publication, name):
    """Make a response with a marker of its own in every field and confidence.

    Markers are words like "zanswerwithoutname": of the response, field and confidence.
    """

    def mark(field, confidence=""):
        return f"{name}{field}{confidence}".replace("-", "")

    submission = make_sent(
        consultation,
        publication=publication,
        name=mark("person"),
        organisation=mark("organisation"),
        email=f"{mark('email')}@example.org",
        signed_off_by=mark("signer"),
        holds_contracts="yes",
        respondent_type="think-tank",
    )
    submission.invitations.create(
        name=mark("guest"), email=f"{mark('guestmail')}@example.org", parts=["items"]
    )
    submission.past_texts.create(field="answer-1-1", text=mark("past"))
    questions = list(consultation.sections.first().questions.all())
    versions = list(consultation.principles.order_by("number"))
    for number, confidence in enumerate(CONFIDENCES):
        submission.answers.create(
            question=questions[number],
            text=f"{mark('answer', confidence)} {mark('secret', confidence)}",
            confidence=confidence,
        )
        version = versions[number].versions.get()
        submission.principle_comments.create(
            version=version,
            stance="agree",
            comment=mark("comment", confidence),
            confidence=confidence,
        )
        submission.sentence_comments.create(
            sentence=version.sentences.first(),
            comment=mark("sentence", confidence),
            suggestion=mark("wording", confidence),
            confidence=confidence,
        )
        _item_and_files(submission, mark, confidence)
    submission.principle_comments.create(
        comment=mark("general"), confidence="locality-only"
    )
    unquotable = submission.items.create(
        title=mark("unquotabletitle"),
        details=mark("unquotable"),
        may_quote=MayQuote.NO,
    )
    _attach(submission, mark("unquotablefile"), "publish", unquotable)
    return submission


def _item_and_files(submission, mark, confidence):
    item = submission.items.create(
        title=mark("title", confidence),
        details=mark("details", confidence),
        place=mark("place", confidence),
        service=mark("service", confidence),
        period=mark("period", confidence),
        source_url=f"https://{mark('source', confidence)}.example/",
        kind=EvidenceKind.FIGURES,
        shows=Shows.MIXED,
        confidence=confidence,
    )
    _attach(submission, mark("itemfile", confidence), "publish", item)
    _attach(submission, mark("file", confidence), confidence, None)


def _attach(submission, marker, confidence, item):
    stored = StoredFile.objects.create(
        name=f"stored-{marker}", size=3, sha256="0" * 64, content_type="text/plain"
    )
    default_storage.save(stored.name, ContentFile(f"inside{marker}".encode()))
    submission.attachments.create(
        stored=stored, item=item, name=f"{marker}.txt", confidence=confidence
    )


FIELDS = ["answer", "comment", "sentence", "wording", "title", "details", "place"]
FIELDS += ["service", "period", "source"]
NEVER = ["email", "signer", "guest", "past", "general", "unquotable", "secret"]


def test_nothing_that_was_kept_back_is_on_any_public_page(
    client, consultation, mona, django_assert_num_queries
):
    named = seed(consultation, "with-name", "znamed")
    unnamed = seed(consultation, "without-name", "zunnamed")
    refused = seed(consultation, "not", "zrefused")
    unasked = seed(consultation, "", "zunasked")
    withdrawn = seed(consultation, "with-name", "zwithdrawn")
    Submission.objects.filter(pk=withdrawn.pk).update(withdrawn_at="2026-01-01T00:00Z")
    seed(consultation, "with-name", "zunpublished")
    make_draft(consultation, publication="with-name", answers={"1.1": "zdraft"})
    for submission in (named, unnamed):
        for confidence in CONFIDENCES[:2]:
            marker = f"{submission.name[:-6]}secret{confidence}".replace("-", "")
            publishing.redact(
                submission,
                f"question-1-{CONFIDENCES.index(confidence) + 1}",
                marker,
                staff=mona,
                reason="personal-data",
            )
        publish(submission, mona)
    for submission in (refused, unasked):
        with pytest.raises(publishing.NotPossible):
            publish(submission, mona)

    pages = everything_public(client, consultation)

    public = "".join(pages.values())
    copies = {copy.pk: str(copy.contents) for copy in PublishedResponse.objects.all()}
    everything = public + "".join(copies.values())
    for response in ("zrefused", "zunasked", "zwithdrawn", "zunpublished", "zdraft"):
        assert response not in everything
    for response in ("znamed", "zunnamed"):
        for field in FIELDS:
            assert f"{response}{field}publish" in everything
            assert f"{response}{field}withoutname" in everything
            assert f"{response}{field}localityonly" not in everything
        for field in NEVER:
            assert f"{response}{field}" not in everything
    for submission in (named, unnamed, refused):
        assert submission.reference not in everything
        assert str(submission.key) not in everything
    # Who wrote it, and their files, only where all of it goes with the name.
    assert "znamedperson" in everything
    assert "znamedorganisation" in everything
    assert "insideznamedfilepublish" in everything
    assert "insideznameditemfilepublish" in everything
    for marker in (
        "zunnamedperson",
        "zunnamedorganisation",
        "zunnamedfile",
        "zunnameditemfile",
        "znamedfilewithoutname",
        "znameditemfilewithoutname",
        "znamedfilelocalityonly",
        "znameditemfilelocalityonly",
    ):
        assert marker not in everything
    # What goes apart from the name is nowhere together with it.
    for url, page in pages.items():
        if "/responses/" in url and "withoutname" in page and "about" not in url:
            assert "znamed" not in page or "znamedperson" not in page
    for contents in copies.values():
        assert not ("znamedperson" in contents and "withoutname" in contents)


def search(client, consultation, **query):
    page = client.get(reverse("published:responses", args=[consultation.slug]), query)
    return page.content.decode()


def test_search_finds_only_what_is_published(client, consultation, mona):
    submission = seed(consultation, "with-name", "znamed")
    publishing.redact(
        submission,
        "question-1-1",
        "znamedsecretpublish",
        staff=mona,
        reason="other",
        words="So.",
    )
    publish(submission, mona)

    found = search(client, consultation, q="znamedanswerpublish")
    assert "<mark>znamedanswerpublish</mark>" in found
    assert "1 answer says this" in found
    for word in ("znamedsecretpublish", "znamedanswerlocalityonly", "znamedsigner"):
        assert "Nothing that is published says this" in search(
            client, consultation, q=word
        )


def test_search_stems_words_and_takes_phrases(client, consultation, mona):
    submission = make_sent(
        consultation, answers={"1.4": "Commissioners awarded smaller lots & more."}
    )
    publish(submission, mona)

    page = search(client, consultation, q='award "smaller lot"')

    assert "<mark>awarded</mark>" in page
    assert "&amp; more" in page


def test_search_narrows_by_type_of_respondent(client, consultation, mona):
    for kind in ("academic", "councillor"):
        publish(
            make_sent(
                consultation,
                organisation=f"Of an {kind}",
                respondent_type=kind,
                answers={"1.4": "Lots."},
            ),
            mona,
        )

    page = search(client, consultation, type="academic")
    found = search(client, consultation, type="councillor", q="lots")

    assert ("Of an academic" in page, "Of an councillor" in page) == (True, False)
    assert ("Of an academic" in found, "Of an councillor" in found) == (False, True)


def test_search_with_an_unknown_type_says_so(client, consultation):
    url = reverse("published:responses", args=[consultation.slug])

    assert client.get(url, {"type": "nobody"}).status_code == 422
    assert client.get(url, {"q": "a" * 500}).status_code == 422


def test_words_that_were_taken_out_show_why(client, consultation, mona):
    submission = make_sent(consultation, answers={"1.4": "Ring Bob now."})
    publishing.redact(
        submission, "question-1-4", "Bob", staff=mona, reason="third-party"
    )
    (copy,) = publish(submission, mona)

    page = read(
        client, reverse("published:response", args=[consultation.slug, copy.pk])
    )

    assert (
        'Ring <span class="taken-out">[redacted: about somebody else]</span> now.'
        in page
    )


def test_call_leads_to_its_published_responses_once_there_are_some(
    client, consultation, mona
):
    url = reverse("published:responses", args=[consultation.slug])
    submission = make_sent(consultation, answers={"1.4": "Yes."})
    assert url not in read(client, "/")

    publish(submission, mona)

    assert url in read(client, "/")


def test_respondent_is_led_to_what_is_public(ada, mona):
    ada.post("section/1/", **{"answer-1-4": "Yes."})
    Submission.objects.filter(pk=ada.submission.pk).update(
        organisation="Riverside", publication="with-name", on_behalf="organisation"
    )
    ada.post("check/")
    submission = ada.saved()
    (copy,) = publish(submission, mona)

    url = reverse("published:response", args=[submission.consultation.slug, copy.pk])
    for page in ("status/", "sent/"):
        assert f'href="{url}"' in ada.get(page).content.decode()


def test_unpublished_response_is_not_found(client, consultation, mona):
    submission = make_sent(consultation, answers={"1.4": "Yes."})
    (copy,) = publish(submission, mona)
    url = reverse("published:response", args=[consultation.slug, copy.pk])

    publishing.take_down(submission, staff=mona, reason="Asked to.")

    assert client.get(url).status_code == 404
    listed = reverse("published:responses", args=[consultation.slug])
    assert copy.pk not in read(client, listed)


def test_copy_is_found_only_under_its_own_call(client, consultation, mona):
    (copy,) = publish(make_sent(consultation, answers={"1.4": "Yes."}), mona)
    other = Consultation.objects.create(
        slug="other",
        title="Other",
        reference_prefix="OTH",
        contact_email="a@example.org",
        opens_at="2020-01-01T00:00Z",
        closes_at="2030-01-01T00:00Z",
    )

    response = client.get(reverse("published:response", args=[other.slug, copy.pk]))

    assert response.status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_public_pages_take_the_same_queries_for_one_and_for_many(
    client, consultation, mona, number, django_assert_num_queries
):
    for _one in range(number):
        submission = make_sent(
            consultation,
            answers={"1.4": "Lots of lots."},
            comments={2: ("agree", "Lots.")},
        )
        (copy,) = publish(submission, mona)
    listed = reverse("published:responses", args=[consultation.slug])

    with django_assert_num_queries(8):
        client.get(listed)
    with django_assert_num_queries(8):
        client.get(listed, {"q": "lots"})
    with django_assert_num_queries(7):
        client.get(reverse("published:about", args=[consultation.slug, "question-1-4"]))
    with django_assert_num_queries(3):
        client.get(reverse("published:response", args=[consultation.slug, copy.pk]))


def test_published_page_reads_nothing_but_the_copy(client, consultation, mona):
    submission = make_sent(consultation, answers={"1.4": "As it was."})
    (copy,) = publish(submission, mona)
    submission.answers.update(text="Something else.")

    page = read(
        client, reverse("published:response", args=[consultation.slug, copy.pk])
    )

    assert "As it was." in page
    assert "Something else." not in page


# The moderators' pages


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


def test_desk_says_what_is_not_possible(desk):
    response = desk.client.post(f"{desk.url}publish/", follow=True)

    assert "It is not approved" in response.content.decode()


def test_desk_leads_on_to_the_next_to_check(desk, consultation):
    other = make_sent(consultation, answers={"1.4": "Next."})

    response = desk.post("approve", revision="0", next="on")

    assert response.url == reverse("admin:review_desk", args=[other.pk])


def test_desk_wants_files_opened_before_they_are_approved(desk):
    _attach(desk.submission, "zfile", "publish", None)

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

    with django_assert_num_queries(8):
        client.get(reverse("admin:review_publishing"))
    with django_assert_num_queries(31):
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

    assert 'data-passage="question-1-4"' in moderators
    assert 'data-passage="question-1-5"' not in moderators
    assert "data-offer" not in readers
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
