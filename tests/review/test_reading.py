"""The page to read one submission on, and what staff do from there."""

import datetime as dt

import pytest
from django.urls import reverse

from tests.submissions.sent import make_sent, minutes_ago

LIST = "/admin/submissions/submission/"


def url_of(submission):
    return reverse("admin:submissions_submission_change", args=[submission.pk])


@pytest.fixture
def riverside(consultation):
    return make_sent(
        consultation,
        reference="KIL-AA2BB3CC",
        name="Ada O'Brien",
        email="ada@riverside.example",
        on_behalf="organisation",
        respondent_type="community-organisation",
        submitted_at=dt.datetime(2018, 7, 20, 12, tzinfo=dt.UTC),
        answers={"1.1": "Eleven contracts became three.", "1.2": "Eleven again."},
        comments={2: ("agree", "Plainly so."), 4: ("", "Smaller lots.")},
        general="Keep going.",
    )


def test_a_submission_is_read_whole_in_the_order_of_the_call(admin_client, riverside):
    page = admin_client.get(url_of(riverside)).content.decode()

    places = [
        page.index(text)
        for text in (
            "KIL-AA2BB3CC: Riverside Community Trust",
            "1:00pm UK time on Friday 20 July 2018",
            "Ada O&#x27;Brien",
            "ada@riverside.example",
            "<h2>1. The trend towards scale",
            "1.1 Have large outsourcing contracts",
            "Eleven contracts became three.",
            "1.2 Do you think",
            "Eleven again.",
            "5.5 Is there anything else",
            "2. Maximise local social value",
            "Plainly so.",
            "Smaller lots.",
            "Keep going.",
        )
    ]
    assert places == sorted(places)
    assert page.count('class="answer"') == 5


def test_the_page_takes_the_same_number_of_queries(
    admin_client, consultation, django_assert_num_queries
):
    answers = {"1.1": "A", "2.1": "B", "3.1": "C", "4.1": "D"}
    comments = dict.fromkeys(range(1, 6), ("agree", "Yes."))
    for submission in (
        make_sent(consultation, answers={"1.1": "A"}, comments={1: ("agree", "")}),
        make_sent(consultation, answers=answers, comments=comments, general="E"),
    ):
        with django_assert_num_queries(39):
            admin_client.get(url_of(submission))


def test_the_next_submission_is_of_the_same_list(admin_client, consultation):
    first, _other, third, fourth = (
        make_sent(consultation, channel=channel, submitted_at=minutes_ago(9 - number))
        for number, channel in enumerate(["post", "online", "post", "post"])
    )
    filters = "?channel=post"

    page = admin_client.get(url_of(third) + filters)

    assert page.context["earlier"] == first
    assert page.context["later"] == fourth
    assert f'href="{url_of(first)}{filters}"' in page.content.decode()
    assert f'href="{LIST}?channel=post"' in page.content.decode()


def test_submissions_sent_in_the_same_moment_follow_one_another(
    admin_client, consultation
):
    moment = minutes_ago(1)
    three = [make_sent(consultation, submitted_at=moment) for _number in range(3)]

    page = admin_client.get(url_of(three[1]))

    assert [page.context["earlier"], page.context["later"]] == [three[0], three[2]]
