"""Writing together: the owner invites, guests write in their parts, the owner signs off."""

import datetime as dt
import json
import uuid

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from outbox.delivery import deliver_due
from outbox.models import OutgoingEmail, State
from review.exports import TABLES
from submissions import services
from submissions.data import as_data
from submissions.forms import INVITATIONS_PER_SUBMISSION
from submissions.models import Invitation, ResumeLink, hash_of
from submissions.parts import fingerprint
from tests.review.exported import as_csv

from .guests import invited, path_of
from .test_emails import LINK, text_of

EMPTY = fingerprint("")


def invite(ada, name="Bo", email="", parts=("section-1",)):
    return ada.client.post(
        ada.url + "together/",
        {
            "colleague_name": name,
            "colleague_email": email,
            "parts": parts,
            "_end": "1",
        },
    )


def shown_link(ada):
    """Return the link on the page "Write together", or ""."""
    return path_of(ada.get("together/").context["url"])


def autosave(writer, part, query="", **fields):
    body = {
        name.replace("__", "-"): {"text": text, "was": EMPTY, "length": len(text)}
        for name, text in fields.items()
    }
    return writer.client.post(
        f"{writer.url}autosave/{part}/{query}",
        json.dumps({"fields": body}),
        content_type="application/json",
    )


# Inviting


def test_without_an_address_the_link_is_shown_once(ada):
    response = invite(ada)

    first, second = shown_link(ada), shown_link(ada)

    assert response.url == ada.url + "together/"
    assert first.startswith("/resume/")
    assert second == ""
    assert "Bo" in ada.get("together/").content.decode()


def test_the_database_keeps_no_token_of_a_link_that_was_shown(ada):
    invite(ada)
    token = shown_link(ada).split("/")[2]

    link = ResumeLink.objects.get()

    assert link.token_hash == hash_of(token)
    assert token not in str(dict(ada.client.session))
    assert len(token) >= 43


def test_with_an_address_the_link_goes_there(ada, smtp_sink):
    ada.post("about-you/", name="Ada O'Brien", organisation="Riverside & Trust")

    invite(ada, email="bo@riverside.example", parts=["section-1", "principles"])
    deliver_due()

    [message] = smtp_sink.journal
    text = text_of(message)
    assert shown_link(ada) == ""
    assert message["To"] == "bo@riverside.example"
    assert message["Subject"] == (
        "Please write in the response of Riverside & Trust to a call for evidence"
    )
    assert text.startswith("Dear Bo,")
    assert "- 1. The trend towards scale" in text
    assert "- The draft principles" in text
    assert len(LINK.findall(text)) == 1


@pytest.mark.parametrize("name", ["evil.example", "You won http://evil.example/x"])
def test_what_could_become_a_link_is_not_mailed_to_a_stranger(ada, smtp_sink, name):
    ada.post("about-you/", name=name, organisation=name)

    invite(ada, name=name, email="victim@x.example")
    deliver_due()

    [message] = smtp_sink.journal
    assert "evil" not in message.as_string()
    assert text_of(message).startswith("Hello,")
    assert message["Subject"] == (
        "You are invited to write in a response to a call for evidence"
    )


def test_one_address_is_written_to_three_times_an_hour_at_most(ada, smtp_sink):
    links = []
    for number in range(5):
        invite(ada, name=f"Bo {number}", email="bo@riverside.example")
        links.append(shown_link(ada))
    deliver_due()

    assert len(smtp_sink.journal) == 3
    # What cannot go by email is given to the owner.
    assert [link[:8] for link in links] == ["", "", "", "/resume/", "/resume/"]


