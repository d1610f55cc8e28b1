"""What was sent is changed in a draft of its own, and stays as it is until that is sent."""

import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from outbox.delivery import deliver_due
from submissions import services
from submissions.data import as_data
from submissions.models import EvidenceItem, Revision, StoredFile, Submission
from tests.conftest import Respondent

ABOUT = {
    "name": "Ada O'Brien",
    "organisation": "Riverside Community Trust",
    "email": "ada@riverside.example",
    "publication": "with-name",
}


@pytest.fixture
def sent(ada):
    """Ada has sent an answer, a comment, and an item with a file."""
    ada.post("about-you/", **ABOUT)
    ada.post("section/1/", answer__1__1="Eleven became three.", finished="on")
    ada.post("principles/", stance__2__v1="agree", comment__2__v1="Plainly so.")
    ada.post(
        f"items/{uuid.uuid4()}/",
        title="Evaluation",
        questions=["1-4", "2-1"],
        principles=["2"],
    )
    item = ada.submission.items.get()
    stored = StoredFile.objects.create(
        name="files/one", size=4, sha256="ab", content_type="text/plain"
    )
    ada.submission.attachments.create(stored=stored, name="a.txt", item=item)
    sentence = item.principles.get().versions.get().sentences.first()
    ada.submission.sentence_comments.create(sentence=sentence, comment="Clearer.")
    ada.post("check/")
    return ada


@pytest.fixture
def changes(sent):
    """The draft in which Ada changes what she sent."""
    return begin_changes(sent)


def begin_changes(sent):
    response = sent.post("amend/")
    respondent = Respondent(sent.client)
    respondent.submission = Submission.objects.get(amends=sent.submission)
    respondent.url = f"/evidence/{respondent.submission.key}/"
    assert response.url == respondent.url
    return respondent


def contents(submission):
    return as_data(Submission.objects.get(pk=submission.pk))


def numbers(submission):
    return list(submission.revisions.values_list("number", flat=True))


def test_each_sending_is_kept_with_its_files(sent):
    [revision] = sent.saved().revisions.all()

    assert revision.number == 1
    assert revision.sent_from == sent.submission.key
    assert revision.contents == contents(sent.submission)
    assert revision.contents["answers"][0]["text"] == "Eleven became three."
    assert [file.name for file in revision.files.all()] == ["files/one"]


def test_changes_begin_as_a_copy_of_everything(changes, sent):
    amendment, original = contents(changes.submission), contents(sent.submission)

    left_out = {"reference": None, "sent_at": None, "privacy_notice": None}
    assert amendment == original | left_out
    assert changes.submission.items.get().key == sent.submission.items.get().key
    assert [part.part for part in changes.submission.finished_parts.all()] == [
        "section-1"
    ]
    assert StoredFile.objects.count() == 1


def test_a_second_press_leads_to_the_same_changes(changes, sent):
    again = sent.post("amend/")

    assert again.url == changes.url
    assert Submission.objects.count() == 2


def test_every_page_of_the_changes_says_what_is_changed(changes, sent):
    reference = sent.saved().reference

    for page in ("", "check/"):
        shown = changes.get(page).content.decode()
        assert f"You are changing <strong>{reference}</strong>" in shown
        assert f"{changes.url}discard/" in shown
    home = changes.client.get("/").content.decode()
    assert f"Carry on with your changes to {reference}" in home


def test_what_was_sent_stays_until_the_changes_are_sent(changes, sent):
    before = contents(sent.submission)

    changes.post("section/1/", answer__1__1="Twelve became three.")
    changes.post("about-you/", **ABOUT | {"name": "Grace"})

    assert contents(sent.submission) == before
    assert "Eleven became three." in sent.get("copy/").content.decode()


def test_sent_changes_take_the_place_of_what_was_sent(changes, sent, smtp_sink):
    before = sent.saved()
    item = before.items.get()
    changes.post("section/1/", answer__1__1="Twelve became three.")
    changes.post("about-you/", **ABOUT | {"name": "Grace"})
    changes.post(f"items/{item.key}/", title="Evaluation, 2017", questions=["3-1"])

    response = changes.post("check/")
    deliver_due()

    after = Submission.objects.get()
    assert response.url == sent.url + "sent/"
    assert (after.reference, after.key, after.submitted_at) == (
        before.reference,
        before.key,
        before.submitted_at,
    )
    assert after.name == "Grace"
    assert sent.answers() == {"1.1": "Twelve became three."}
    assert [comment.comment for comment in after.principle_comments.all()] == [
        "Plainly so."
    ]
    assert [said.comment for said in after.sentence_comments.all()] == ["Clearer."]
    changed = EvidenceItem.objects.get()
    assert (changed.key, changed.title) == (item.key, "Evaluation, 2017")
    assert [one.code for one in changed.questions.all()] == ["3.1"]
    assert [file.name for file in changed.attachments.all()] == ["a.txt"]
    assert numbers(after) == [1, 2]
    assert after.revisions.last().contents == contents(after)
    subjects = [mail["Subject"] for mail in smtp_sink.journal]
    assert subjects == [
        f"We have received your evidence – {after.reference}",
        f"We have received your changes – {after.reference}",
    ]
    assert "You sent changes at" in sent.get("sent/").content.decode()


