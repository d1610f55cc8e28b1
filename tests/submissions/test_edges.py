"""Where two rules meet: after closing, changes, addresses that were corrected, slow fingers."""

import datetime as dt
import re
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from consultations.models import Question
from outbox.delivery import deliver_due
from outbox.models import OutgoingEmail
from submissions import emails, services
from submissions.models import LateRequest, Submission

from .guests import invited

ADA = {"name": "Ada", "publication": "not", "email": "ada@riverside.example"}


def files(*names):
    return [SimpleUploadedFile(name, f"In {name}".encode()) for name in names]


@pytest.fixture
def sent(ada):
    ada.post("about-you/", **ADA)
    ada.post("section/1/", answer__1__1="Eleven became three.")
    ada.post("check/")
    return ada


@pytest.fixture
def accepted_late(ada, close):
    ada.post("about-you/", **ADA)
    ada.post("section/1/", answer__1__1="Eleven became three.")
    close()
    ada.post("late/", reason="Illness")
    services.decide_late(
        LateRequest.objects.get(),
        staff=None,
        reason="Of course.",
        until=timezone.now() + dt.timedelta(days=3),
    )
    return ada


def test_all_files_that_come_after_closing_are_kept(ada, close):
    close()

    response = ada.client.post(
        ada.url + "files/", {"files": files("a.txt", "b.txt"), "_end": "1"}
    )

    assert "it is kept" in response.content.decode()
    assert [file.name for file in ada.submission.attachments.all()] == [
        "a.txt",
        "b.txt",
    ]


def test_what_comes_with_a_file_after_closing_is_kept_too(ada, close):
    close()
    key = uuid.uuid4()

    ada.post(
        f"items/{key}/",
        files=files("a.txt"),
        title="The report",
        **{f"details-{key.hex}": "An evening's work"},
    )

    item = ada.submission.items.get()
    assert (item.title, item.details) == ("The report", "An evening's work")
    assert item.attachments.get().name == "a.txt"


def test_deleting_slowly_keeps_the_whole_text_among_the_versions(ada):
    text = whole = "word " * 100
    ada.post("section/1/", answer__1__1=whole)

    while len(text) > 10:
        text = text[: int(len(text) * 0.85)]
        ada.post("section/1/", answer__1__1=text)

    assert ada.submission.past_texts.filter(text=whole).exists()


def test_a_revision_has_the_wording_that_its_changes_answered(sent):
    question = Question.objects.get(code="1.1")
    question.past_wordings.create(wording=question.wording)
    Question.objects.filter(pk=question.pk).update(wording="What is new?")
    changes = sent.post("amend/").url

    sent.client.post(changes + "section/1/", {"answer-1-1": "This.", "_end": "1"})
    sent.client.post(changes + "check/", {"_end": "1"})

    [first, second] = sent.submission.revisions.all()
    assert first.contents["answers"][0]["question"] == question.wording
    assert second.contents["answers"][0]["question"] == "What is new?"


def test_the_status_page_does_not_tell_who_else_has_a_draft(
    ada, consultation, smtp_sink
):
    services.keep_details(services.start(consultation), {"email": "bo@x.example"})
    shown = []
    for address in ("bo@x.example", "nobody@x.example"):
        ada.client.post("/resume/", {"email": address, "_end": "1"})
        deliver_due()
        ada.post("about-you/", email=address)
        shown.append(ada.get("status/").context["emails"])

    assert shown == [[], []]


def test_a_link_to_an_address_that_was_corrected_in_changes_opens_nothing(sent):
    changes = sent.post("amend/").url
    wrong = {"email": "typo@stranger.example", "_end": "1"}
    sent.client.post(changes + "save/", wrong)
    mail = OutgoingEmail.objects.get(kind=emails.RESUME_LINK)
    link = re.search(
        r"http://localhost:8000(/resume/\S+)", emails.resume_link(mail).text
    )

    sent.client.post(changes + "about-you/", ADA | {"_end": "1"})

    assert Client().post(link[1]).status_code == 404