def test_an_invitation_that_was_withdrawn_is_not_mailed(ada, smtp_sink):
    invite(ada, email="bo@riverside.example")
    services.withdraw_invitation(Invitation.objects.get())

    deliver_due()

    assert smtp_sink.journal == []
    assert OutgoingEmail.objects.get().state == State.CANCELLED


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"name": ""}, "Enter your colleague's name"),
        ({"parts": []}, "Select at least one part"),
        ({"parts": ["section-9"]}, "Select from the parts of this response"),
        ({"email": "nonsense"}, "Enter an email address in the correct format"),
    ],
)
def test_what_is_missing_is_asked_for_and_the_rest_stays(ada, fields, error):
    given = {"name": "Bo", "email": "bo@x.example", "parts": ["section-2"]} | fields

    response = invite(ada, **given)

    page = response.content.decode()
    assert response.status_code == 422
    assert error.replace("'", "&#x27;") in page
    assert f'value="{given["name"] or given["email"]}"' in page
    assert not Invitation.objects.exists()


def test_a_second_click_invites_nobody_else(ada):
    invite(ada)

    again = invite(ada, name="bo")

    assert again.status_code == 422
    assert "You have invited somebody of this name" in again.content.decode()
    assert Invitation.objects.count() == 1
    assert "/resume/" in again.context["url"]


def test_twenty_people_can_be_invited_at_a_time(ada):
    for number in range(INVITATIONS_PER_SUBMISSION):
        invited(ada, "section-1", name=f"Bo {number}")

    refused = invite(ada, name="One more")
    services.withdraw_invitation(Invitation.objects.first())
    accepted = invite(ada, name="One more")

    assert refused.status_code == 422
    assert "You can invite up to 20 people" in refused.content.decode()
    assert accepted.status_code == 302


def test_the_list_says_who_has_opened_and_who_has_saved(ada):
    invite(ada, name="Cy")
    bo = invited(ada, "section-1")
    ed = invited(ada, "section-2", name="Ed")
    ed.post("section/2/", answer__2__1="Ed's")

    states = [
        (one["invitation"].name, one["invitation"].opened_at is not None)
        for one in ada.get("together/").context["invited"]
    ]

    page = " ".join(ada.get("together/").content.decode().split())
    assert states == [("Cy", False), ("Bo", True), ("Ed", True)]
    assert bo.invitation.saved_at is None
    assert page.count("link not opened yet") == 1
    assert page.count("nothing saved yet") == 1
    assert page.count("last saved at") == 1


@pytest.mark.parametrize(("page", "count"), [("together/", 3), ("", 4)])
def test_queries_do_not_grow_with_invitations(
    ada, django_assert_num_queries, page, count
):
    invited(ada, "section-1")
    # From then on this process knows the call.
    ada.get(page)

    with django_assert_num_queries(count):
        ada.get(page)
    for name in ("Cy", "Ed"):
        invited(ada, "section-1", "principles", name=name)

    with django_assert_num_queries(count):
        ada.get(page)


# Links


def test_only_the_button_opens_an_invitation(ada):
    invite(ada)
    link, bo = shown_link(ada), Client()

    page = bo.get(link).content.decode()
    before = bo.get(ada.url).status_code
    opened = bo.post(link)

    assert "1. The trend towards scale" in page
    assert before == 404
    assert Invitation.objects.get().opened_at is not None
    assert opened.url == ada.url
    assert bo.get(ada.url).status_code == 200


def test_a_new_link_closes_the_old_one(ada):
    bo = invited(ada, "section-1")

    response = ada.post(f"together/{bo.invitation.pk}/link/")

    assert response.url == ada.url + "together/"
    assert Client().get(bo.link).status_code == 404
    assert Client().get(shown_link(ada)).status_code == 200


def test_withdrawing_asks_first_and_holds_from_the_next_request_on(ada):
    bo = invited(ada, "section-1")

    asked = ada.get(f"together/{bo.invitation.pk}/withdraw/").content.decode()
    before = bo.get("section/1/").status_code
    ada.post(f"together/{bo.invitation.pk}/withdraw/")
    typed = bo.post("section/1/", answer__1__1="Half an evening")

    assert "Withdraw the invitation of Bo?" in asked
    assert before == 200
    assert typed.status_code == 404
    assert "This invitation was withdrawn" in typed.content.decode()
    assert "Half an evening" in typed.content.decode()
    assert "This invitation was withdrawn" in Client().get(bo.link).content.decode()
    assert autosave(bo, "section-1", answer__1__1="More").status_code == 404
    assert ada.answers() == {}