def test_a_first_revision_is_never_changed(changes, sent):
    first = Revision.objects.get().contents
    changes.post("section/1/", answer__1__1="Twelve became three.")

    changes.post("check/")

    assert sent.submission.revisions.get(number=1).contents == first


def test_sending_again_leads_to_the_same_confirmation(changes, sent):
    changes.post("section/1/", answer__1__1="Twelve became three.")
    changes.post("check/")

    again = changes.post("check/")
    back = changes.get("section/1/")
    typed = changes.post("section/1/", answer__1__1="And one more thing")

    assert back.url == sent.url + "sent/"
    for page in (again, typed):
        assert page.status_code == 422
        assert "You have already sent this" in page.content.decode()
        assert sent.saved().reference in page.content.decode()
    assert "And one more thing" in typed.content.decode()
    assert numbers(sent.submission) == [1, 2]


def test_changes_that_change_nothing_are_not_sent(changes, sent):
    changes.post("section/1/", answer__1__1="Eleven became three.")

    response = changes.post("check/")

    assert response.status_code == 422
    assert "You have changed nothing that could be sent" in response.content.decode()
    assert numbers(sent.submission) == [1]


def test_wording_that_staff_changed_is_no_change_of_the_respondents(changes, sent):
    question = sent.submission.answers.get().question
    question.past_wordings.create(wording=question.wording)
    question.wording = "Have very large contracts?"
    question.save()

    assert changes.post("check/").status_code == 422


def test_changed_answers_are_read_under_the_wording_they_were_changed_under(
    changes, sent
):
    question = sent.submission.answers.get().question
    question.past_wordings.create(wording=question.wording)
    question.wording = "Have very large contracts?"
    question.save()
    changes.post("section/1/", answer__1__1="Very large.")

    changes.post("check/")

    assert "Have very large contracts?" in sent.get("copy/").content.decode()
    first = sent.submission.revisions.get(number=1).contents["answers"][0]
    assert "large outsourcing contracts" in first["question"]


def test_changes_need_what_a_response_needs(changes, sent):
    changes.post("about-you/", **ABOUT | {"publication": ""})

    response = changes.post("check/")

    assert "Choose how we may use your response" in response.content.decode()
    assert sent.saved().publication == "with-name"


def test_changes_can_be_discarded_after_a_question(changes, sent):
    changes.post("section/1/", answer__1__1="Twelve became three.")

    asked = changes.get("discard/").content.decode()
    assert Submission.objects.count() == 2
    response = changes.post("discard/")

    assert "Discard the changes?" in asked
    assert response.url == sent.url + "sent/"
    assert sent.answers() == {"1.1": "Eleven became three."}
    assert changes.get().status_code == 404
    typed = changes.post("section/1/", answer__1__1="Typed in another tab")
    assert "Typed in another tab" in typed.content.decode()


def test_only_changes_can_be_discarded(ada):
    assert ada.get("discard/").status_code == 404
    assert ada.post("discard/").status_code == 404
    assert Submission.objects.count() == 1


def test_a_new_address_in_the_changes_closes_links_to_the_old_one(
    changes, sent, smtp_sink
):
    services.request_link("ada@riverside.example")
    deliver_due()
    link = sent.submission.resume_links.get()

    changes.post("about-you/", **ABOUT | {"email": "ada@elsewhere.example"})
    link.refresh_from_db()
    assert link.revoked_at is None
    changes.post("check/")

    link.refresh_from_db()
    assert link.revoked_at is not None
    assert sent.saved().email == "ada@elsewhere.example"


def test_a_link_leads_through_what_was_sent_to_its_changes(changes, sent, smtp_sink):
    assert "Remind me" not in changes.get("save/").content.decode()
    changes.post("save/", email="ada@elsewhere.example")

    deliver_due()

    link = sent.submission.resume_links.get()
    assert link.sent_to == "ada@elsewhere.example"
    assert not changes.submission.resume_links.exists()
    assert "Carry on with your changes" in sent.get("sent/").content.decode()


