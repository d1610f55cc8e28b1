"""The page to read one submission on, and what staff do from there."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from review.changes import Change
from review.models import Assignment, AuditEntry, Flag, Note, Reading
from review.services import reading as services
from submissions.models import Submission
from submissions.services.revisions import keep_revision
from tests.staff import member_of_staff, sign_in
from tests.submissions.sent import make_draft, make_sent, minutes_ago

LIST = "/admin/submissions/submission/"


def url_of(submission):
    return reverse("admin:submissions_submission_change", args=[submission.pk])


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
        with django_assert_num_queries(50):
            admin_client.get(url_of(submission))


def test_the_next_submission_is_of_the_same_list(admin_client, consultation):
    first, _other, third, fourth = (
        make_sent(consultation, channel=channel, submitted_at=minutes_ago(9 - number))
        for number, channel in enumerate(["post", "online", "post", "post"])
    )
    filters = "?channel=post"

    page = admin_client.get(url_of(third) + filters)

    assert page.context["place"].next == first
    assert page.context["place"].previous == fourth
    assert f'href="{url_of(first)}{filters}"' in page.content.decode()
    assert f'href="{LIST}?channel=post"' in page.content.decode()


def test_submissions_sent_in_the_same_moment_follow_one_another(
    admin_client, consultation
):
    moment = minutes_ago(1)
    three = [make_sent(consultation, submitted_at=moment) for _number in range(3)]

    page = admin_client.get(url_of(three[1]))

    assert [page.context["place"].next, page.context["place"].previous] == [
        three[0],
        three[2],
    ]


# What staff do from there


@pytest.fixture
def ruth(consultation):
    return member_of_staff("ruth", "view_submission", "review_submission")


@pytest.fixture
def sam(consultation):
    return member_of_staff("sam", "view_submission", "review_submission")


@pytest.fixture
def reader(client, ruth):
    """Ruth's browser."""
    return sign_in(client, ruth)


def do(what, submission, **args):
    kwargs = {"pk": submission.pk} | args
    return reverse(f"admin:review_{what}", kwargs=kwargs)


@pytest.fixture
def three(consultation):
    """Three submissions: the oldest first, the newest by post."""
    return [
        make_sent(consultation, submitted_at=minutes_ago(9 - number), channel=channel)
        for number, channel in enumerate(["post", "online", "post"])
    ]


def test_opening_a_submission_does_not_mark_it_as_read(reader, riverside):
    reader.get(url_of(riverside))

    assert Reading.objects.count() == 0


def test_mark_as_read_goes_on_to_the_next_of_the_list(reader, ruth, three):
    page = do("mark_read", three[2]) + "?channel=post"

    response = reader.post(page, {"next": "1"})

    assert response.url == url_of(three[0]) + "?channel=post"
    read = Reading.objects.values_list("user", "submission", "revision")
    assert list(read) == [(ruth.pk, three[2].pk, 1)]


def test_mark_as_read_leads_back_to_the_list_after_the_last(reader, three):
    response = reader.post(do("mark_read", three[0]) + "?channel=post", {"next": "1"})

    assert response.url == f"{LIST}?channel=post"


def test_mark_as_read_twice_is_one_reading_and_can_be_taken_back(reader, riverside):
    for _time in range(2):
        assert reader.post(do("mark_read", riverside)).url == url_of(riverside)
    assert Reading.objects.count() == 1

    reader.post(do("mark_unread", riverside))

    assert Reading.objects.count() == 0


def test_a_flag_is_seen_by_nobody_else(reader, riverside, sam):
    reader.post(do("flag", riverside), {"flag": "on"})
    reader.post(do("flag", riverside), {"flag": "on"})
    assert "You have flagged it" in reader.get(url_of(riverside)).content.decode()
    other = sign_in(Client(), sam)
    assert "You have flagged it" not in other.get(url_of(riverside)).content.decode()

    reader.post(do("flag", riverside), {"flag": "off"})

    assert Flag.objects.count() == 0


def test_a_submission_is_taken_handed_over_and_given_back(reader, ruth, sam, riverside):
    assign = do("assign", riverside)
    reader.post(assign, {"to": ruth.pk, "seen": ""})
    assert riverside_is_of() == "ruth"

    reader.post(assign, {"to": sam.pk, "seen": ruth.pk})
    assert riverside_is_of() == "sam"
    assert Assignment.objects.get().assigned_by == ruth

    reader.post(assign, {"to": "", "seen": sam.pk})
    assert riverside_is_of() is None