def test_who_is_withdrawn_in_the_middle_of_a_save_saves_nothing(ada):
    bo = invited(ada, "section-1")
    ada.submission.guest = Invitation.objects.get()
    services.withdraw_invitation(bo.invitation)

    with (
        pytest.raises(services.InvitationWithdrawn),
        services.open_draft(ada.submission),
    ):
        pytest.fail("It was let in.")


def test_an_owner_who_opens_the_link_of_a_guest_stays_the_owner(ada):
    invite(ada)
    link = shown_link(ada)

    ada.client.post(link)

    assert ada.get("check/").status_code == 200


def test_a_guest_who_opens_the_link_of_the_owner_becomes_the_owner(ada, smtp_sink):
    ada.post("about-you/", email="ada@riverside.example")
    bo = invited(ada, "section-1")
    services.request_link("ada@riverside.example")
    deliver_due()

    [path] = LINK.findall(text_of(smtp_sink.journal[0]))
    bo.client.post(path)

    assert bo.get("check/").status_code == 200


def test_a_guest_who_asks_for_a_link_gets_one_to_his_parts_alone(ada, smtp_sink):
    ada.post("about-you/", name="Ada", email="ada@riverside.example")
    invited(ada, "section-1", email="bo@riverside.example")
    bo = Client()

    pages = [
        bo.post("/resume/", {"email": address, "_end": "1"}, follow=True)
        .content.decode()
        .replace(address, "")
        for address in ("bo@riverside.example", "nobody@riverside.example")
    ]
    deliver_due()

    [message] = smtp_sink.journal
    [path] = LINK.findall(text_of(message))
    bo.post(path)
    assert pages[0] == pages[1]
    assert message["To"] == "bo@riverside.example"
    assert bo.get(ada.url + "section/1/").status_code == 200
    assert bo.get(ada.url + "section/2/").status_code == 404
    assert bo.get(ada.url + "check/").status_code == 404


def test_a_corrected_address_of_the_owner_leaves_the_links_of_guests(ada):
    bo = invited(ada, "section-1", email="bo@riverside.example")

    ada.post("about-you/", email="ada@riverside.example")

    assert Client().get(bo.link).status_code == 200


def test_the_home_page_leads_a_guest_back(ada):
    ada.post("about-you/", organisation="Riverside")
    bo = invited(ada, "section-1")

    page = bo.client.get("/").content.decode()
    services.withdraw_invitation(bo.invitation)

    words = "Carry on with your parts of the response of Riverside"
    assert words in page
    assert f'href="{ada.url}"' in page
    assert words not in bo.client.get("/").content.decode()


# Writing


def test_a_guest_sees_his_parts_and_with_whom_he_writes(ada):
    ada.post("about-you/", name="Ada", organisation="Riverside")
    bo = invited(ada, "section-2", "principles")

    page = bo.get()

    assert [part.code for part in page.context["parts"]] == ["section-2", "principles"]
    assert "You are writing with <strong>Riverside</strong>" in page.content.decode()
    assert "Check your answers" not in page.content.decode()


def test_a_guest_goes_on_through_his_parts_and_ends_at_the_list_of_them(ada):
    bo = invited(ada, "section-2", "section-4", "principles")

    pages = ["section/2/", "section/4/", "principles/"]
    following = [bo.post(page, go="onward").url for page in pages]

    assert following == [bo.url + "section/4/", bo.url + "principles/", bo.url]


def test_the_owner_reads_what_a_guest_wrote_and_that_he_has_finished(ada):
    bo = invited(ada, "section-1")

    bo.post("section/1/", answer__1__1="Bo's words", finished="on")

    page = " ".join(ada.get().content.decode().split())
    bo.invitation.refresh_from_db()
    assert ada.answers() == {"1.1": "Bo's words"}
    assert page.count("Completed") == 1
    assert page.count("With Bo: last saved at") == 1
    assert bo.invitation.saved_at == ada.saved().saved_at


