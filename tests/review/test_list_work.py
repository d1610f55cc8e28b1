"""What staff do with the list: several submissions at once, and selections to keep."""

import re

import pytest

from review.finding.listing import Listing, place_of
from review.finding.selection import Selection
from review.models import Assignment, AuditEntry, Flag, Reading, SavedSelection
from review.services import together
from tests.staff import member_of_staff, sign_in
from tests.submissions.sent import make_draft, make_sent, minutes_ago

LIST = "/admin/submissions/submission/"
TOGETHER = "/admin/together/"
SELECTIONS = "/admin/selections/"


@pytest.fixture
def ann(db):
    return member_of_staff("ann", "view_submission", "review_submission")


@pytest.fixture
def ben(db):
    return member_of_staff("ben", "view_submission", "review_submission")


@pytest.fixture
def anns(client, ann):
    return sign_in(client, ann)


@pytest.fixture
def three(consultation):
    return [
        make_sent(
            consultation,
            name=name,
            answers={"1.1": "word " * words},
            submitted_at=minutes_ago(age),
        )
        for name, words, age in [("A", 2, 1), ("B", 9, 2), ("C", 5, 3)]
    ]


def test_each_sees_the_own_flags(ann, ben, three):
    first, second, _third = three
    Flag.objects.create(user=ann, submission=first)
    Flag.objects.create(user=ben, submission=second)

    rows = Listing(Selection.from_string("", ann)).rows

    assert [row.submission.is_flagged for row in rows] == [True, False, False]


# Several at once


def test_those_ticked_are_marked_as_read(anns, ann, three):
    first, _second, third = three
    ticked = [f"{first.pk}-", f"{third.pk}-"]

    response = anns.post(
        f"{TOGETHER}?type=none&page=2",
        {"which": "ticked", "ticked": ticked, "read": "yes"},
    )

    assert response.url == f"{LIST}?type=none&page=2"
    read = Reading.objects.filter(user=ann).order_by("submission")
    assert [reading.submission for reading in read] == [first, third]
    [entry] = AuditEntry.objects.filter(page="review_together")
    assert entry.details["submissions"] == [first.pk, third.pk]


def test_all_that_are_shown_are_marked_as_read_as_they_stand_now(anns, ann, three):
    for number in (1, 2):
        three[0].revisions.create(number=number, sent_at=minutes_ago(1), contents={})
    Reading.objects.create(submission=three[0], user=ann)
    shown = [f"{one.pk}-" for one in three]

    anns.post(TOGETHER, {"which": "shown", "shown": shown, "read": "yes"})

    rows = Listing(Selection.from_string("", ann)).rows
    assert [row.is_read for row in rows] == [True, True, True]
    assert Reading.objects.get(submission=three[0]).revision == 2


def test_those_ticked_are_assigned_but_those_that_somebody_took_meanwhile(
    anns, ann, ben, three
):
    first, second, _third = three
    Assignment.objects.create(submission=second, user=ann)

    page = anns.post(
        TOGETHER,
        {
            "which": "ticked",
            "ticked": [f"{first.pk}-", f"{second.pk}-"],
            "assign_to": ben.pk,
            "assign": "yes",
        },
        follow=True,
    )

    assert {one.submission: one.user for one in Assignment.objects.all()} == {
        first: ben,
        second: ann,
    }
    assert [str(message) for message in page.context["messages"]] == [
        "1 submission is assigned to ben now.",
        "The others were given to somebody else meanwhile, and stay theirs.",
    ]


def test_those_ticked_are_given_back_by_assigning_them_to_nobody(anns, ann, three):
    Assignment.objects.create(submission=three[0], user=ann)

    anns.post(
        TOGETHER,
        {"which": "ticked", "ticked": f"{three[0].pk}-{ann.pk}", "assign": "yes"},
    )

    assert not Assignment.objects.exists()


@pytest.mark.parametrize(
    "ticked",
    [[], ["x"], ["1"], ["-1-"], ["9" * 19 + "-"], [f"{n}-" for n in range(51)]],
)
def test_what_cannot_be_meant_is_refused_and_changes_nothing(anns, three, ticked):
    response = anns.post(TOGETHER, {"which": "ticked", "ticked": ticked, "read": "yes"})

    assert response.status_code == 422
    assert 'role="alert"' in response.content.decode()
    assert not Reading.objects.exists()


def test_drafts_and_withdrawn_ones_are_marked_by_nobody(anns, consultation):
    draft = make_draft(consultation)
    gone = make_sent(consultation, withdrawn_at=minutes_ago(0))
    ticked = [f"{draft.pk}-", f"{gone.pk}-"]

    for verb in ("read", "assign"):
        anns.post(
            TOGETHER,
            {"which": "ticked", "ticked": ticked, "assign_to": "", verb: "yes"},
        )

    assert not Reading.objects.exists()
    assert together.assign_all({draft.pk: None}, None, by=None) == 0


