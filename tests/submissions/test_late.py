"""After closing: what was written is kept, staff are asked, and what they accept is late."""

import csv
import datetime as dt
import io
import re
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from outbox.delivery import deliver_due
from outbox.models import OutgoingEmail
from review.exports import TABLES
from submissions import services
from submissions.data import as_data
from submissions.models import LateRequest, Submission
from tests.review.exported import as_csv
from tests.staff import member_of_staff, sign_in

LIST = "/admin/submissions/laterequest/"
REASON = "Our trustees met only yesterday."
EMAIL = "ada@riverside.example"


@pytest.fixture
def unsent(ada):
    """A draft that could be sent, of somebody who gave an address."""
    ada.post("about-you/", name="Ada", email=EMAIL, publication="not")
    ada.post("section/1/", answer__1__1="Eleven became three.")
    return ada


@pytest.fixture
def asked(unsent, close):
    close()
    unsent.post("late/", reason=REASON)
    return unsent


def in_days(days):
    return timezone.now() + dt.timedelta(days=days)


def decision(answer, until=None, reason="You told us in time."):
    """Return what the form of staff sends."""
    local = timezone.localtime(until or in_days(3))
    return {
        "decision": answer,
        "until_0": f"{local:%Y-%m-%d}",
        "until_1": f"{local:%H:%M}",
        "reason": reason,
    }


def decide(admin_client, answer, **fields):
    url = f"{LIST}{LateRequest.objects.get().pk}/change/"
    return admin_client.post(url, decision(answer, **fields), follow=True)


def texts(smtp_sink):
    """Deliver what is due, and return (to, subject, text) of every email so far."""
    deliver_due()
    return [
        (mail["To"], mail["Subject"], mail.get_body(["plain"]).get_content())
        for mail in smtp_sink.journal
    ]


def test_s16_what_is_sent_half_a_minute_after_the_grace_is_kept_as_late(unsent, close):
    close(minutes=10.5)

    refused = unsent.post("check/")
    kept = unsent.post("section/2/", answer__2__1="Typed to the last second")

    assert refused.status_code == 422
    assert not unsent.saved().is_submitted
    assert "it is kept" in kept.content.decode()
    assert "Ask Locality to accept it late" in kept.content.decode()
    assert unsent.answers()["2.1"] == "Typed to the last second"


@pytest.mark.parametrize(
    ("page", "fields"),
    [
        ("about-you/", {"name": "Grace"}),
        ("principles/", {"comment": "Good."}),
        ("items/2f1b7c9e-54a5-4c6b-9d0e-0c2d3a4b5c6d/", {"title": "A report"}),
    ],
)
def test_every_page_that_was_open_keeps_what_is_written_on_it(
    unsent, close, page, fields
):
    before = as_data(unsent.saved())
    close()

    response = unsent.post(page, **fields)

    assert response.status_code == 200
    assert "it is kept" in response.content.decode()
    assert as_data(unsent.saved()) != before


@pytest.mark.parametrize("page", ["", "about-you/", "section/1/", "check/", "items/"])
def test_pages_that_are_opened_after_closing_say_that_it_has_closed(
    unsent, close, page
):
    close()

    shown = unsent.get(page).content.decode()

    assert "<h1>The call has closed</h1>" in shown
    assert "Eleven became three." in shown


def test_asking_writes_to_both_sides(asked, smtp_sink):
    page = asked.get().content.decode()

    [ours, theirs] = sorted(texts(smtp_sink), reverse=True)
    request = LateRequest.objects.get()
    assert request.reason == REASON
    assert REASON in page
    assert "It is not decided yet." in page
    assert ours[:2] == (
        "nick.plumb@locality.org.uk",
        "Somebody asks to be accepted late",
    )
    assert f"http://localhost:8000{LIST}{request.pk}/change/" in ours[2]
    for text in (REASON, "Ada", "Eleven", EMAIL):
        assert text not in ours[2]
    assert theirs[:2] == (EMAIL, "You asked us to accept your response late")


def test_it_is_asked_for_once(asked, smtp_sink):
    asked.post("late/", reason="Another reason")

    assert LateRequest.objects.get().reason == REASON
    assert OutgoingEmail.objects.count() == 2
    assert "Ask for more time" not in asked.get().content.decode()


@pytest.mark.parametrize("reason", ["", " \u200b ", "a" * 5001])
def test_a_reason_is_needed(unsent, close, reason):
    close()

    response = unsent.post("late/", reason=reason)

    page = response.content.decode()
    assert response.status_code == 422
    assert "<title>Error: " in page
    assert ("Enter why you need more time" in page) == (len(reason) < 10)
    assert not LateRequest.objects.exists()