def test_autosave_of_a_guest_is_a_save(ada):
    bo = invited(ada, "section-1")

    response = autosave(bo, "section-1", answer__1__1="While typing")

    bo.invitation.refresh_from_db()
    assert response.status_code == 200
    assert ada.answers() == {"1.1": "While typing"}
    assert bo.invitation.saved_at is not None


def test_two_people_who_write_the_same_answer_see_both_texts(ada):
    bo = invited(ada, "section-1")
    autosave(ada, "section-1", answer__1__1="Ada's")

    clash = autosave(bo, "section-1", answer__1__1="Bo's", answer__1__2="Bo's too")

    assert clash.status_code == 409
    assert clash.json()["clashes"]["answer-1-1"]["text"] == "Ada's"
    assert ada.answers() == {"1.1": "Ada's", "1.2": "Bo's too"}


def test_a_guest_who_writes_about_the_respondent_does_not_see_the_address(ada):
    ada.post("about-you/", name="Ada", email="ada@riverside.example")
    bo = invited(ada, "about-you")

    page = bo.get("about-you/").content.decode()
    bo.post("about-you/", name="Ada O'Brien", email="bo@riverside.example")

    assert "ada@riverside.example" not in page
    assert ada.saved().name == "Ada O'Brien"
    assert ada.saved().email == "ada@riverside.example"


# Evidence beside the parts of a guest


def test_a_guest_adds_evidence_to_a_question_of_his(ada):
    bo = invited(ada, "section-1")
    key = uuid.uuid4()

    autosave(
        bo, f"item-{key.hex}", "?for=question-1-4", **{f"details-{key.hex}": "Eleven."}
    )
    found = bo.get(f"items/{key}/").content.decode()
    response = bo.post(
        f"items/{key}/?for=question-1-4", title="Report", questions="1-4"
    )

    item = ada.submission.items.get()
    assert "Eleven." in found
    assert response.url == bo.url + "section/1/#id_answer-1-4"
    assert (item.title, item.details) == ("Report", "Eleven.")
    assert [one.code for one in item.questions.all()] == ["1.4"]


@pytest.mark.parametrize("place", ["question-2-1", "principle-1", "", "nonsense"])
def test_a_guest_adds_no_evidence_elsewhere(ada, place):
    bo = invited(ada, "section-1")
    key = uuid.uuid4()

    statuses = [
        bo.get(f"items/add/?for={place}").status_code,
        bo.post(f"items/{key}/?for={place}", title="Report").status_code,
        autosave(bo, f"item-{key.hex}", f"?for={place}").status_code,
    ]

    assert statuses == [404, 404, 404]
    assert not ada.submission.items.exists()


def test_a_guest_changes_what_is_used_on_his_parts_and_sees_no_other(ada):
    bo = invited(ada, "section-1")
    shared, other = uuid.uuid4(), uuid.uuid4()
    ada.post(f"items/{shared}/", title="Shared", questions=["1-4", "2-1"])
    ada.post(f"items/{other}/", title="Other", questions=["2-1"])

    listed = bo.get("items/").content.decode()
    offered = bo.get("items/add/?for=question-1-1").content.decode()
    bo.post(f"items/{shared}/", title="Shared", place="Halifax", questions=["1-1"])
    used = bo.post("items/add/?for=question-1-1", use=str(other))

    item = ada.submission.items.get(key=shared)
    assert "Shared" in listed
    assert "Other" not in listed
    assert "Shared" in offered
    assert "Other" not in offered
    assert used.status_code == 404
    assert item.place == "Halifax"
    # Where else it is used is not his to change.
    assert sorted(one.code for one in item.questions.all()) == ["1.1", "2.1"]