def test_changes_that_are_not_sent_before_closing_count_for_nothing(
    changes, sent, close
):
    changes.post("section/1/", answer__1__1="Twelve became three.")
    close()

    page = changes.get().content.decode()
    refused = changes.post("check/")

    assert "stands as it is" in page
    assert "Twelve became three." in page
    assert "Ask Locality to accept it late" not in page
    assert refused.status_code == 422
    assert sent.answers() == {"1.1": "Eleven became three."}
    confirmation = sent.get("sent/").content.decode()
    assert "What you sent stands." in confirmation
    assert changes.post("discard/").url == sent.url + "sent/"


def test_nothing_can_be_changed_after_closing(sent, close):
    close()

    response = sent.post("amend/")

    assert response.url == sent.url + "sent/"
    assert Submission.objects.count() == 1
    assert "Change what you sent" not in sent.get("sent/").content.decode()


def test_changes_are_no_draft_of_their_own_to_staff(changes, sent, admin_client):
    page = admin_client.get("/admin/").content.decode()

    assert "<dt>Drafts in progress</dt><dd>0</dd>" in page
    listing = admin_client.get("/admin/submissions/submission/").context["listing"]
    listed = [row.submission.reference for row in listing.rows]
    assert listed == [sent.saved().reference]


def test_staff_read_what_stood_before(changes, sent, admin_client):
    changes.post("section/1/", answer__1__1="Twelve <b>became</b> three.")
    changes.post("check/")
    pk = sent.submission.pk
    url = reverse("admin:submissions_submission_change", args=[pk])

    now = admin_client.get(url).content.decode()
    before = admin_client.get(f"/admin/submissions/submission/{pk}/revisions/1/")
    after = admin_client.get(f"/admin/submissions/submission/{pk}/revisions/2/")

    assert "changes sent" in now
    assert "Eleven became three." not in now
    assert "Eleven became three." in before.content.decode()
    assert "1.1 Have large outsourcing contracts" in before.content.decode()
    for words in ("Publish my response with my name", "Agree", "Evaluation", "a.txt"):
        assert words in before.content.decode()
    assert "Twelve &lt;b&gt;became&lt;/b&gt; three." in after.content.decode()
    missing = admin_client.get(f"/admin/submissions/submission/{pk}/revisions/3/")
    assert missing.status_code == 404


def test_only_those_who_may_view_submissions_see_revisions(sent, client):
    url = f"/admin/submissions/submission/{sent.submission.pk}/revisions/1/"

    assert client.get(url).url.startswith("/admin/login/")


def test_a_stranger_changes_nothing(sent):
    stranger = Client()

    for page in ("amend/", "discard/"):
        assert stranger.post(sent.url + page).status_code == 404
    assert Submission.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_tabs_that_send_the_same_changes_write_one_revision(changes, sent):
    changes.post("section/1/", answer__1__1="Twelve became three.")

    def send(_tab):
        browser = Client()
        browser.cookies = sent.client.cookies
        response = browser.post(changes.url + "check/", {"_end": "1"})
        connection.close()
        return response

    with ThreadPoolExecutor(4) as tabs:
        responses = list(tabs.map(send, range(4)))

    reference = sent.saved().reference
    shown = [sent.get("sent/") if one.status_code == 302 else one for one in responses]
    assert all(reference in page.content.decode() for page in shown)
    assert numbers(sent.submission) == [1, 2]
    assert Submission.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_changes_that_are_sent_while_publication_is_chosen_wait_for_the_choice(
    changes, sent
):
    changes.post("section/1/", answer__1__1="Twelve became three.")

    def send():
        changes.post("check/")
        connection.close()

    with ThreadPoolExecutor(1) as tab, transaction.atomic():
        Submission.objects.select_for_update().get(pk=sent.submission.pk)
        sending = tab.submit(send)
        # Time to get as far as it can.
        time.sleep(0.5)
        services.choose_publication(sent.submission, "not")
    sending.result()

    assert sent.saved().publication == "not"
    assert sent.answers() == {"1.1": "Twelve became three."}
    assert numbers(sent.submission) == [1, 2, 3]


@pytest.mark.django_db(transaction=True)
def test_two_tabs_that_begin_changes_begin_one(sent):
    def begin(_tab):
        browser = Client()
        browser.cookies = sent.client.cookies
        response = browser.post(sent.url + "amend/")
        connection.close()
        return response.url

    with ThreadPoolExecutor(4) as tabs:
        urls = set(tabs.map(begin, range(4)))

    assert urls == {f"/evidence/{Submission.objects.get(reference=None).key}/"}