def test_an_address_is_needed_and_kept(ada, close):
    ada.post("section/1/", answer__1__1="Eleven became three.")
    close()

    refused = ada.post("late/", reason=REASON, email="nonsense")
    ada.post("late/", reason=REASON, email=EMAIL)

    assert refused.status_code == 422
    assert REASON in refused.content.decode()
    assert ada.saved().email == EMAIL
    assert LateRequest.objects.count() == 1


def test_an_empty_draft_cannot_ask(ada, close):
    close()

    ada.post("late/", reason=REASON, email=EMAIL)

    assert not LateRequest.objects.exists()
    assert "nothing that could be accepted late" in ada.get().content.decode()


def test_nobody_asks_while_the_call_is_open(unsent):
    response = unsent.post("late/", reason=REASON)

    assert response.url == unsent.url
    assert not LateRequest.objects.exists()


def test_staff_see_who_asks_and_how_much_there_is_but_not_what(asked, admin_client):
    listed = admin_client.get(LIST).content.decode()
    page = admin_client.get(f"{LIST}{LateRequest.objects.get().pk}/change/")

    shown = page.content.decode()
    assert "Ada" in listed
    assert "To be decided" in listed
    assert REASON in shown
    assert "<dt>Answers</dt><dd>1</dd>" in shown
    assert "Eleven became three." not in listed + shown
    assert EMAIL not in listed + shown


def test_a_request_is_accepted_and_sent_late(asked, admin_client, smtp_sink):
    until = in_days(2)
    page = decide(admin_client, "accept", until=until)

    assert "It is decided." in page.content.decode()
    told = texts(smtp_sink)[-1]
    assert told[0] == EMAIL
    assert told[1].startswith("Send your Keep it Local response by ")
    assert "You told us in time." in told[2]
    device = Client()
    link = re.search(r"http://localhost:8000(/resume/\S+)", told[2])[1]
    assert device.post(link).url == asked.url
    assert "Locality accepts yours late" in device.get(asked.url).content.decode()
    asked.post("section/1/", answer__1__1="Twelve became three.")
    asked.post("check/")

    submission = asked.saved()
    assert submission.is_late
    assert asked.answers() == {"1.1": "Twelve became three."}
    assert submission.revisions.get().contents["is_late"] is True


def test_a_request_is_refused_with_a_reason(asked, admin_client, smtp_sink):
    decide(admin_client, "refuse", reason="The report is written.")

    page = asked.get().content.decode()
    told = texts(smtp_sink)[-1]
    assert "Locality did not accept it." in page
    assert "The report is written." in page
    assert told[1] == "We cannot accept your Keep it Local response"
    assert "The report is written." in told[2]
    assert asked.saved().accepted_until is None
    assert asked.post("check/").status_code == 422


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (decision("accept", reason=""), "Enter a reason"),
        (decision("refuse", reason=" "), "Enter a reason"),
        (decision("accept") | {"until_0": ""}, "Enter both the date and the time"),
        (decision("accept") | {"until_0": "", "until_1": ""}, "a time in the future"),
        (decision("accept") | {"until_0": "2018-07-27"}, "a time in the future"),
        (decision(""), "Choose whether it is accepted"),
    ],
)
def test_a_decision_is_whole_or_none(asked, admin_client, fields, words):
    url = f"{LIST}{LateRequest.objects.get().pk}/change/"

    response = admin_client.post(url, fields)

    assert response.status_code == 422
    assert words in response.content.decode()
    assert not LateRequest.objects.get().is_decided


def test_a_refusal_needs_no_time(asked, admin_client):
    fields = decision("refuse") | {"until_0": ""}

    admin_client.post(f"{LIST}{LateRequest.objects.get().pk}/change/", fields)

    assert LateRequest.objects.get().is_accepted is False


def test_the_second_of_two_staff_is_told(asked, admin_client):
    decide(admin_client, "refuse")

    page = decide(admin_client, "accept")

    assert "Nothing was changed" in page.content.decode()
    assert LateRequest.objects.get().is_accepted is False
    assert asked.saved().accepted_until is None