def test_a_guest_keeps_his_evidence_where_he_finds_it_again(ada):
    bo = invited(ada, "section-1")
    key = uuid.uuid4()

    response = bo.client.post(
        f"{bo.url}items/{key}/?for=question-1-4",
        {"title": "Report", "was-questions": fingerprint(["1-4"]), "_end": "1"},
    )

    assert response.status_code == 422
    assert "so that you find this evidence again" in response.content.decode()


def test_a_guest_with_the_list_of_evidence_sees_all_of_it(ada):
    bo = invited(ada, "items")
    key = uuid.uuid4()
    ada.post(f"items/{key}/", title="Report", questions=["2-1"])

    page = bo.get("items/").content.decode()
    bo.post(f"items/{key}/remove/")

    assert "Report" in page
    assert not ada.submission.items.exists()


# Signing off and sending


@pytest.fixture
def ready(ada):
    ada.post("about-you/", name="Ada O'Brien", publication="with-name")
    ada.post("section/1/", answer__1__1="Yes.")
    return ada


def test_nobody_is_asked_to_sign_off_what_one_person_wrote(ready):
    page = ready.get("check/").content.decode()

    ready.post("check/")

    assert "Who signs this off" not in page
    assert ready.saved().is_submitted


@pytest.mark.parametrize("is_withdrawn", [False, True])
def test_what_several_people_wrote_is_signed_off(ready, admin_client, is_withdrawn):
    bo = invited(ready, "section-1")
    if is_withdrawn:
        services.withdraw_invitation(bo.invitation)

    shown = ready.get("check/")
    refused = ready.post("check/", signed_off_by=" ")
    ready.post("check/", signed_off_by="Dana Reyes")

    submission = ready.saved()
    staff = admin_client.get(
        f"/admin/submissions/submission/{submission.pk}/change/"
    ).content.decode()
    # Signing off is a deliberate act: nobody's name stands there already.
    assert shown.context["form"]["signed_off_by"].value() == ""
    assert refused.status_code == 422
    error = "Enter the name of the person who signs this off"
    assert f'<a href="#id_signed_off_by">{error}</a>' in refused.content.decode()
    assert submission.signed_off_by == "Dana Reyes"
    assert "Dana Reyes (not published)" in ready.get("copy/").content.decode()
    assert "Dana Reyes (not published)" in staff
    assert as_data(submission)["signed_off_by"] == "Dana Reyes"


def test_the_service_wants_a_signature_too(ready):
    invited(ready, "section-1")

    with pytest.raises(services.Incomplete) as error:
        services.submit(ready.saved())

    assert error.value.missing == ["signed_off_by"]
    assert not ready.saved().is_submitted


def test_after_sending_a_link_says_so_and_gives_back_what_was_typed(ready):
    bo = invited(ready, "section-1")
    ready.post("check/", signed_off_by="Ada")

    pages = [bo.get(), bo.get("section/1/"), Client().get(bo.link)]
    typed = bo.post("section/1/", answer__1__1="Too late")

    for page in pages:
        assert page.status_code == 200
        assert "The response was sent" in page.content.decode()
        assert "Yes." not in page.content.decode()
    assert typed.status_code == 422
    assert "Too late" in typed.content.decode()
    assert "Yes." not in typed.content.decode()


@pytest.mark.django_db(transaction=True)
def test_no_export_names_a_guest_or_who_signed_off(ready, consultation):
    invited(ready, "section-1", name="Bo Svensson", email="bo@riverside.example")
    ready.post("check/", signed_off_by="Dana Reyes")

    written = b"".join(
        as_csv(consultation.submissions.all(), table(consultation))
        for table in TABLES.values()
    )

    assert b"Ada O'Brien" in written
    names = [b"Bo Svensson", b"bo@riverside.example", b"Dana Reyes"]
    assert [name for name in names if name in written] == []


def test_a_link_runs_out(ada):
    bo = invited(ada, "section-1")

    with time_machine.travel(timezone.now() + dt.timedelta(days=31)):
        assert Client().get(bo.link).status_code == 404
