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
from tests.staff import member_of_staff
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