@pytest.mark.django_db(transaction=True)
def test_of_two_decisions_at_once_one_holds(asked):
    staff = get_user_model().objects.create_user("grace")

    def try_to_decide(until):
        try:
            request = LateRequest.objects.get()
            services.decide_late(request, staff=staff, reason="Yes", until=until)
            return True
        except services.AlreadyDecided:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as two, transaction.atomic():
        Submission.objects.select_for_update().get(pk=asked.submission.pk)
        deciding = two.map(try_to_decide, [in_days(1), None])
        # Time for both to get as far as they can.
        time.sleep(0.5)
    held = list(deciding)

    assert sorted(held) == [False, True]
    accepted = LateRequest.objects.get().is_accepted
    assert (asked.saved().accepted_until is not None) == accepted
    decisions = OutgoingEmail.objects.filter(kind="late-decision")
    assert decisions.count() == 1


def test_only_those_who_may_decide_do(asked, client):
    url = f"{LIST}{LateRequest.objects.get().pk}/change/"
    reader, stranger = Client(), Client()
    sign_in(reader, member_of_staff("reader", "view_laterequest"))
    sign_in(stranger, member_of_staff("stranger", "view_submission"))

    assert reader.get(url).status_code == 200
    assert "<form method" not in reader.get(url).content.decode().split("<h2>", 1)[1]
    assert reader.post(url, decision("accept")).status_code == 403
    assert stranger.get(url).status_code == 403
    assert not LateRequest.objects.get().is_decided


@pytest.mark.parametrize(("state", "count"), [("open", 0), ("refused", 1), ("x", None)])
def test_requests_are_listed_by_their_state(asked, admin_client, state, count):
    decide(admin_client, "refuse")

    page = admin_client.get(LIST, {"state": state})

    if count is None:
        assert page.url == f"{LIST}?e=1"
    else:
        assert len(page.context["cl"].result_list) == count


def test_the_list_takes_the_same_number_of_queries(
    asked, consultation, admin_client, django_assert_num_queries
):
    with django_assert_num_queries(8):
        admin_client.get(LIST)
    for _number in range(2):
        draft = Submission.objects.create(consultation=consultation)
        LateRequest.objects.create(submission=draft, reason=REASON)

    with django_assert_num_queries(8):
        assert len(admin_client.get(LIST).context["cl"].result_list) == 3


def test_what_was_accepted_until_yesterday_is_closed(asked, admin_client):
    decide(admin_client, "accept")
    Submission.objects.update(accepted_until=in_days(-1))

    page = asked.get().content.decode()
    kept = asked.post("section/1/", answer__1__2="Still kept")

    assert "That has passed." in page
    assert "it is kept" in kept.content.decode()
    assert asked.post("check/").status_code == 422


def test_a_late_response_can_be_changed_as_long_as_it_could_be_sent(
    asked, admin_client
):
    decide(admin_client, "accept")
    asked.post("check/")
    changes = asked.post("amend/").url
    asked.client.post(changes + "section/1/", {"answer-1-1": "Twelve.", "_end": "1"})

    asked.client.post(changes + "check/", {"_end": "1"})

    assert asked.answers() == {"1.1": "Twelve."}
    assert asked.saved().is_late


@pytest.mark.django_db(transaction=True)
def test_late_is_said_wherever_the_response_is(asked, admin_client, consultation):
    decide(admin_client, "accept")
    asked.post("check/")
    submission = asked.saved()

    late = "It came late, and Locality had accepted that."
    for page in ("sent/", "copy/", "status/"):
        assert late in asked.get(page).content.decode()
    listed = "/admin/submissions/submission/"
    assert (
        ">Late<"
        in admin_client.get(f"{listed}{submission.pk}/change/").content.decode()
    )
    for is_late, count in (("yes", 1), ("no", 0)):
        found = admin_client.get(listed, {"late": is_late})
        assert len(found.context["listing"].rows) == count
    for table in TABLES.values():
        file = as_csv(Submission.objects.all(), table(consultation))
        rows = list(csv.DictReader(io.StringIO(file.decode("utf-8-sig"), newline="")))
        assert {row["Late"] for row in rows} <= {"Late"}


def test_what_is_sent_in_time_is_not_late(unsent, close):
    close(minutes=9)

    unsent.post("check/")

    assert unsent.saved().is_submitted
    assert not unsent.saved().is_late


def test_the_queries_of_the_closed_page_do_not_grow(asked, django_assert_num_queries):
    # From then on this process knows the call.
    asked.get()
    with django_assert_num_queries(6):
        asked.get()
    for number in (2, 3, 4):
        asked.post(f"section/{number}/", **{f"answer__{number}__1": "Words"})

    with django_assert_num_queries(6):
        asked.get()