def test_those_who_only_read_change_nothing(client, three):
    sign_in(client, member_of_staff("reader", "view_submission"))

    page = client.get(LIST).content.decode()
    response = client.post(TOGETHER, {"which": "shown", "read": "yes"})

    assert "Mark as read" not in page
    assert response.status_code == 403


def test_the_list_shows_what_staff_made_of_each(anns, ann, ben, three):
    first, second, _third = three
    second.revisions.create(number=1, sent_at=minutes_ago(2), contents={})
    second.revisions.create(number=2, sent_at=minutes_ago(1), contents={})
    Reading.objects.create(submission=first, user=ann)
    Reading.objects.create(submission=first, user=ben)
    Reading.objects.create(submission=second, user=ann)
    Assignment.objects.create(submission=first, user=ben)
    first.notes.create(text="Ring them.")

    page = anns.get(LIST).content.decode()

    body = page[page.index("<tbody>") : page.index("</tbody>")]
    [one, two, three_] = (
        " ".join(re.sub(r"<[^>]+>", " ", row).split())
        for row in body.split("</tr>")[:3]
    )
    assert " 2 Read 1 other has read it ben 1 " in one
    assert " 9 Changed since " in two
    assert " 5 Unread " in three_


# In which order


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", "ABC"),
        ("?sort=oldest", "CBA"),
        ("?sort=longest", "BCA"),
        ("?q=word", "ACB"),
        ("?q=word&sort=oldest", "CBA"),
    ],
)
def test_neighbours_are_those_of_the_list(three, query, names):
    selection = Selection.from_string(query)
    rows = [row.submission for row in Listing(selection).rows]

    places = [place_of(Selection.from_string(query), one) for one in rows]

    if "q" not in query:
        assert [one.name for one in rows] == list(names)
    assert [place.number for place in places] == [1, 2, 3]
    assert [place.previous for place in places] == [None, *rows[:2]]
    assert [place.next for place in places] == [*rows[1:], None]


def test_one_that_is_not_in_a_search_has_no_place_in_it(three, consultation):
    other = make_sent(consultation, answers={"1.1": "Else."})

    place = place_of(Selection.from_string("?q=word"), other)

    assert (place.previous, place.next, place.number) == (None, None, None)


# Selections to keep


def test_a_selection_is_saved_under_a_name_and_leads_back(anns, ann, three):
    response = anns.post(f"{SELECTIONS}?type=none&channel=online", {"name": " Mine "})

    assert response.url == f"{LIST}?type=none&channel=online"
    saved = SavedSelection.objects.get()
    assert (saved.name, saved.query, saved.owner, saved.is_shared) == (
        "Mine",
        "type=none&channel=online",
        ann,
        False,
    )
    link = f'<a href="{LIST}?type=none&amp;channel=online">Mine</a>'
    assert link in anns.get(LIST).content.decode()
    assert link in anns.get(SELECTIONS).content.decode()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "Give it a name first"),
        ("  ", "Give it a name first"),
        ("Twice", "You have saved a selection under this name already"),
        ("x" * 101, "characters"),
        ("a\x00b", "character we cannot store"),
    ],
)
def test_a_name_that_cannot_be_is_refused_in_words(anns, ann, name, words):
    SavedSelection.objects.create(owner=ann, name="Twice", query="late=yes")

    response = anns.post(f"{SELECTIONS}?late=no", {"name": name})

    assert response.status_code == 422
    assert words in response.content.decode()
    assert "?late=no" in response.content.decode()
    assert SavedSelection.objects.count() == 1


def test_a_selection_is_renamed_shared_and_deleted_by_its_owner(
    anns, ann, ben, client, three
):
    saved = SavedSelection.objects.create(owner=ann, name="Late", query="late=yes")

    anns.post(f"{SELECTIONS}{saved.pk}/", {"name": "Late ones", "is_shared": "on"})

    sign_in(client, ben)
    assert "Late ones" in client.get(LIST).content.decode()
    assert "Saved by ann" in client.get(SELECTIONS).content.decode()
    assert client.get(f"{SELECTIONS}{saved.pk}/").status_code == 404
    assert client.post(f"{SELECTIONS}{saved.pk}/delete/").status_code == 404

    sign_in(client, ann)
    assert client.post(f"{SELECTIONS}{saved.pk}/delete/").url == SELECTIONS
    assert not SavedSelection.objects.exists()


def test_a_selection_that_is_not_shared_is_its_owners_alone(anns, ben, three):
    SavedSelection.objects.create(owner=ben, name="Ben's", query="late=yes")

    assert "Ben&#x27;s" not in anns.get(LIST).content.decode()
    assert "Ben&#x27;s" not in anns.get(SELECTIONS).content.decode()


def test_a_saved_selection_means_whoever_opens_it(ann, ben, three):
    Assignment.objects.create(submission=three[0], user=ann)
    Assignment.objects.create(submission=three[1], user=ben)

    found = [
        list(Selection.from_string("?assignee=me", user).submissions)
        for user in (ann, ben)
    ]

    assert found == [[three[0]], [three[1]]]
