"""What staff see of submissions, and what they never see of drafts."""

import datetime as dt
import re

import pytest
from django.urls import reverse

from consultations.models import Section
from tests.staff import member_of_staff
from tests.submissions.sent import make_draft, make_sent, minutes_ago

LIST = "/admin/submissions/submission/"


def url_of(submission):
    return reverse("admin:submissions_submission_change", args=[submission.pk])


def listed(client, **asked):
    """Return the references that the list shows."""
    results = client.get(LIST, asked).context["cl"].result_list
    return [submission.reference for submission in results]


@pytest.fixture
def riverside(consultation):
    return make_sent(
        consultation,
        reference="KIL-AA2BB3CC",
        name="Ada O'Brien",
        email="ada@riverside.example",
        on_behalf="organisation",
        respondent_type="community-organisation",
        publication="with-name",
        submitted_at=dt.datetime(2018, 7, 20, 12, tzinfo=dt.UTC),
        answers={"1.1": "Eleven contracts became three.", "1.2": "Eleven again."},
        comments={2: ("agree", "Plainly so."), 4: ("", "Smaller lots.")},
        general="Keep going.",
    )


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
        "KIL-AA2BB3CC Riverside Community Trust Community organisation "
        "For an organisation With name Online 2 - 20 Jul 2018"
    )
    assert listed(admin_client) == [riverside.reference, councillor.reference]


def test_list_takes_the_same_number_of_queries(
    admin_client, riverside, django_assert_num_queries
):
    with django_assert_num_queries(10):
        assert len(listed(admin_client)) == 1
    for number in (1, 2):
        make_sent(riverside.consultation, answers={"1.1": f"Words {number}"})
    with django_assert_num_queries(10):
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
        {"respondent_type__exact": "councillor"},
        {"on_behalf__exact": "individual"},
        {"publication__exact": "not"},
        {"channel__exact": "post"},
        {"submitted_at__year": "2018", "submitted_at__month": "6"},
    ],
)
def test_filters_narrow_the_list(admin_client, riverside, councillor, asked):
    assert listed(admin_client, **asked) == [councillor.reference]


def test_list_counts_what_each_filter_would_show(admin_client, riverside, councillor):
    page = admin_client.get(LIST, {"_facets": "True"}).content.decode()

    assert "Elected councillor (1)" in page
    assert "2. The case for keeping it local (1)" in page
    assert "The draft principles (1)" in page


def test_list_is_filtered_by_the_part_that_was_answered(
    admin_client, riverside, councillor
):
    second = Section.objects.get(number=2)

    assert listed(admin_client, part=second.pk) == [councillor.reference]
    assert listed(admin_client, part="principles") == [riverside.reference]
    assert admin_client.get(LIST, {"part": "1 OR 1"}).url == f"{LIST}?e=1"


@pytest.mark.parametrize(
    "asked",
    [
        "answers__text__regex=(a%2B)%2B$",
        "name__regex=(a%2B)%2B$",
        "email__startswith=a",
        "key__exact=1",
        "submitted_at__year=9999",
        "consultation__submissions__email__startswith=a",
        "reference=%00",
        "q=%00",
    ],
)
def test_list_takes_no_lookup_that_it_does_not_offer(admin_client, riverside, asked):
    assert admin_client.get(f"{LIST}?{asked}").status_code == 400


@pytest.mark.parametrize("name", ["p", "page"])
@pytest.mark.parametrize("number", ["0", "-1", "99999999", "abc", "1"])
def test_list_has_an_answer_to_any_page_number(
    admin_client, consultation, name, number
):
    for minute in range(51):
        make_sent(consultation, submitted_at=minutes_ago(minute))

    page = admin_client.get(LIST, {name: number})

    assert page.status_code == 200
    assert len(page.context["cl"].result_list) in (1, 50)


# The exports end their own transaction.
@pytest.mark.django_db(transaction=True)
def test_a_draft_is_nowhere_but_in_a_number(admin_client, secret, riverside):
    addresses = [
        "/admin/",
        LIST,
        url_of(riverside),
        f"{LIST}export/submissions/",
        f"{LIST}export/answers/",
    ]

    pages = [admin_client.get(address).getvalue() for address in addresses]

    assert [page.count(b"Secret") for page in pages] == [0, 0, 0, 0, 0]
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
        f"{LIST}export/submissions/",
        f"{LIST}export/answers/",
    ]

    for address in addresses:
        assert client.get(address).url.startswith("/admin/login/")
    client.force_login(member_of_staff("stranger", "view_question"))
    for address in addresses:
        assert client.get(address).status_code == 403
    client.force_login(member_of_staff("reader", "view_submission"))
    for address in addresses:
        assert client.get(address).status_code == 200


def test_every_staff_page_says_that_it_is_a_rehearsal(admin_client, consultation):
    mark = '<p class="rehearsal">'
    assert mark in admin_client.get(LIST).content.decode()

    consultation.is_rehearsal = False
    consultation.save()

    assert mark not in admin_client.get(LIST).content.decode()
