"""What staff see of submissions, and what they never see of drafts."""

import datetime as dt
import re

import pytest
from django.urls import reverse

from tests.staff import member_of_staff, sign_in
from tests.submissions.sent import make_draft, make_sent, minutes_ago

LIST = "/admin/submissions/submission/"


def url_of(submission):
    return reverse("admin:submissions_submission_change", args=[submission.pk])


def listed(client, **asked):
    """Return the references that the list shows."""
    rows = client.get(LIST, asked).context["listing"].rows
    return [row.submission.reference for row in rows]


@pytest.fixture
def councillor(consultation):
    return make_sent(
        consultation,
        reference="KIL-DD4EE5FF",
        organisation="",
        name="Sam Patel",
        channel="post",
        on_behalf="individual",
        respondent_type="councillor",
        publication="not",
        submitted_at=dt.datetime(2018, 6, 20, 12, tzinfo=dt.UTC),
        answers={"2.3": "A grant of £5,000 did it."},
    )


@pytest.fixture
def secret(consultation):
    return make_draft(
        consultation,
        name="Secret Name",
        organisation="Secret Trust",
        email="secret@draft.example",
        answers={"1.1": "Secret answer"},
        comments={1: ("agree", "Secret comment")},
    )


def test_list_shows_what_was_sent_newest_first(admin_client, councillor, riverside):
    page = admin_client.get(LIST).content.decode()

    rows = re.sub(r"<[^>]+>|\s+", " ", page[page.index("<tbody>") :])
    assert " ".join(rows.split()).startswith(
        "Riverside Community Trust KIL-AA2BB3CC · Community organisation · Ada "
        "O&#x27;Brien · Online With name Online 12 Unread 20 Jul 2018 13:00"
    )
    assert listed(admin_client) == [riverside.reference, councillor.reference]


def test_list_takes_the_same_number_of_queries(
    admin_client, riverside, django_assert_num_queries
):
    # What the call asks is read once.
    listed(admin_client)
    with django_assert_num_queries(18):
        assert len(listed(admin_client)) == 1
    for number in (1, 2):
        make_sent(riverside.consultation, answers={"1.1": f"Words {number}"})
    with django_assert_num_queries(18):
        assert len(listed(admin_client)) == 3


@pytest.mark.parametrize(
    "term",
    [
        "aa2bb",
        "ada o'brien",
        "RIVERSIDE",
        "ada@riverside",
        "eleven",
        "plainly",
        "keep going",
        "riverside eleven plainly",
        '"became three"',
    ],
)
def test_search_finds_once_in_details_answers_and_comments(
    admin_client, riverside, councillor, term
):
    assert listed(admin_client, q=term) == [riverside.reference]


@pytest.mark.parametrize("term", ["riverside grant", '"three became"', "100%"])
def test_search_wants_every_word_in_one_submission(
    admin_client, riverside, councillor, term
):
    assert listed(admin_client, q=term) == []


@pytest.mark.parametrize(
    "asked",
    [
        {"type": "councillor"},
        {"on_behalf": "individual"},
        {"publication": "not"},
        {"channel": "post"},
        {"from": "2018-06-01", "to": "2018-06-30"},
    ],
)
def test_filters_narrow_the_list(admin_client, riverside, councillor, asked):
    assert listed(admin_client, **asked) == [councillor.reference]


def test_list_counts_what_each_filter_would_show(admin_client, riverside, councillor):
    panel = admin_client.get(LIST, {"type": "councillor"}).context["panel"]

    counts = {
        box.words: box.count
        for group in panel
        for box in group.boxes
        if group.name in ("type", "channel") and box.count
    }
    assert counts == {
        "Community organisation": 1,
        "Elected councillor": 1,
        "Post": 1,
    }


def test_a_value_that_is_not_offered_is_left_out_and_said(admin_client, riverside):
    page = admin_client.get(LIST, {"part": "1 OR 1"})

    assert "does not know “1 OR 1”" in page.content.decode()
    assert [row.submission for row in page.context["listing"].rows] == [riverside]


