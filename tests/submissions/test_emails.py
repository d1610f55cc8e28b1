"""What respondents are sent, composed and delivered for real."""

import re

import pytest

from outbox.delivery import deliver_due
from outbox.models import OutgoingEmail, State
from submissions import services
from submissions.models import ResumeLink
from submissions.services import keep_answers, keep_details

LINK = re.compile(r"http://localhost:8000(/resume/[^/\s]+/)")


@pytest.fixture
def ready(draft):
    """A draft that can be sent."""
    keep_details(
        draft,
        {
            "name": "Ada O'Brien",
            "organisation": "=Riverside <b> & Trust",
            "email": "ada@riverside.example",
            "publication": "not",
        },
    )
    question = draft.consultation.sections.first().questions.first()
    keep_answers(
        draft, {question.pk: ("A private thing that no email repeats", "publish")}
    )
    return draft


def text_of(message):
    return message.get_body(["plain"]).get_content()


def test_an_acknowledgement_says_what_was_received_and_when(ready, smtp_sink):
    submission = services.submit(ready)

    deliver_due()

    [message] = smtp_sink.journal
    assert message["To"] == "ada@riverside.example"
    assert message["Subject"] == (
        f"We have received your evidence – {submission.reference}"
    )
    assert "Dear Ada O'Brien," in text_of(message)
    assert "A private thing" not in message.as_string()


def test_an_email_is_found_by_what_it_is_about(ready):
    submission = services.submit(ready)

    assert OutgoingEmail.objects.get().about == f"submission:{submission.pk}"


def test_sending_twice_acknowledges_once(ready, smtp_sink):
    services.submit(ready)
    services.submit(ready)

    deliver_due()

    assert len(smtp_sink.journal) == 1


def test_without_an_address_nothing_is_written(ready):
    keep_details(ready, {"email": ""})

    services.submit(ready)

    assert not OutgoingEmail.objects.exists()


def test_a_failed_submission_leaves_no_email_behind(ready):
    keep_details(ready, {"publication": ""})

    with pytest.raises(services.Incomplete):
        services.submit(ready)

    assert not OutgoingEmail.objects.exists()


def test_a_link_leads_to_the_draft_on_another_device(ready, smtp_sink, client):
    services.request_link("ADA@riverside.example")
    deliver_due()
    [path] = LINK.findall(text_of(smtp_sink.journal[0]))

    page = client.get(path)
    assert "a…@r…" in page.content.decode().lower()
    assert "Ada O" not in page.content.decode()
    opened = client.post(path)

    assert opened.url == f"/evidence/{ready.key}/"
    assert client.get(opened.url).status_code == 200


def test_only_the_button_opens_a_link(ready, smtp_sink, client):
    services.request_link("ada@riverside.example")
    deliver_due()
    [path] = LINK.findall(text_of(smtp_sink.journal[0]))

    for _time in range(3):
        client.head(path)
        client.get(path)

    assert client.get(f"/evidence/{ready.key}/").status_code == 404


def test_a_link_works_as_often_as_it_is_needed(ready, smtp_sink, client):
    services.request_link("ada@riverside.example")
    deliver_due()
    [path] = LINK.findall(text_of(smtp_sink.journal[0]))

    for _time in range(3):
        assert client.post(path).status_code == 302


def test_after_sending_a_link_leads_to_the_confirmation(ready, smtp_sink, client):
    services.submit(ready)
    services.request_link("ada@riverside.example")
    deliver_due()
    message = next(mail for mail in smtp_sink.journal if "link" in mail["Subject"])
    [path] = LINK.findall(text_of(message))

    page = client.post(path, follow=True)

    assert page.redirect_chain[-1][0] == f"/evidence/{ready.key}/sent/"


def test_the_database_holds_no_token(ready, smtp_sink):
    services.request_link("ada@riverside.example")
    deliver_due()
    [path] = LINK.findall(text_of(smtp_sink.journal[0]))
    token = path.split("/")[2]

    link = ResumeLink.objects.get()
    email = OutgoingEmail.objects.get()

    assert token not in str(vars(link)) + str(vars(email))
    assert len(token) >= 43


@pytest.mark.parametrize("change", ["expires_at", "revoked_at"])
def test_a_link_that_ran_out_or_was_withdrawn_is_not_found(
    ready, smtp_sink, client, change
):
    services.request_link("ada@riverside.example")
    deliver_due()
    [path] = LINK.findall(text_of(smtp_sink.journal[0]))
    ResumeLink.objects.update(**{change: "2020-01-01T00:00Z"})

    assert client.get(path).status_code == 404
    assert client.post(path).status_code == 404


def test_a_wrong_link_is_not_found(client, db):
    response = client.get("/resume/not-a-token/")

    assert response.status_code == 404
    assert "Get a new link" in response.content.decode()


