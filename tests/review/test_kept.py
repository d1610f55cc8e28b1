"""Figures of large calls are kept: the same numbers, as they stood at a moment."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from consultations.models import Consultation
from review import bounded, figures, keeping, kept
from review.finding.selection import Selection
from review.models import KeptFigure
from review.publishing import queue
from review.said import said_in
from review.services import publishing, themes, theming
from submissions.models import Submission
from tests.review.test_home import words
from tests.submissions.sent import make_sent


@pytest.fixture
def sentence(consultation):
    return consultation.principles.get(number=1).versions.get().sentences.first()


@pytest.fixture
def evidence(consultation, sentence, admin_user):
    """Five of three types, one held back and one withdrawn, with themes on three."""
    theme = themes.add(consultation, admin_user, name="Lots")
    sent = [
        make_sent(
            consultation,
            respondent_type=kind,
            publication=publication,
            answers={"1.1": f"Words {number}", "2.1": "The same."},
            comments={1: ("agree", f"Yes {number}."), 2: ("disagree", "")},
        )
        for number, (kind, publication) in enumerate(
            [
                ("academic", "with-name"),
                ("academic", "not"),
                ("councillor", "without-name"),
                ("", "with-name"),
                ("academic", "with-name"),
            ]
        )
    ]
    for number, one in enumerate(sent):
        one.sentence_comments.create(
            sentence=sentence, suggestion="Shorter.", comment="" if number else "Why?"
        )
    for one in sent[1:]:
        for said in said_in(one)[:3]:
            theming.put_on(theme, one, said, (0, 2), admin_user)
    publishing.hold_back(sent[2], staff=admin_user, reason="A joke.")
    Submission.objects.filter(pk=sent[4].pk).update(withdrawn_at=timezone.now())
    return theme


@pytest.fixture
def pages(consultation, evidence, sentence):
    question = consultation.sections.first().questions.first()
    of = {
        "admin:index": [],
        "admin:review_charts": [],
        "admin:review_across": [],
        "admin:review_question": [question.pk],
        "admin:review_principle": [sentence.version.principle_id],
        "admin:review_sentence": [sentence.pk],
        "admin:review_themes": [],
        "admin:review_theme": [evidence.pk],
        "admin:review_themes_counts": [],
        "admin:review_theme_passages": [evidence.pk],
        "admin:review_publishing": [],
        "admin:submissions_submission_changelist": [],
        "admin:review_exports": [],
    }
    return [reverse(name, args=ids) for name, ids in of.items()]


@pytest.fixture
def is_large(monkeypatch):
    """Have any call be a large one from now on, and the worker keep its figures."""

    def now():
        monkeypatch.setattr(kept, "COUNTED_AT_ONCE", 1)
        keeping.keep_all()

    return now


def shown(client, address):
    """What a page says but for moments and secrets."""
    text = re.sub(
        r'(?:value|nonce)="[\w-]{20,}"', "", client.get(address).content.decode()
    )
    text = re.sub(r'<p class="quiet counted">[^<]*</p>', "", text)
    return re.sub(r">\s+<", "><", text)


@pytest.mark.parametrize("query", ["", "?type=academic", "?type=none&type=councillor"])
def test_pages_show_the_same_from_kept_figures(admin_client, pages, is_large, query):
    before = {page: shown(admin_client, page + query) for page in pages}
    is_large()

    assert {page: shown(admin_client, page + query) for page in pages} == before


@pytest.mark.parametrize("query", ["by=type", "by=type&type=academic"])
def test_themes_by_type_are_the_same_from_kept_figures(
    admin_client, evidence, is_large, query
):
    page = reverse("admin:review_themes_counts") + f"?{query}"
    before = shown(admin_client, page)
    is_large()

    assert shown(admin_client, page) == before


def test_kept_figures_stay_as_they_stood_and_pages_say_when(
    admin_client, consultation, evidence, is_large
):
    is_large()
    make_sent(consultation)
    everything = Selection.from_string("", None)

    assert everything.count == 4
    assert figures.of_selection(everything, consultation).received == 4
    assert "4 submissions Counted at " in words(
        admin_client.get(reverse("admin:submissions_submission_changelist"))
    )


def test_other_filters_are_counted_now(consultation, evidence, is_large):
    is_large()
    make_sent(consultation)

    assert Selection.from_string("assignee=nobody").count == 5
    assert Selection.from_string("assignee=nobody").counted_at is None


def test_boxes_have_no_numbers_where_a_filter_leaves_many(evidence, monkeypatch):
    monkeypatch.setattr("review.finding.selection.COUNTED_AT_MOST", 3)
    nobodys = Selection.from_string("assignee=nobody")
    of_one_type = Selection.from_string("assignee=nobody&type=academic")

    assert (nobodys.count, nobodys.counts) == (4, None)
    assert (of_one_type.count, of_one_type.counts["channel"].total()) == (2, 2)


def test_a_filter_that_leaves_more_than_is_paged_says_so(
    admin_client, evidence, monkeypatch
):
    page = reverse("admin:submissions_submission_changelist") + "?assignee=nobody"
    all_of_them = words(admin_client.get(page))
    monkeypatch.setattr(bounded, "AT_MOST", 3)

    cut = admin_client.get(page)

    one = cut.context["listing"].rows[0].submission.pk
    reading = reverse("admin:submissions_submission_change", args=[one])
    assert "4 submissions" in all_of_them
    assert "More than 3 submissions" in words(cut)
    assert cut.context["listing"].is_cut
    assert "1 of more than 3 in this list" in words(
        admin_client.get(f"{reading}?assignee=nobody")
    )


def test_the_worker_counts_again_when_that_costs_a_sixtieth_of_its_time(
    consultation, evidence, is_large
):
    is_large()
    make_sent(consultation)
    long_ago = timezone.now() - dt.timedelta(seconds=90)
    KeptFigure.objects.update(counted_at=long_ago, milliseconds=1_000)
    KeptFigure.objects.filter(name="columns").update(milliseconds=2_000)

    keeping.keep_all()

    days = kept.kept(consultation, figures.DAYS)
    assert (days.total, Selection.from_string("").count) == (5, 4)


def test_what_the_worker_left_to_grow_old_is_counted_by_who_looks(
    consultation, evidence, is_large
):
    is_large()
    make_sent(consultation)
    KeptFigure.objects.update(counted_at=timezone.now() - dt.timedelta(minutes=31))

    everything = Selection.from_string("", None)

    assert everything.count == 5
    assert figures.of_selection(everything, consultation).received == 5


def test_figures_of_small_calls_are_not_kept(evidence):
    keeping.keep_all()

    assert not KeptFigure.objects.exists()


def test_a_merge_forgets_what_was_counted_of_themes(
    admin_client, admin_user, consultation, evidence, is_large
):
    is_large()
    other = themes.add(consultation, admin_user, name="Sizes")

    themes.merge(evidence, other, admin_user)

    [row] = admin_client.get(reverse("admin:review_themes")).context["rows"]
    assert row[1:] == (3, 9)


def test_a_split_forgets_what_was_counted_of_themes(
    admin_client, admin_user, consultation, evidence, is_large
):
    is_large()
    moving = evidence.passages.values_list("pk", flat=True)[:1]

    new = themes.split(evidence, list(moving), admin_user, name="Sizes")

    rows = admin_client.get(reverse("admin:review_themes")).context["rows"]
    assert {row[0].theme: row[2] for row in rows}[new] == 1


def test_passages_of_a_theme_are_those_there_now(
    admin_client, admin_user, consultation, evidence, is_large
):
    is_large()
    one = Submission.objects.submitted().first()
    before = evidence.passages.filter(submission__in=Submission.objects.submitted())
    number = before.count()
    for said in said_in(one)[:1]:
        theming.put_on(evidence, one, said, (1, 3), admin_user)

    page = admin_client.get(reverse("admin:review_theme_passages", args=[evidence.pk]))

    assert page.context["shown"].paginator.count == number + 1
    assert f"All {number + 1} passages found" in words(page)


def test_more_passages_than_are_paged_are_said_to_be_more(
    admin_client, evidence, monkeypatch
):
    monkeypatch.setattr(bounded, "AT_MOST", 2)

    page = words(
        admin_client.get(reverse("admin:review_theme_passages", args=[evidence.pk]))
    )

    assert "More than 2 passages" in page
    assert "All passages found, also those on other pages" in page


def test_a_selection_of_another_call_shows_nothing_kept_of_this(
    consultation, evidence, is_large
):
    is_large()
    other = Consultation.objects.create(
        slug="other",
        title="Other",
        opens_at=consultation.opens_at,
        closes_at=consultation.closes_at,
    )
    of_other = Selection.from_string(f"call={other.slug}")

    assert not kept.Figures(of_other, consultation).are_kept
    assert figures.of_selection(of_other, consultation).received == 0


def unread(client):
    return next(
        one
        for one in client.get(reverse("admin:index")).context["waiting"]
        if str(one.words) == "Submissions that you have not read"
    )


def test_what_waits_to_be_read_is_what_its_list_shows(
    admin_client, admin_user, consultation, evidence, is_large
):
    is_large()
    for newcomer in (make_sent(consultation), make_sent(consultation)):
        newcomer.readings.create(user=admin_user, revision=1)

    waiting = unread(admin_client)

    listed = Selection.from_string(waiting.url.partition("?")[2], admin_user)
    assert (waiting.count, listed.submissions.count()) == (4, 4)


def test_more_that_waits_than_is_counted_is_said_to_be_more(
    admin_client, evidence, monkeypatch
):
    monkeypatch.setattr(bounded, "AT_MOST", 2)

    page = words(admin_client.get(reverse("admin:index")))

    assert "More than 2 Submissions that you have not read" in page


def test_the_list_shows_values_that_are_no_choice_any_more_as_they_are(
    admin_client, consultation
):
    make_sent(
        consultation, respondent_type="guild", channel="fax", publication="in-part"
    )

    page = admin_client.get(reverse("admin:submissions_submission_changelist"))

    [row] = page.context["listing"].rows
    assert (row.kind, row.channel, row.may_publish) == ("guild", "fax", "in-part")


def in_queue(client, state):
    page = client.get(reverse("admin:review_publishing"), {"state": state})
    return page.context["page"].object_list


def test_the_queue_lists_what_is_there_now(
    admin_client, consultation, evidence, is_large
):
    is_large()
    newcomer = make_sent(consultation, publication="with-name")

    assert newcomer in in_queue(admin_client, queue.State.TO_CHECK)


def test_a_decision_forgets_what_was_counted_of_the_queue(
    admin_client, admin_user, evidence, is_large
):
    def counted():
        of_state, _counted_at = queue.counts(Selection.from_string(""))
        return list(of_state.values())

    chosen = Submission.objects.submitted().filter(publication="with-name").first()
    is_large()
    before = counted()
    numbers = []
    for decide in [
        lambda: publishing.approve(chosen, staff=admin_user, revision=0),
        lambda: publishing.publish(chosen, staff=admin_user),
        lambda: publishing.take_down(chosen, staff=admin_user, reason="A joke."),
    ]:
        keeping.keep_all()
        decide()
        numbers.append(counted())

    # To check, approved, published, not to be published.
    assert before == [2, 0, 0, 2]
    assert numbers == [[1, 1, 0, 2], [1, 0, 1, 2], [1, 0, 0, 3]]


def test_who_looks_first_after_a_decision_counts_for_those_who_look_later(
    admin_client, admin_user, evidence, is_large, django_assert_num_queries
):
    is_large()
    page = reverse("admin:review_publishing")
    with CaptureQueriesContext(connection) as asked:
        admin_client.get(page)
    before = len(asked)
    chosen = Submission.objects.submitted().filter(publication="with-name").first()
    publishing.approve(chosen, staff=admin_user, revision=0)

    admin_client.get(page)

    with django_assert_num_queries(before):
        admin_client.get(page)


def test_a_count_that_was_begun_before_a_decision_is_not_kept(
    admin_user, consultation, evidence, is_large
):
    is_large()
    chosen = Submission.objects.submitted().filter(publication="with-name").first()

    def decide_meanwhile(submissions, within):
        rows = queue.STATES.count(submissions, within)
        publishing.approve(chosen, staff=admin_user, revision=0)
        return rows

    kept.keep(consultation, kept.Kind(queue.STATES.name, decide_meanwhile))

    of_state, _counted_at = queue.counts(Selection.from_string(""))
    assert of_state[queue.State.APPROVED] == 1


def test_an_approval_that_lapses_forgets_what_was_counted_of_the_queue(
    admin_user, evidence, is_large
):
    chosen = Submission.objects.submitted().filter(publication="with-name").first()
    publishing.redact(chosen, "question-1-1", staff=admin_user, reason="personal")
    publishing.approve(chosen, staff=admin_user, revision=0)
    is_large()

    publishing.lift(chosen.redactions.get(), staff=admin_user)

    of_state, _counted_at = queue.counts(Selection.from_string(""))
    assert of_state[queue.State.APPROVED] == 0


def test_queue_lists_in_each_state_what_is_annotated_with_it(evidence):
    standing = Submission.objects.submitted()
    annotated = queue.with_state(standing)

    for state in queue.State:
        assert set(queue.in_state(standing, state)) == {
            one for one in annotated if one.state == state
        }