@pytest.mark.parametrize("is_amendment", [True, False])
def test_a_shared_computer_lets_go_of_everything(ada, close, is_amendment):
    ada.post("about-you/", **ADA)
    ada.post("section/1/", answer__1__1="Not for the next reader")
    url = ada.url
    if is_amendment:
        ada.post("check/")
        url = ada.post("amend/").url
    else:
        close()

    response = ada.client.post(
        url + "save/", {"email": ADA["email"], "leave": "on", "_end": "1"}
    )

    assert response.url == "/resume/sent/"
    assert response["Clear-Site-Data"] == '"storage"'
    assert [ada.client.get(one).status_code for one in (url, ada.url)] == [404, 404]


def test_a_late_decision_goes_to_no_address_that_was_corrected(accepted_late):
    mail = OutgoingEmail.objects.get(kind=emails.LATE_DECISION)
    assert emails.is_decision_wanted(mail)

    accepted_late.post("about-you/", **ADA | {"email": "ada@elsewhere.example"})

    assert not emails.is_decision_wanted(mail)


def test_a_colleague_is_invited_in_late_time_too(accepted_late, smtp_sink):
    accepted_late.post(
        "together/",
        colleague_name="Bo",
        colleague_email="bo@riverside.example",
        parts=["section-1"],
    )

    deliver_due()

    assert OutgoingEmail.objects.get(kind=emails.INVITATION).state == "sent"


def test_staff_are_told_of_every_late_request(consultation, close, smtp_sink):
    drafts = [services.start(consultation) for _ in range(11)]
    for number, draft in enumerate(drafts):
        services.keep_details(draft, {"email": f"{number}@x.example"})
        draft.principle_comments.create(comment="Words")
    close()
    for draft in drafts:
        services.ask_late(draft, reason="Illness")

    deliver_due()

    notices = OutgoingEmail.objects.filter(kind=emails.LATE_REQUEST_NOTICE)
    assert [notice.state for notice in notices] == ["sent"] * 11


def test_a_link_to_pass_on_is_shown_on_the_page_of_its_own_response(ada, consultation):
    ada.post("together/", colleague_name="Bo", parts=["section-1"])
    ada.client.post(f"/calls/{consultation.slug}/start/")
    other = Submission.objects.latest("pk")

    pages = [
        ada.client.get(f"/evidence/{other.key}/together/").content.decode(),
        ada.get("together/").content.decode(),
    ]

    assert ["/resume/" in page.split("<footer")[0] for page in pages] == [False, True]


@pytest.mark.parametrize("go", ["sentence-é", "evidence-é", f"item-{'0' * 32}-é"])
def test_a_button_that_is_none_of_ours_leads_to_the_contents_page(ada, go):
    assert ada.post("section/1/", go=go).url == ada.url


def test_an_autosave_that_is_a_form_is_refused(ada):
    browser = Client(enforce_csrf_checks=True)
    browser.cookies = ada.client.cookies
    page = browser.get(ada.url + "section/1/").content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]

    response = browser.post(
        ada.url + "autosave/section-1/", {"csrfmiddlewaretoken": token}
    )

    assert response.status_code == 400
    assert "could not be read" in response.json()["error"]


def test_all_data_holds_earlier_texts_and_who_was_invited(ada):
    ada.post("section/1/", answer__1__1="The first, and longer, text")
    ada.post("section/1/", answer__1__1="Short")
    invited(ada, "section-1", name="Bobette")

    content = b"".join(ada.get("data/").streaming_content)

    assert b"earlier.json" in content
    assert b"invitations.json" in content


def test_a_link_to_what_was_sent_opens_its_unsent_changes_too(sent, smtp_sink):
    changes = sent.post("amend/").url
    sent.client.post(changes + "section/1/", {"answer-1-2": "More.", "_end": "1"})
    sent.client.post("/resume/", {"email": ADA["email"], "_end": "1"})
    deliver_due()
    text = smtp_sink.journal[-1].get_body(["plain"]).get_content()
    elsewhere = Client()

    elsewhere.post(re.search(r"http://localhost:8000(/resume/\S+/)", text)[1])

    assert "More." in elsewhere.get(changes + "section/1/").content.decode()


def test_an_owner_who_asks_for_a_link_is_not_taken_for_a_stranger(ada):
    ada.post("save/", email=ADA["email"])

    page = ada.client.get("/resume/sent/").content.decode()

    assert "is on its way to <strong>ada@riverside.example</strong>" in page
    assert f'href="{ada.url}"' in page