def riverside_is_of():
    return Assignment.objects.values_list("user__username", flat=True).first()


def test_nobody_takes_what_a_colleague_has_just_taken(reader, ruth, sam, riverside):
    services.assign(riverside, sam, by=sam, seen=None)

    response = reader.post(
        do("assign", riverside), {"to": ruth.pk, "seen": ""}, follow=True
    )

    assert riverside_is_of() == "sam"
    assert "a colleague changed whose it is" in response.content.decode()


def test_nothing_is_handed_to_those_who_do_not_review(reader, riverside):
    looker = member_of_staff("looker", "view_submission")

    reader.post(do("assign", riverside), {"to": looker.pk, "seen": ""})

    assert riverside_is_of() is None


def test_the_next_to_take_is_the_least_read_and_nobodys(reader, ruth, sam, three):
    oldest, middle, newest = three
    services.mark_read(oldest, sam)
    services.assign(middle, sam, by=sam, seen=None)

    taken = [reader.post(reverse("admin:review_take_next")).url for _time in range(3)]

    assert taken == [url_of(newest), url_of(oldest), LIST]
    of_ruth = Assignment.objects.filter(user=ruth).values_list("submission", flat=True)
    assert set(of_ruth) == {oldest.pk, newest.pk}


def test_the_next_to_take_is_of_the_same_list(reader, three):
    taken = reader.post(reverse("admin:review_take_next") + "?channel=online")

    assert taken.url == url_of(three[1]) + "?channel=online"


@pytest.mark.django_db(transaction=True)
def test_those_who_take_the_next_at_once_get_different_ones(consultation):
    people = [member_of_staff(f"person {n}", "view_submission") for n in range(4)]
    for minutes in range(6):
        make_sent(consultation, submitted_at=minutes_ago(minutes))
    together = Barrier(len(people))

    def take(user):
        try:
            together.wait()
            return services.take_next(Submission.objects.submitted(), user)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(people)) as pool:
        taken = list(pool.map(take, people))

    assert len({submission.pk for submission in taken}) == 4
    assert Assignment.objects.count() == 4


def test_only_those_who_review_change_anything(client, riverside):
    sign_in(client, member_of_staff("looker", "view_submission"))

    page = client.get(url_of(riverside)).content.decode()
    refused = [
        client.post(address).status_code
        for address in (
            do("mark_read", riverside),
            do("mark_unread", riverside),
            do("flag", riverside),
            do("assign", riverside),
            do("add_note", riverside),
            reverse("admin:review_take_next"),
        )
    ]

    assert refused == [403] * 6
    assert 'method="post" action="/admin/reading/' not in page


def test_drafts_and_withdrawn_submissions_have_no_pages(reader, consultation, three):
    draft = make_draft(consultation)
    three[0].withdrawn_at = minutes_ago(1)
    three[0].save()

    for nobodys in (draft, three[0]):
        assert reader.get(url_of(nobodys)).status_code == 404
        for what in ("mark_read", "flag", "assign", "add_note"):
            assert reader.post(do(what, nobodys)).status_code == 404


# Notes


def test_a_note_is_written_changed_and_deleted_by_its_author(reader, ruth, riverside):
    typed = {"text": "Ring them <about> clause 4.\r\nSoon."}
    assert reader.post(do("add_note", riverside), typed).url == (
        url_of(riverside) + "#notes"
    )
    note = Note.objects.get()
    assert (note.text, note.author) == ("Ring them <about> clause 4.\nSoon.", ruth)
    assert "Ring them &lt;about&gt; clause 4." in (
        reader.get(url_of(riverside)).content.decode()
    )

    reader.post(do("note", riverside, note=note.pk), {"text": "Rung."})
    note.refresh_from_db()
    assert note.text == "Rung."
    assert note.changed_at is not None

    reader.post(do("delete_note", riverside, note=note.pk))
    assert Note.objects.count() == 0


@pytest.mark.parametrize("page", ["note", "delete_note"])
def test_a_note_of_somebody_elses_cannot_be_changed(reader, sam, riverside, page):
    note = Note.objects.create(submission=riverside, author=sam, text="Mine")

    assert (
        reader.post(do(page, riverside, note=note.pk), {"text": "x"}).status_code == 404
    )
    assert Note.objects.get().text == "Mine"


