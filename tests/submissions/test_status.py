"""Where a response stands, every email about it, and the ways back to that page."""

import pytest

from outbox.delivery import deliver_due
from outbox.models import OutgoingEmail
from submissions import services
from submissions.models import Submission

ABOUT = {"name": "Ada", "email": "ada@riverside.example", "publication": "with-name"}


@pytest.fixture
def sent(ada):
    ada.post("about-you/", **ABOUT)
    ada.post("section/1/", answer__1__1="Eleven became three.")
    ada.post("check/")
    return ada


def links_for(smtp_sink):
    deliver_due()
    return [mail["To"] for mail in smtp_sink.journal if "link" in mail["Subject"]]


def test_it_tells_what_happened_in_order(sent, smtp_sink):
    sent.post("publication/", publication="not")
    changes = sent.post("amend/").url
    sent.client.post(changes + "section/1/", {"answer-1-1": "Twelve.", "_end": "1"})
    sent.client.post(changes + "check/", {"_end": "1"})
    sent.post("withdraw/")

    page = sent.get("status/")

    assert [event.what for event in page.context["events"]] == [
        "You began your response",
        "You sent it",
        "You changed what may be published",
        "You sent changes",
        "You withdrew it",
    ]
    assert "You have withdrawn it." in page.content.decode()


def test_it_lists_every_email_and_what_became_of_it(sent, smtp_sink):
    services.request_link("ADA@riverside.example")
    deliver_due()
    smtp_sink.script("RCPT", "550 5.1.1 Nobody here")
    sent.post("withdraw/")
    deliver_due()

    page = sent.get("status/")

    listed = [(email.what, email.in_words) for email in page.context["emails"]]
    assert listed == [
        ("You have withdrawn your response", "Could not be delivered"),
        ("A link to your response", "Sent"),
        ("We have received your evidence", "Sent"),
    ]
    assert page.content.decode().lower().count("ada@riverside.example") == 3


def test_it_lists_no_email_about_another_response(sent, consultation):
    other = Submission.objects.create(consultation=consultation, email="eve@x.example")
    services.request_link("eve@x.example")

    emails = sent.get("status/").context["emails"]

    assert [email.kind for email in emails] == ["acknowledgement"]
    assert other.email not in sent.get("status/").content.decode()


def test_a_link_that_was_asked_for_before_it_was_begun_is_not_about_it(
    sent, consultation, client
):
    services.request_link("eve@x.example")
    later = services.start(consultation)
    services.keep_details(later, {"email": "eve@x.example"})
    OutgoingEmail.objects.filter(to_email="eve@x.example").update(
        created_at=consultation.opens_at
    )
    session = sent.client.session
    session["submissions"] = [str(later.key)]
    session.save()

    page = sent.client.get(f"/evidence/{later.key}/status/")

    assert page.context["emails"] == []


def test_a_draft_has_a_status_too(ada, close):
    ada.post("section/1/", answer__1__1="Eleven became three.")
    still_open = ada.get("status/").content.decode()
    close()
    closed = ada.get("status/").content.decode()

    assert "It is not sent yet. You can send it until" in still_open
    assert "It was not sent before the call closed" in closed
    assert "None so far." in closed


def test_the_status_of_changes_is_that_of_what_they_change(sent):
    changes = sent.post("amend/").url

    assert sent.client.get(changes + "status/").url == sent.url + "status/"


def test_a_stranger_finds_no_status(sent):
    assert type(sent.client)().get(sent.url + "status/").status_code == 404


@pytest.mark.parametrize(("page", "count"), [("status/", 5), ("sent/", 4)])
def test_queries_do_not_grow_with_emails_and_revisions(
    sent, django_assert_num_queries, page, count
):
    with django_assert_num_queries(count):
        sent.get(page)
    for choice in ("not", "with-name"):
        sent.post("publication/", publication=choice)
    assert sent.submission.revisions.count() == 3
    assert OutgoingEmail.objects.count() == 3

    with django_assert_num_queries(count):
        sent.get(page)


def test_a_reference_leads_back_as_an_address_does(sent, smtp_sink, client):
    reference = sent.saved().reference

    typed = f" {reference.lower()[:6]} {reference.lower()[6:]} "
    response = sent.client.post("/resume/", {"email": typed, "_end": "1"})

    assert response.url == "/resume/sent/"
    assert links_for(smtp_sink) == ["ada@riverside.example"]


def test_the_page_is_the_same_for_a_reference_that_is_none(sent, smtp_sink):
    pages = []
    for reference in (sent.saved().reference, "KIL-AA2BB3CC"):
        response = sent.client.post(
            "/resume/", {"email": reference, "_end": "1"}, follow=True
        )
        pages.append(response.content.decode().replace(reference, ""))

    assert pages[0] == pages[1]
    assert "ada@riverside.example" not in pages[0]
    assert links_for(smtp_sink) == ["ada@riverside.example"]


def test_a_reference_without_an_address_sends_nothing(sent):
    Submission.objects.update(email="")

    services.request_link(sent.saved().reference)

    assert not OutgoingEmail.objects.filter(kind="resume-link").exists()


def test_references_and_addresses_have_one_limit(sent, smtp_sink):
    reference = sent.saved().reference
    for number in range(15):
        services.request_link(reference if number % 2 else "ada@riverside.example")

    asked = OutgoingEmail.objects.filter(kind="resume-link").count()
    assert asked == services.LINK_REQUESTS_PER_HOUR
    assert links_for(smtp_sink) == ["ada@riverside.example"] * 3


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Enter your email address or your reference"),
        ("KIL-1", "or a reference, like KIL-HP4RC7WD"),
        ("ada.riverside.example", "or a reference, like KIL-HP4RC7WD"),
    ],
)
def test_what_is_neither_is_refused_in_words(client, db, typed, words):
    response = client.post("/resume/", {"email": typed, "_end": "1"})

    assert response.status_code == 422
    assert words in response.content.decode()
