"""Sessions, tabs and states that cross. Class S; S16 is in tests/submissions/test_late.py."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client

from outbox.tasks import deliver_due
from submissions import services
from submissions.models import Submission
from tests.conftest import Respondent

TEXT = "Eleven became three.\n" * 1000


@pytest.fixture
def ready(ada):
    """A draft that could be sent."""
    ada.post("about-you/", name="Ada", email="ada@x.example", publication="not")
    ada.post("section/1/", answer__1__1="Yes.")
    return ada


def link_for(ada, smtp_sink):
    services.request_link("ada@x.example")
    deliver_due()
    text = smtp_sink.journal[-1].get_body(["plain"]).get_content()
    return re.search(r"http://localhost:8000(/resume/\S+)", text)[1]


def test_s02_a_token_that_another_tab_rotated_gives_the_text_back(ada):
    browser = Client(enforce_csrf_checks=True)
    browser.cookies = ada.client.cookies
    fields = {"answer-1-1": TEXT, "_end": "1", "csrfmiddlewaretoken": "a" * 64}

    refused = browser.post(ada.url + "section/1/", fields)
    page = refused.content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
    again = browser.post(
        ada.url + "section/1/", fields | {"csrfmiddlewaretoken": token}
    )

    assert refused.status_code == 403
    assert TEXT in page
    assert again.status_code == 302
    assert ada.answers() == {"1.1": TEXT}


def test_s04_a_draft_whose_session_is_gone_is_reached_by_the_emailed_link(
    ready, smtp_sink
):
    link = link_for(ready, smtp_sink)
    ready.client.cookies.clear()

    typed = ready.post("section/1/", answer__1__1=TEXT)
    opened = ready.client.post(link)

    assert typed.status_code == 404
    assert TEXT in typed.content.decode()
    assert opened.url == ready.url
    assert "Yes." in ready.get("section/1/").content.decode()


def test_s06_back_and_send_again_is_one_submission(ready):
    ready.post("check/")

    again = ready.post("check/")
    typed = ready.post("section/1/", answer__1__1=TEXT)

    reference = ready.saved().reference
    for page in (again, typed):
        assert "You have already sent this" in page.content.decode()
        assert f"Its reference is <strong>{reference}</strong>" in page.content.decode()
    assert TEXT in typed.content.decode()
    assert ready.answers() == {"1.1": "Yes."}


@pytest.mark.django_db(transaction=True)
def test_s08_two_tabs_that_send_at_once_are_one_submission(ready):
    def send(_tab):
        browser = Client()
        browser.cookies = ready.client.cookies
        response = browser.post(ready.url + "check/", {"_end": "1"})
        connection.close()
        return response

    with ThreadPoolExecutor(4) as tabs:
        responses = list(tabs.map(send, range(4)))

    # Whoever came too late is told the same reference.
    reference = ready.saved().reference
    shown = [ready.get("sent/") if one.status_code == 302 else one for one in responses]
    assert all(reference in page.content.decode() for page in shown)
    assert Submission.objects.submitted().count() == 1


def test_s10_two_devices_that_clash_show_both_texts(ready, smtp_sink):
    other = Client()
    other.post(link_for(ready, smtp_sink))
    was = other.get(ready.url + "section/1/").context["form"].fields["answer-1-1"].was
    ready.post("section/1/", answer__1__1="From the desk.")

    fields = {"answer-1-1": "From the phone.", "was-answer-1-1": was, "_end": "1"}
    clash = other.post(ready.url + "section/1/", fields)

    page = clash.content.decode()
    assert clash.status_code == 409
    assert "From the desk." in page
    assert "From the phone." in page
    assert ready.answers() == {"1.1": "From the desk."}


def test_s12_sending_before_anything_is_written_leads_to_what_is_missing(ada):
    response = ada.post("check/")

    page = response.content.decode()
    assert response.status_code == 422
    assert f'href="{ada.url}about-you/?from=check#id_name"' in page
    assert "Enter your name or your organisation" in page
    assert ada.saved().submitted_at is None


@pytest.mark.parametrize(
    ("page", "field"),
    [
        ("about-you/", "publication"),
        ("about-you/", "respondent_type"),
        ("about-you/", "on_behalf"),
        ("about-you/", "holds_contracts"),
        ("principles/", "stance-1-v1"),
        ("section/1/", "confidence-answer-1-1"),
    ],
)
def test_s14_an_option_that_is_not_there_is_refused_in_words(ada, page, field):
    typed = {"name": "Ada", "answer-1-1": TEXT, "comment": TEXT}

    response = ada.client.post(ada.url + page, typed | {field: "else", "_end": "1"})

    assert response.status_code == 422
    assert response.context["form"][field].errors == ["Select one of the options"]
    assert ada.answers() == {}
    assert ada.saved().name == ""


def test_s18_a_link_works_until_it_is_withdrawn(ready, smtp_sink):
    link = link_for(ready, smtp_sink)

    opened = [Client().post(link).status_code for _time in range(3)]
    ready.post("about-you/", name="Ada", email="other@x.example", publication="not")

    assert opened == [302, 302, 302]
    assert Client().post(link).status_code == 404


def test_s20_a_link_to_what_was_erased_is_a_wrong_link(ready, smtp_sink):
    link = link_for(ready, smtp_sink)
    ready.submission.delete()

    pages = [Client().get(address) for address in (link, "/resume/never-made/")]

    assert [page.status_code for page in pages] == [404, 404]
    assert pages[0].content == pages[1].content


def test_s24_a_browser_that_fills_in_fields_we_do_not_have_loses_nothing(ada):
    """There is no trap for robots here, so none that closes on people."""
    filled = {"url": "https://x.example", "phone": "020 7946 0018", "fax": "1"}

    response = ada.post("section/1/", answer__1__1=TEXT, **filled)

    assert response.status_code == 302
    assert ada.answers() == {"1.1": TEXT}


def test_s26_forty_people_behind_one_address_are_all_accepted(consultation):
    for _person in range(40):
        client = Client(REMOTE_ADDR="192.0.2.1")
        client.post(f"/calls/{consultation.slug}/start/")
        person = Respondent(client)
        person.post("about-you/", name="Ada", publication="not")
        person.post("section/1/", answer__1__1="Yes.")
        person.post("check/")

    assert Submission.objects.submitted().count() == 40
