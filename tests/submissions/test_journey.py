"""The way of a response, page by page."""

import datetime as dt

import pytest
from django.utils import timezone

from consultations.models import Question

ABOUT = {
    "name": "Ada O'Brien",
    "organisation": "Riverside Community Trust",
    "email": "ada@riverside.example",
    "publication": "with-name",
}


def send(ada):
    ada.post("about-you/", **ABOUT)
    ada.post("section/1/", answer__1__1="Three contracts now carry what eleven did.")
    return ada.post("check/")


def test_home_shows_the_open_call_and_its_deadline(client, consultation):
    page = client.get("/").content.decode()

    assert "Keep it Local: For services that transform lives" in page
    assert "11:59pm UK time on" in page
    assert "This is a rehearsal." in page


def test_home_says_that_nothing_is_published(client, db):
    assert "No call for evidence" in client.get("/").content.decode()


def test_the_whole_call_can_be_read(client, consultation):
    page = client.get(f"/calls/{consultation.slug}/text/").content.decode()

    assert page.count("<dt>") == 27
    assert "Have large outsourcing contracts been the dominant trend" in page
    assert "Rather than commissioning individual services in isolation" in page
    assert "Lloyds Bank Foundation" in page


def test_every_part_goes_on_to_the_next(ada):
    parts = [f"section/{number}/" for number in (1, 2, 3, 4, 5)]
    parts = ["about-you/", *parts, "principles/"]

    following = [ada.post(part, go="onward").url for part in parts]

    assert following == [ada.url + part for part in [*parts[1:], "items/"]]


def test_an_answer_is_kept_as_it_was_typed(ada):
    text = '  "Quotes", a tab\t, emoji 🏡 and\r\ntwo lines  '

    response = ada.post("section/2/", answer__2__3=text)

    assert response.url == ada.url
    assert ada.answers() == {"2.3": '  "Quotes", a tab\t, emoji 🏡 and\ntwo lines  '}


def test_an_emptied_answer_goes_away(ada):
    ada.post("section/2/", answer__2__3="First thought")

    ada.post("section/2/", answer__2__3=" \u200b ")

    assert ada.answers() == {}


def test_contents_page_shows_how_far_the_draft_has_come(ada):
    ada.post("section/1/", answer__1__1="One", answer__1__4="Four", finished="on")
    ada.post("section/2/", answer__2__1="One")

    page = ada.get().content.decode()

    assert "2 of 6 questions answered" in page
    assert page.count("Completed") == 1
    assert page.count("In progress") == 1
    assert page.count("Not yet started") == 6


def test_principles_take_a_stance_and_a_comment_each_and_one_on_all(ada):
    ada.post(
        "principles/",
        stance__2__v1="agree",
        comment__4__v1="Smaller lots.",
        comment="Good.",
    )
    ada.post("principles/", stance__2__v1="in-part", comment__4__v1="", comment="Good.")

    kept = ada.submission.principle_comments.values_list(
        "version__principle__number", "stance", "comment"
    )
    assert set(kept) == {(2, "in-part", ""), (None, "", "Good.")}


def test_sending_gives_a_reference_and_writes_the_acknowledgement(ada):
    response = send(ada)

    submission = ada.saved()
    assert response.url == ada.url + "sent/"
    assert submission.reference[:4] == "KIL-"
    assert submission.reference in ada.get("sent/").content.decode()


def test_sending_twice_gives_the_same_reference(ada):
    send(ada)
    first = ada.saved().reference

    again = ada.post("check/")

    assert again.status_code == 422
    assert f"Its reference is <strong>{first}</strong>" in again.content.decode()
    assert ada.saved().reference == first


@pytest.mark.parametrize(
    ("given", "asked_for"),
    [
        ({}, "Enter your name or your organisation"),
        ({"name": "Ada"}, "Choose how we may use your response"),
        (ABOUT, "Answer at least one question"),
    ],
)
def test_sending_needs_a_name_a_choice_and_some_evidence(ada, given, asked_for):
    ada.post("about-you/", **given)

    response = ada.post("check/")

    assert response.status_code == 422
    assert asked_for in response.content.decode()
    assert "<title>Error: " in response.content.decode()
    assert not ada.saved().is_submitted


def test_what_is_typed_after_sending_is_given_back(ada):
    send(ada)

    response = ada.post("section/1/", answer__1__2="One more thing")

    assert response.status_code == 422
    assert "You have already sent this" in response.content.decode()
    assert "One more thing" in response.content.decode()
    assert ada.answers() == {"1.1": "Three contracts now carry what eleven did."}


