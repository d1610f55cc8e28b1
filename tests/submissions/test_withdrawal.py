"""What was sent is withdrawn, or its publication chosen again, until it is published."""

import pytest
from django.utils import timezone

from outbox.delivery import deliver_due
from submissions.models import Submission

ABOUT = {"name": "Ada", "email": "ada@riverside.example", "publication": "with-name"}
LIST = "/admin/submissions/submission/"


@pytest.fixture
def sent(ada):
    ada.post("about-you/", **ABOUT)
    ada.post("section/1/", answer__1__1="Eleven became three.")
    ada.post("check/")
    return ada


@pytest.fixture
def published(sent):
    sent.submission.published_at = timezone.now()
    sent.submission.save(update_fields=["published_at"])
    return sent


def subjects(smtp_sink):
    deliver_due()
    return [mail["Subject"] for mail in smtp_sink.journal]


def test_withdrawing_asks_first(sent):
    page = sent.get("withdraw/").content.decode()

    assert "Withdraw your response?" in page
    assert "It stays stored for 30 days, for you to read and take away here" in page
    assert sent.saved().withdrawn_at is None


def test_a_withdrawn_response_is_kept_as_withdrawn_and_nothing_else(
    sent, admin_client, smtp_sink
):
    reference = sent.saved().reference

    response = sent.post("withdraw/")

    page = sent.get("sent/").content.decode()
    assert response.url == sent.url + "sent/"
    assert "You have withdrawn your response" in page
    assert reference in page
    assert "Change what you sent" not in page
    assert admin_client.get(LIST).context["listing"].rows == []
    assert admin_client.get(LIST, {"q": "Eleven"}).context["listing"].rows == []
    overview = admin_client.get("/admin/").content.decode()
    assert ">0</a></dd>" in overview
    assert subjects(smtp_sink) == [
        f"We have received your evidence – {reference}",
        f"You have withdrawn your response – {reference}",
    ]


def test_withdrawing_is_final_and_happens_once(sent, smtp_sink):
    sent.post("withdraw/")
    when = sent.saved().withdrawn_at

    for page in ("withdraw/", "amend/", "publication/"):
        sent.post(page, publication="not")

    assert sent.saved().withdrawn_at == when
    assert sent.saved().publication == "with-name"
    assert len(subjects(smtp_sink)) == 2
    typed = sent.post("section/1/", answer__1__1="Typed in another tab")
    assert "You withdrew it at" in typed.content.decode()
    assert "Typed in another tab" in typed.content.decode()


def test_withdrawing_discards_changes_that_were_not_sent(sent):
    url = sent.post("amend/").url

    sent.post("withdraw/")

    assert Submission.objects.count() == 1
    assert sent.client.get(url).status_code == 404


def test_after_withdrawing_another_response_can_be_started(sent, consultation):
    sent.post("withdraw/")

    page = sent.get("sent/").content.decode()
    sent.client.post(f"/calls/{consultation.slug}/start/")

    assert f'href="/calls/{consultation.slug}/start/"' in page
    assert Submission.objects.drafts().count() == 1


def test_a_response_can_be_withdrawn_after_closing(sent, close):
    close()

    sent.post("withdraw/")

    assert sent.saved().is_withdrawn


@pytest.mark.parametrize("page", ["withdraw/", "publication/"])
def test_what_is_published_stays_as_it_is(published, page):
    shown = published.get(page).content.decode()
    published.post(page, publication="not")

    assert "nick.plumb@locality.org.uk" in shown
    assert "<form" not in shown
    assert published.saved().withdrawn_at is None
    assert published.saved().publication == "with-name"
    assert f"{published.url}{page}" not in published.get("sent/").content.decode()


def test_a_draft_is_not_withdrawn(ada):
    assert ada.post("withdraw/").url == ada.url
    assert ada.post("publication/", publication="not").url == ada.url
    assert ada.saved().publication == ""


def test_a_form_that_was_cut_off_withdraws_nothing(sent):
    response = sent.client.post(sent.url + "withdraw/")

    assert response.status_code == 422
    assert sent.saved().withdrawn_at is None


def test_a_stranger_withdraws_nothing(sent):
    stranger = type(sent.client)()

    for page in ("withdraw/", "publication/"):
        assert stranger.get(sent.url + page).status_code == 404
        assert stranger.post(sent.url + page, {"_end": "1"}).status_code == 404


@pytest.mark.parametrize("is_closed", [False, True])
def test_publication_is_chosen_again_and_kept_as_a_revision(
    sent, close, smtp_sink, is_closed
):
    if is_closed:
        close()

    response = sent.post("publication/", publication="not")

    submission = sent.saved()
    newest = submission.revisions.last()
    assert response.url == sent.url + "sent/"
    assert submission.publication == "not"
    assert (newest.number, newest.sent_from) == (2, None)
    assert newest.contents["publication"] == "not"
    assert newest.contents["answers"][0]["text"] == "Eleven became three."
    assert subjects(smtp_sink)[1:] == [
        f"You changed what may be published – {submission.reference}"
    ]
    text = smtp_sink.journal[1].get_body(["plain"]).get_content()
    assert "Do not publish my response; Locality may still use it" in text
    assert "You sent changes" not in sent.get("sent/").content.decode()


def test_the_same_choice_again_writes_nothing(sent, smtp_sink):
    sent.post("publication/", publication="with-name")

    assert sent.submission.revisions.count() == 1
    assert len(subjects(smtp_sink)) == 1


@pytest.mark.parametrize("choice", ["", "else"])
def test_a_choice_that_is_none_is_refused(sent, choice):
    response = sent.post("publication/", publication=choice)

    assert response.status_code == 422
    assert "There is a problem" in response.content.decode()
    assert sent.saved().publication == "with-name"


def test_changes_that_are_sent_later_do_not_bring_the_former_choice_back(sent):
    url = sent.post("amend/").url
    sent.post("publication/", publication="not")
    sent.client.post(url + "section/1/", {"answer-1-1": "Twelve.", "_end": "1"})

    sent.client.post(url + "check/", {"_end": "1"})

    assert sent.answers() == {"1.1": "Twelve."}
    assert sent.saved().publication == "not"
