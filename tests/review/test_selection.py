"""Which submissions an address's query chooses."""

import datetime as dt
import uuid

import pytest
from django.http import QueryDict

from principles.models import PrincipleVersion
from review.finding.selection import Selection
from review.models import Assignment, Flag, Note, Reading, Theme
from submissions import calls, services
from submissions.models import StoredFile
from tests.staff import member_of_staff
from tests.submissions.sent import make_draft, make_sent


@pytest.fixture
def ann(db):
    return member_of_staff("ann", "view_submission")


@pytest.fixture
def ben(db):
    return member_of_staff("ben", "view_submission")


def chosen(query, user=None):
    """Return the names of those whom a query chooses."""
    found = Selection(QueryDict(query), user).submissions
    return sorted(found.values_list("name", flat=True))


@pytest.fixture
def three(consultation):
    """Ada, Bob and Cy."""
    ada = make_sent(
        consultation,
        name="Ada",
        respondent_type="councillor",
        channel="online",
        submitted_at=dt.datetime(2018, 6, 30, 22, 59, tzinfo=dt.UTC),
        answers={"1.1": "Smaller lots.", "1.2": "Grants."},
        comments={2: ("agree", "")},
    )
    bob = make_sent(
        consultation,
        name="Bob",
        respondent_type="academic",
        channel="post",
        is_late=True,
        submitted_at=dt.datetime(2018, 6, 30, 23, 1, tzinfo=dt.UTC),
        answers={"2.1": "Larger lots."},
        general="Good.",
    )
    cy = make_sent(
        consultation,
        name="Cy",
        channel="post",
        publication="not",
        submitted_at=dt.datetime(2018, 7, 3, 12, tzinfo=dt.UTC),
    )
    return ada, bob, cy


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["Ada", "Bob", "Cy"]),
        ("call=keep-it-local-2018", ["Ada", "Bob", "Cy"]),
        ("type=councillor", ["Ada"]),
        ("type=councillor&type=academic", ["Ada", "Bob"]),
        ("type=none", ["Cy"]),
        ("type=academic&type=none&channel=post", ["Bob", "Cy"]),
        ("type=councillor&channel=post", []),
        ("publication=not", ["Cy"]),
        ("late=yes", ["Bob"]),
        ("late=no", ["Ada", "Cy"]),
        ("late=yes&late=no", ["Ada", "Bob", "Cy"]),
        ("part=section-1", ["Ada"]),
        ("part=question-1-2&part=question-2-1", ["Ada", "Bob"]),
        ("part=section-1&part=principles", ["Ada", "Bob"]),
        ("part=principles", ["Ada", "Bob"]),
        ("principle=2", ["Ada"]),
        ("principle=3", []),
        # 30 June ended at 23:00 UTC: it was summer.
        ("to=2018-06-30", ["Ada"]),
        ("from=2018-07-01", ["Bob", "Cy"]),
        ("from=2018-07-01&to=2018-07-01", ["Bob"]),
    ],
)
def test_values_of_a_group_widen_and_groups_narrow(three, query, names):
    assert chosen(query) == names


def test_what_staff_made_of_it_narrows(three, ann, ben):
    ada, bob, cy = three
    Assignment.objects.create(submission=ada, user=ann)
    Assignment.objects.create(submission=bob, user=ben)
    Reading.objects.create(submission=ada, user=ann)
    Reading.objects.create(submission=bob, user=ben)
    Flag.objects.create(submission=ada, user=ann)
    Flag.objects.create(submission=cy, user=ben)
    Note.objects.create(submission=cy, text="Ring them.")

    found = {
        query: chosen(query, ann)
        for query in (
            "assignee=me",
            f"assignee={ben.pk}&assignee=nobody",
            "read=by-me",
            "read=not-by-me",
            "read=by-nobody",
            "flagged=me",
            "notes=yes",
            "notes=no",
        )
    }

    assert list(found.values()) == [
        ["Ada"],
        ["Bob", "Cy"],
        ["Ada"],
        ["Bob", "Cy"],
        ["Cy"],
        ["Ada"],
        ["Cy"],
        ["Ada", "Bob"],
    ]


def test_what_was_changed_after_it_was_read_is_unread(three, ann):
    ada, _bob, _cy = three
    Reading.objects.create(submission=ada, user=ann, revision=1)
    ada.revisions.create(number=1, sent_at=ada.submitted_at, contents={})
    assert chosen("read=by-me", ann) == ["Ada"]

    ada.revisions.create(number=2, sent_at=ada.submitted_at, contents={})

    assert chosen("read=by-me", ann) == []
    assert chosen("read=by-nobody", ann) == ["Ada", "Bob", "Cy"]