def test_the_page_is_the_same_for_an_address_nobody_knows(ready, smtp_sink, client):
    pages = []
    for address in ["ada@riverside.example", "eve@nowhere.example"]:
        response = client.post("/resume/", {"email": address, "_end": "1"}, follow=True)
        pages.append(response.content.decode().replace(address, ""))
    deliver_due()

    assert pages[0] == pages[1]
    assert [mail["To"] for mail in smtp_sink.journal] == ["ada@riverside.example"]
    states = OutgoingEmail.objects.values_list("to_email", "state")
    assert ("eve@nowhere.example", State.CANCELLED) in states


def test_one_address_gets_three_links_an_hour_at_most(ready, smtp_sink):
    for _time in range(6):
        services.request_link("ada@riverside.example")
        deliver_due()

    assert len(smtp_sink.journal) == 3
    assert OutgoingEmail.objects.filter(state=State.CANCELLED).count() == 3


def test_what_people_typed_is_neither_markup_nor_template(ready, smtp_sink):
    keep_details(ready, {"name": "<b>{{ 7|upper }} {% debug %}"})

    services.submit(ready)
    deliver_due()

    [message] = smtp_sink.journal
    html = message.get_body(["html"]).get_content()
    assert "Dear <b>{{ 7|upper }} {% debug %}," in text_of(message)
    assert "Dear &lt;b&gt;{{ 7|upper }} {% debug %}," in html


def test_saving_for_later_sends_a_link_and_can_close_the_response_here(ada, smtp_sink):
    response = ada.post(
        "save/", email="ada@riverside.example", wants_reminders="on", leave="on"
    )
    deliver_due()

    assert response.url == "/resume/sent/"
    assert [mail["To"] for mail in smtp_sink.journal] == ["ada@riverside.example"]
    assert ada.saved().wants_reminders
    assert ada.get().status_code == 404


def test_saving_for_later_needs_an_address(ada):
    response = ada.post("save/", email="")

    assert response.status_code == 422
    assert "Enter your email address" in response.content.decode()


@pytest.mark.parametrize(
    "name",
    ["You won http://evil.example", "www.evil", "evil.example", "a@evil", "evil.ex/x"],
)
def test_a_name_that_could_become_a_link_is_not_greeted(ready, smtp_sink, name):
    keep_details(ready, {"name": name})

    services.submit(ready)
    deliver_due()

    [message] = smtp_sink.journal
    assert name not in message.as_string()
    assert text_of(message).startswith("Hello,")


@pytest.mark.parametrize("name", ["Dr. J. O'Brien", "Ada Lovelace-King", "Łukasz"])
def test_a_name_is_greeted(ready, smtp_sink, name):
    keep_details(ready, {"name": name})

    services.submit(ready)
    deliver_due()

    assert text_of(smtp_sink.journal[0]).startswith(f"Dear {name},")


def test_a_corrected_address_closes_the_links_to_the_wrong_one(
    ready, smtp_sink, client
):
    keep_details(ready, {"email": "adda@riverside.example"})
    services.request_link("adda@riverside.example")
    deliver_due()
    [path] = LINK.findall(text_of(smtp_sink.journal[0]))

    keep_details(ready, {"email": "ada@riverside.example"})

    assert client.get(path).status_code == 404


def test_requests_for_one_address_do_not_fill_the_table(ready):
    for _time in range(15):
        services.request_link("ada@riverside.example")

    assert OutgoingEmail.objects.count() == services.LINK_REQUESTS_PER_HOUR


def test_one_address_is_acknowledged_ten_times_an_hour_at_most(
    ready, consultation, smtp_sink
):
    for _time in range(12):
        draft = services.start(consultation)
        keep_details(
            draft,
            {"name": "Ada", "email": "ada@riverside.example", "publication": "not"},
        )
        question = consultation.sections.first().questions.first()
        keep_answers(draft, {question.pk: ("Words", "publish")})
        services.submit(draft)
    deliver_due()

    assert len(smtp_sink.journal) == 10


def test_staff_do_not_see_who_has_a_draft(ready, smtp_sink, admin_client):
    services.request_link("ada@riverside.example")
    deliver_due()
    email = OutgoingEmail.objects.get()

    pages = [
        admin_client.get("/admin/outbox/outgoingemail/"),
        admin_client.get(f"/admin/outbox/outgoingemail/{email.pk}/change/"),
        admin_client.get("/admin/outbox/outgoingemail/?q=ada@riverside.example"),
    ]

    assert [page.status_code for page in pages] == [200, 200, 200]
    assert "Link to a response</a></th>" in pages[0].content.decode()
    for page in pages[:2]:
        assert "ada@riverside.example" not in page.content.decode()
    assert not pages[2].context["cl"].result_list
