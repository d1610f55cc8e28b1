"""Sessions, tabs and states that cross. Class S; S16 is in tests/submissions/test_late.py."""

import html
import re
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from outbox.tasks import deliver_due
from submissions import services
from submissions.models import ResumeLink, Submission
from tests.conftest import Respondent
from tests.fuzz.html_forms import forms_in

from .ways import autosave

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


@pytest.fixture
def old_page(ada):
    """Ada's browser, on a page whose token another tab has replaced."""
    browser = Client(enforce_csrf_checks=True)
    browser.cookies = ada.client.cookies
    return browser


def sent_again(browser, url, refused):
    """Press the button of the page that says that the other page had grown too old."""
    [form] = forms_in(refused)
    return browser.post(form.action or url, form.fields)


@pytest.mark.parametrize("letter", ["a", "🏡"])
def test_s02_a_token_that_another_tab_rotated_gives_the_text_back(
    ada, old_page, letter
):
    text, url = letter * 200_000, ada.url + "section/1/"
    fields = {"answer-1-1": text, "_end": "1", "csrfmiddlewaretoken": "a" * 64}

    refused = old_page.post(url, fields)
    again = sent_again(old_page, url, refused)

    assert refused.status_code == 403
    assert text in refused.content.decode()
    assert "What you typed: Question 1.1<" in refused.content.decode()
    assert again.status_code == 302
    assert ada.answers() == {"1.1": text}


def test_s02_every_box_that_was_ticked_is_sent_again(ada, old_page):
    url = f"{ada.url}items/{uuid.uuid4()}/"
    fields = {"title": "A report", "questions": ["1-1", "1-2"], "_end": "1"}

    sent_again(old_page, url, old_page.post(url, fields))

    item = ada.submission.items.get()
    assert [question.code for question in item.questions.all()] == ["1.1", "1.2"]


@pytest.mark.parametrize("length", [1, 200_000])
@pytest.mark.parametrize("page", ["section/1/", "principles/", "late/", "about-you/"])
def test_s03_what_is_typed_after_the_session_ran_out_is_on_the_page(ada, page, length):
    box = {"section/1/": "answer-1-1", "principles/": "comment", "late/": "reason"}
    text = "é" * length
    ada.client.cookies.clear()

    response = ada.post(page, **{box.get(page, "name"): text})

    assert response.status_code == 404
    assert f">\n{text}<" in html.unescape(response.content.decode())


@pytest.mark.parametrize("token", ["", "a", "\0", "é" * 40, "a" * 5_000])
def test_s01_a_token_that_is_none_is_a_page_that_grew_too_old(ada, old_page, token):
    fields = {"answer-1-1": TEXT, "_end": "1", "csrfmiddlewaretoken": token}

    refused = old_page.post(ada.url + "section/1/", fields)

    assert refused.status_code == 403
    assert TEXT in refused.content.decode()


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


def test_s05_two_clicks_on_start_are_two_drafts_and_nothing_is_lost(
    client, consultation
):
    for _click in range(2):
        client.post(f"/calls/{consultation.slug}/start/")

    assert Submission.objects.drafts().count() == 2
    assert client.get(f"/calls/{consultation.slug}/").status_code == 200


def test_s07_loading_the_receipt_again_sends_nothing_again(ready):
    sent = ready.post("check/")

    pages = [ready.client.get(sent.url) for _time in range(3)]

    assert {page.status_code for page in pages} == {200}
    assert all(ready.saved().reference in page.content.decode() for page in pages)
    assert Submission.objects.submitted().count() == 1


def test_s09_an_older_page_takes_back_nothing_that_a_newer_one_saved(ready):
    page = ready.get("section/1/").context["form"]
    was = {
        f"was-{name}": field.was
        for name, field in page.fields.items()
        if hasattr(field, "was")
    }
    shown = {name: page.initial[name] for name in page.initial if name != "finished"}
    ready.post("section/1/", answer__1__2="From the newer page.")

    older = ready.client.post(
        ready.url + "section/1/",
        shown | was | {"answer-1-3": "From the older.", "_end": "1"},
    )

    assert older.status_code == 302
    assert ready.answers() == {
        "1.1": "Yes.",
        "1.2": "From the newer page.",
        "1.3": "From the older.",
    }


def test_s11_an_autosave_that_comes_after_sending_is_told_so(ready):
    ready.post("check/")

    late = autosave(ready, "section-1", {"answer-1-1": TEXT}, {"answer-1-1": "Yes."})

    assert (late.status_code, late.json()) == (
        422,
        {"error": "You have already sent this."},
    )
    assert ready.answers() == {"1.1": "Yes."}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("reference", "KIL-AA2BB3CC"),
        ("submitted_at", "2018-01-01"),
        ("consultation", "1"),
        ("key", "0" * 32),
        ("id", "1"),
        ("is_late", "on"),
        ("signed_off_by", "Eve"),
    ],
)
def test_s13_fields_that_a_page_does_not_have_change_nothing(ada, field, value):
    before = getattr(ada.submission, field)

    ada.client.post(ada.url + "about-you/", {"name": "Ada", field: value, "_end": "1"})

    assert getattr(ada.saved(), field) == before
    assert ada.saved().name == "Ada"


def test_s15_of_two_choices_where_one_is_meant_the_last_counts(ada):
    ada.client.post(
        ada.url + "about-you/", {"publication": ["not", "with-name"], "_end": "1"}
    )

    assert ada.saved().publication == "with-name"


@pytest.mark.parametrize("link", ["changed", "cut", "longer"])
def test_s19_a_link_that_is_nearly_right_is_a_wrong_link(ready, smtp_sink, link):
    right = link_for(ready, smtp_sink)
    token = right.removesuffix("/").rpartition("/")[2]
    wrong = {
        "changed": token[:-1] + ("a" if token[-1] != "a" else "b"),
        "cut": token[:-1],
        "longer": token + "a",
    }

    statuses = [
        Client().generic(method, f"/resume/{wrong[link]}/").status_code
        for method in ("GET", "POST")
    ]

    assert statuses == [404, 404]


def test_s17_a_link_runs_out(ready, smtp_sink):
    link = link_for(ready, smtp_sink)
    ResumeLink.objects.update(expires_at=timezone.now())

    assert Client().post(link).status_code == 404


def test_s21_a_draft_of_somebody_else_is_not_to_be_had(ready, consultation):
    stranger = Client()
    stranger.post(f"/calls/{consultation.slug}/start/")
    pages = ["", "section/1/", "check/", "sent/", "copy/", "data/", "items/"]

    read = [stranger.get(ready.url + page).status_code for page in pages]
    written = stranger.post(
        ready.url + "section/1/", {"answer-1-1": "Mine", "_end": "1"}
    )

    assert set(read) == {404}
    assert written.status_code == 404
    assert ready.answers() == {"1.1": "Yes."}


def test_s23_a_scanner_that_follows_a_link_opens_nothing(ready, smtp_sink):
    link = link_for(ready, smtp_sink)

    seen = [Client().generic(method, link) for method in ["HEAD", "GET"] * 10]
    opened = Client().post(link)

    assert {page.status_code for page in seen} == {200}
    assert not any(page.cookies for page in seen if "session" in page.cookies)
    assert opened.status_code == 302


def test_s25_a_response_that_is_written_in_no_time_is_accepted(ready):
    assert ready.post("check/").status_code == 302
    assert ready.saved().is_submitted


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