@pytest.mark.parametrize(
    "asked",
    [
        "answers__text__regex=(a%2B)%2B$",
        "name__regex=(a%2B)%2B$",
        "email__startswith=x",
        "key__exact=1",
        "submitted_at__year=9999",
        "consultation__submissions__email__startswith=x",
        "sort=email",
        "sort=relevance",
    ],
)
def test_list_takes_no_lookup_that_it_does_not_offer(admin_client, riverside, asked):
    page = admin_client.get(f"{LIST}?{asked}")

    assert [row.submission for row in page.context["listing"].rows] == [riverside]


@pytest.mark.parametrize(
    "asked",
    [
        "q=-",
        "q=%22",
        "q=%22smaller",
        "q=or",
        "q=%26+%7C+!+(+)+%3A*",
        "q=%5C",
        "q=%27",
        "q=%25%25%25",
        "q=" + "%F0%9F%8E%88" * 200,
        "q=" + "word+" * 600,
        "q=%ED%A0%80%C3%28",
        "q=the",
        "q=-lots",
        "q=lots+-",
        "q=%EE%80%80lots",
        "from=9999-12-31",
        "to=0000-00-00",
        "from=2018-07-01&to=2018-06-01",
        "from=tomorrow",
        "theme=99999999999999999999&assignee=-1",
    ],
)
def test_list_has_an_answer_to_whatever_is_typed(admin_client, riverside, asked):
    page = admin_client.get(f"{LIST}?{asked}", follow=True)

    assert page.status_code == 200
    assert "listing" in page.context


def test_nothing_can_be_found_by_a_nul(admin_client, riverside):
    assert admin_client.get(f"{LIST}?q=%00").status_code == 400


def test_boxes_left_empty_are_not_in_the_address(admin_client, riverside):
    page = admin_client.get(f"{LIST}?q=&from=&channel=post&type=councillor&page=")

    assert page.url == f"{LIST}?type=councillor&channel=post"


@pytest.mark.parametrize(
    ("number", "shown"),
    [("0", 50), ("-1", 50), ("99999999", 1), ("abc", 50), ("1", 50), ("٢", 1)],
)
def test_list_has_an_answer_to_any_page_number(
    admin_client, consultation, number, shown
):
    for minute in range(51):
        make_sent(consultation, submitted_at=minutes_ago(minute))

    page = admin_client.get(LIST, {"page": number})

    assert len(page.context["listing"].rows) == shown


def test_a_draft_is_nowhere_but_in_a_number(admin_client, secret, riverside):
    addresses = [
        "/admin/",
        LIST,
        f"{LIST}?q=secret",
        url_of(riverside),
    ]

    pages = [admin_client.get(address).getvalue() for address in addresses]

    assert [page.count(b"Secret") for page in pages] == [0, 0, 0, 0]
    assert listed(admin_client, q="Secret") == []
    assert admin_client.get(url_of(secret)).status_code == 404


def test_a_submission_cannot_be_written_by_staff(admin_client, riverside):
    assert admin_client.post(url_of(riverside), {"name": "Eve"}).status_code == 405
    for address in (f"{LIST}add/", f"{LIST}{riverside.pk}/delete/"):
        assert admin_client.post(address, {"post": "yes"}).status_code == 403
    riverside.refresh_from_db()
    assert riverside.name == "Ada O'Brien"


@pytest.mark.parametrize("key", ["0", "abc", "99999999999999999999", "1%00"])
def test_an_address_of_no_submission_is_not_found(admin_client, riverside, key):
    assert admin_client.get(f"{LIST}{key}/change/").status_code in (400, 404)


def test_only_those_who_may_view_submissions_see_them(client, riverside):
    addresses = [
        LIST,
        url_of(riverside),
    ]

    for address in addresses:
        assert client.get(address).url.startswith("/admin/login/")
    sign_in(client, member_of_staff("stranger", "view_question"))
    for address in addresses:
        assert client.get(address).status_code == 403
    sign_in(client, member_of_staff("reader", "view_submission"))
    for address in addresses:
        assert client.get(address).status_code == 200


def test_every_staff_page_says_that_it_is_a_rehearsal(admin_client, consultation):
    mark = '<p class="rehearsal">'
    assert mark in admin_client.get(LIST).content.decode()

    consultation.is_rehearsal = False
    consultation.save()

    assert mark not in admin_client.get(LIST).content.decode()