def test_a_note_that_is_refused_is_given_back(reader, riverside):
    page = reader.post(do("add_note", riverside), {"text": "x" * 10_001})

    assert page.status_code == 422
    assert "x" * 10_001 in page.content.decode()
    assert "Your note must be 10,000 characters or fewer" in page.content.decode()
    empty = reader.post(do("add_note", riverside), {"text": " \u200b "})
    assert "Write your note first" in empty.content.decode()


# What was changed, and what happened


@pytest.fixture
def changed(riverside):
    """Riverside's submission, read by nobody, then sent again with two changes."""
    keep_revision(riverside, sent_from=riverside.key, sent_at=minutes_ago(50))
    answer = riverside.answers.get(question__code="1.1")
    answer.text = "Eleven contracts became two."
    answer.save()
    riverside.answers.get(question__code="1.2").delete()
    keep_revision(riverside, sent_from=riverside.key, sent_at=minutes_ago(5))
    return riverside


def test_changes_since_the_last_reading_are_pointed_out(reader, ruth, changed):
    words = "has sent changes since you read it"
    Reading.objects.create(user=ruth, submission=changed, revision=1)
    page = reader.get(url_of(changed)).content.decode()
    assert words in page
    assert do("changed", changed, since=1) in page

    reader.post(do("mark_read", changed))

    assert words not in reader.get(url_of(changed)).content.decode()
    assert Reading.objects.get().revision == 2


def test_changes_are_shown_word_by_word(reader, changed):
    page = reader.get(do("changed", changed, since=1))

    found = [
        (change.heading[:4], [(piece.kind, piece.text) for piece in change.pieces])
        for change in page.context["changes"]
    ]
    assert found == [
        (
            "1.1 ",
            [
                ("same", "Eleven contracts became"),
                ("removed", "three."),
                ("added", "two."),
            ],
        ),
        ("1.2 ", [("removed", "Eleven again.")]),
    ]


def test_changes_in_very_long_texts_are_found_in_time_and_folded():
    sentences = [
        f"We paid for the {number} and the {number}." for number in range(4000)
    ]
    before = " ".join(sentences)
    sentences[2000] = "We paid for nothing."
    change = Change("1.1", before, " ".join(sentences))

    started = time.monotonic()
    pieces = change.pieces

    assert time.monotonic() - started < 3
    assert [piece.text for piece in pieces if piece.kind == "added"] == ["nothing."]
    assert sum(len(piece.text.split()) for piece in pieces) < 150


def test_history_says_who_did_what_but_not_who_looked(reader, sam, riverside):
    reader.get(url_of(riverside))
    reader.post(do("flag", riverside), {"flag": "on"})
    reader.post(do("assign", riverside), {"to": sam.pk, "seen": ""})
    reader.post(do("add_note", riverside), {"text": "Ring them"})
    reader.post(do("add_note", riverside), {"text": ""})

    page = reader.get(url_of(riverside))

    assert [(event.what, event.who) for event in page.context["history"]] == [
        ("Wrote a note", "ruth"),
        ("Assigned to sam", "ruth"),
        ("Sent", None),
    ]


def test_the_audit_log_holds_nothing_that_was_written(reader, riverside):
    reader.post(do("add_note", riverside), {"text": "Ring them"})

    entry = AuditEntry.objects.latest("at")
    assert (entry.page, entry.about_id) == ("review_add_note", str(riverside.pk))
    assert entry.details == {"what": "noted"}


def test_the_keys_can_be_turned_off_by_each_person(reader, sam, riverside):
    script = 'id="keys"'
    shortcuts = reverse("admin:review_shortcuts")
    assert script in reader.get(url_of(riverside)).content.decode()

    reader.post(shortcuts, {"shortcuts": "off"})

    assert script not in reader.get(url_of(riverside)).content.decode()
    assert script in sign_in(Client(), sam).get(url_of(riverside)).content.decode()
    reader.post(shortcuts, {"shortcuts": "on"})
    assert script in reader.get(url_of(riverside)).content.decode()


def test_what_nobody_answered_is_folded_into_a_line(reader, consultation):
    nothing = make_sent(consultation, answers={"1.1": "Only this."})

    page = reader.get(url_of(nothing)).content.decode()

    assert "3 not answered" in page or "4 not answered" in page
    assert page.count('class="answer"') == 1