def test_a_theme_stands_for_its_parts(three, consultation):
    ada, bob, _cy = three
    money = Theme.objects.create(consultation=consultation, name="Money")
    grants = Theme.objects.create(
        consultation=consultation, name="Grants", parent=money
    )
    lots = Theme.objects.create(consultation=consultation, name="Lots")
    grants.passages.create(submission=ada, place="question-1-2")
    lots.passages.create(submission=bob, place="question-2-1")

    assert chosen(f"theme={money.pk}") == ["Ada"]
    assert chosen(f"theme={grants.pk}&theme={lots.pk}") == ["Ada", "Bob"]


def test_evidence_files_and_sentences_are_found(three):
    ada, bob, cy = three
    ada.items.create(title="Tender figures")
    stored = StoredFile.objects.create(name=uuid.uuid4().hex, size=1)
    bob.attachments.create(stored=stored, name="tender.pdf")
    version = PrincipleVersion.objects.get(principle__number=3)
    cy.sentence_comments.create(sentence=version.sentences.first(), comment="Hm.")

    assert chosen("items=yes") == ["Ada"]
    assert chosen("files=yes") == ["Bob"]
    assert chosen("files=no") == ["Ada", "Cy"]
    assert chosen("principle=3") == ["Cy"]


def test_drafts_and_withdrawn_ones_are_never_chosen(consultation, three):
    make_draft(consultation, name="Draft", answers={"1.1": "Lots."})
    services.withdraw(three[0])

    assert chosen("") == ["Bob", "Cy"]
    assert chosen("q=lots") == ["Bob"]


def test_is_said_in_words_and_in_the_same_address_however_it_was_typed(three, ann):
    query = "page=3&channel=post&type=councillor&type=academic&type=academic&from=2018-07-01"
    selection = Selection(QueryDict(query), ann)

    assert selection.in_words() == [
        "Type: Elected councillor or Academic",
        "Channel: Post",
        "Sent on or after: 1 July 2018",
    ]
    assert (
        selection.query_string
        == "?type=councillor&type=academic&channel=post&from=2018-07-01"
    )
    assert (
        selection.without("type", "academic")
        == "?type=councillor&channel=post&from=2018-07-01"
    )
    assert selection.slug == "type-councillor-academic-channel-post-from-2018-07-01"


def test_what_was_searched_for_is_in_no_file_name(three):
    assert Selection(QueryDict("q=Ada&type=councillor")).slug == "type-councillor-q"
    assert Selection(QueryDict("")).slug == "all"


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("type=spy", "Type does not know “spy”: it is left out."),
        (
            "part=section-99",
            "Part answered does not know “section-99”: it is left out.",
        ),
        ("theme=1%27--", "Theme does not know “1'--”: it is left out."),
        (
            "from=9999-12-31",
            "Sent on or after does not know “9999-12-31”: it is left out.",
        ),
        (
            "to=2018-02-30",
            "Sent on or before does not know “2018-02-30”: it is left out.",
        ),
        ("to=-1", "Sent on or before does not know “-1”: it is left out."),
        (
            "assignee=99999999999999999999",
            "Assigned to does not know “99999999999999999999”: it is left out.",
        ),
        ("read=by-me", "Read does not know “by-me”: it is left out."),
    ],
)
def test_a_value_that_makes_no_sense_is_left_out_and_said(three, query, words):
    selection = Selection(QueryDict(query))

    assert selection.refused == [words]
    assert selection.is_everything
    assert selection.submissions.count() == 3


def test_counts_leave_out_the_own_choice_of_a_group(three):
    selection = Selection(QueryDict("type=academic&channel=post"))

    assert selection.count == 1
    assert selection.counts["type"] == {"academic": 1, "none": 1}
    assert selection.counts["channel"] == {"post": 1}
    assert selection.counts["late"] == {"yes": 1}


def test_counting_takes_the_same_number_of_queries(three, django_assert_num_queries):
    # What the call asks is read once.
    assert calls.every()
    with django_assert_num_queries(4):
        selection = Selection(QueryDict("type=academic"))
        assert (selection.count, selection.counts["channel"]["post"]) == (1, 1)