def test_what_is_typed_into_a_closed_call_is_kept_and_shown(ada, close):
    ada.post("section/1/", answer__1__1="Saved in time")
    close()

    response = ada.post("section/1/", answer__1__2="Typed too late")

    page = response.content.decode()
    assert response.status_code == 200
    assert "The call has closed" in page
    assert "it is kept" in page
    assert page.count("Typed too late") == 1
    assert ada.answers() == {"1.1": "Saved in time", "1.2": "Typed too late"}


def test_a_closed_call_cannot_be_started_but_read(client, consultation, close):
    close()

    assert "This call closed at" in client.get("/").content.decode()
    assert client.get(f"/calls/{consultation.slug}/text/").status_code == 200
    client.post(f"/calls/{consultation.slug}/start/")
    assert consultation.submissions.count() == 0


@pytest.mark.parametrize(("minutes", "is_sent"), [(9, True), (11, False)])
def test_a_draft_begun_in_time_may_be_sent_for_ten_minutes(
    ada, close, minutes, is_sent
):
    ada.post("about-you/", **ABOUT)
    close(minutes)

    ada.post("section/1/", answer__1__1="Written in the last minute")
    ada.post("check/")

    assert ada.saved().is_submitted == is_sent
    # What came too late to be sent is kept all the same.
    assert ada.answers() == {"1.1": "Written in the last minute"}


def test_the_minutes_of_grace_are_said_on_the_page(ada, close):
    close(1)

    for page in ["", "section/1/", "principles/", "check/"]:
        assert "You began in time" in ada.get(page).content.decode()


def test_nothing_can_be_begun_in_the_minutes_of_grace(client, consultation, close):
    close(1)

    response = client.post(f"/calls/{consultation.slug}/start/")

    assert response.status_code == 422
    assert consultation.submissions.count() == 0


@pytest.mark.parametrize(("hours", "is_said"), [(73, False), (71, True), (1, True)])
def test_the_time_left_is_said_from_three_days_before(
    ada, consultation, hours, is_said
):
    consultation.closes_at = timezone.now() + dt.timedelta(hours=hours)
    consultation.save()

    for page in ["", "check/"]:
        assert ("left" in ada.get(page).content.decode()) == is_said
    assert ("left" in ada.get("section/1/").content.decode()) == is_said


def test_a_closed_draft_cannot_be_sent(ada, close):
    ada.post("about-you/", **ABOUT)
    ada.post("section/1/", answer__1__1="Saved in time")
    close()

    assert ada.post("check/").status_code == 422
    assert not ada.saved().is_submitted


def test_another_browser_finds_nothing(ada):
    stranger = type(ada.client)()

    for page in ["", "about-you/", "section/1/", "principles/", "check/", "sent/"]:
        assert stranger.get(ada.url + page).status_code == 404
        assert stranger.post(ada.url + page, {"_end": "1"}).status_code in (404, 405)


@pytest.mark.parametrize(
    ("page", "count"),
    [("", 3), ("section/2/", 4), ("principles/", 7), ("check/", 5)],
)
def test_the_number_of_queries_does_not_grow_with_answers(
    ada, django_assert_num_queries, page, count
):
    ada.post("section/2/", answer__2__1="Words")
    ada.post("principles/", comment__1__v1="Words")

    with django_assert_num_queries(count):
        ada.get(page)
    ada.post("section/2/", **{f"answer__2__{n}": "Words" for n in range(1, 8)})
    ada.post("principles/", **{f"comment__{n}__v1": "Words" for n in range(1, 6)})

    with django_assert_num_queries(count):
        ada.get(page)


@pytest.mark.parametrize("number", [1, 3])
def test_a_section_is_saved_in_the_same_statements_however_much_is_written(
    ada, django_assert_num_queries, number
):
    texts = {f"answer__2__{place}": "Words" for place in range(1, number + 1)}
    ada.post("section/2/", **texts)

    with django_assert_num_queries(11):
        ada.post("section/2/", **dict.fromkeys(texts, "Other words"))


@pytest.mark.parametrize("number", [1, 3])
def test_a_response_is_sent_in_the_same_statements_however_much_it_says(
    ada, django_assert_num_queries, number
):
    ada.post("about-you/", **ABOUT)
    ada.post("section/2/", **{f"answer__2__{n}": "Words" for n in range(1, number + 1)})

    with django_assert_num_queries(12):
        ada.post("check/")


def test_what_was_sent_is_read_under_the_wording_that_was_answered(ada):
    send(ada)
    question = Question.objects.get(code="1.1")
    question.past_wordings.create(wording=question.wording)
    Question.objects.filter(code="1.1").update(wording="Have very large contracts?")

    page = ada.get("copy/").content.decode()

    assert "1.1 Have large outsourcing contracts" in page
    assert "very large" not in page


def test_home_leads_back_to_what_this_browser_sent(ada):
    send(ada)

    page = ada.client.get("/").content.decode()

    assert f"You sent {ada.saved().reference} from this browser." in page
    assert f'href="{ada.url}sent/"' in page
