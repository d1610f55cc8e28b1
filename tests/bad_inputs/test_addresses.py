"""Addresses for email. Class E; see also tests/submissions/test_emails.py for E18 and E22."""

import pytest

from outbox.models import OutgoingEmail, State
from outbox.tasks import deliver_due
from submissions import services
from submissions.models import Submission

FORMAT = "Enter an email address in the correct format, like name@example.com"
LONG = "Email address must be 254 characters or fewer"

KEPT = {
    "E04 space before and after": (
        "  ada@riverside.example \xa0",
        "ada@riverside.example",
    ),
    "E06 domain beyond ASCII": ("a@bücher.example", "a@bücher.example"),
    "E14 slip of the pen": ("ada@gmial.com", "ada@gmial.com"),
    "E14 another": ("ada@hotmial.co.uk", "ada@hotmial.co.uk"),
    "E16 plus": ("a+b@x.com", "a+b@x.com"),
    "capitals": ("Ada.O'Brien@Riverside.Example", "Ada.O'Brien@Riverside.Example"),
}
REFUSED = {
    "E02 two": ("a@b.com,c@d.com", FORMAT),
    "E08 address literal": ("a@[127.0.0.1]", FORMAT),
    "E10 too long": (
        "a" * 60 + "@" + ("b" * 55 + ".") * 4 + "exampleexa.example",
        LONG,
    ),
    "E12 two dots": ("a..b@x.com", FORMAT),
    "E12 dot first": (".a@x.com", FORMAT),
    "E12 dot last": ("a.@x.com", FORMAT),
    "no dot in the domain": ("a@localhost", FORMAT),
    "letters beyond ASCII before the @": ("ä@x.com", FORMAT),
    "line break and header": ("a@x.com\nBcc: eve@x.com", FORMAT),
    "name and brackets": ("Ada <ada@x.com>", FORMAT),
    "control": ("a\x0b@x.com", FORMAT),
}


@pytest.mark.parametrize("page", ["about-you/", "save/"])
@pytest.mark.parametrize(("typed", "kept"), KEPT.values(), ids=KEPT)
def test_is_kept_as_typed(ada, page, typed, kept):
    response = ada.post(page, email=typed)

    assert response.status_code == 302
    assert ada.saved().email == kept


@pytest.mark.parametrize("page", ["about-you/", "save/"])
@pytest.mark.parametrize(("typed", "words"), REFUSED.values(), ids=REFUSED)
def test_is_refused_in_words_and_stays_in_the_box(ada, page, typed, words):
    response = ada.post(page, email=typed)

    assert response.status_code == 422
    assert response.context["form"]["email"].errors[0] == words
    assert response.context["form"]["email"].value() == typed
    assert ada.saved().email == ""


@pytest.mark.parametrize(("typed", "words"), REFUSED.values(), ids=REFUSED)
def test_no_link_is_asked_for_by_an_address_that_is_none(client, db, typed, words):
    response = client.post("/resume/", {"email": typed, "_end": "1"})

    assert response.status_code == 422
    assert response.context["form"]["email"].errors[0] == words
    assert not OutgoingEmail.objects.exists()


def test_e06_is_sent_to_the_domain_in_ascii(consultation, smtp_sink):
    Submission.objects.create(consultation=consultation, email="a@bücher.example")

    services.request_link("a@bücher.example")
    deliver_due()

    assert [mail["To"] for mail in smtp_sink.journal] == ["a@xn--bcher-kva.example"]


def test_e18_fifty_requests_in_an_hour_send_three_emails(
    consultation, client, smtp_sink
):
    Submission.objects.create(consultation=consultation, email="ada@x.example")

    pages = {
        client.post("/resume/", {"email": "ada@x.example", "_end": "1"}).url
        for _time in range(50)
    }
    deliver_due()

    assert pages == {"/resume/sent/"}
    assert len(smtp_sink.journal) == 3
    suppressed = OutgoingEmail.objects.filter(state=State.CANCELLED)
    assert suppressed.count() == OutgoingEmail.objects.count() - 3


def test_e20_a_very_long_title_is_cut_in_the_subject(consultation, smtp_sink):
    consultation.title = "Long " * 39
    consultation.save()
    draft = services.start(consultation)
    Submission.objects.filter(pk=draft.pk).update(
        email="ada@x.example", name="Ada", publication="not"
    )
    draft.principle_comments.create(comment="Good.")

    services.submit(draft)
    deliver_due()

    assert len(smtp_sink.journal[0]["Subject"]) <= 150


def test_e22_staff_see_that_an_address_bounced(ada, smtp_sink, admin_client):
    smtp_sink.script("RCPT", "550 5.1.1 Nobody here")
    ada.post("about-you/", name="Ada", email="gone@x.example", publication="not")
    ada.post("principles/", comment="Good.")
    ada.post("check/")

    deliver_due()

    page = admin_client.get("/admin/outbox/outgoingemail/").content.decode()
    assert ada.get("sent/").status_code == 200
    assert "could not be delivered" in page
