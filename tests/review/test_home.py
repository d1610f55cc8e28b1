"""The staff site's first page: what came in, and what waits for somebody."""

import datetime as dt
import re

import pytest
from django.utils import timezone

from consultations.models import Consultation, Question
from outbox.models import OutgoingEmail, State
from review import charts, figures
from review.models import Reading
from submissions.models import LateRequest, Stance
from tests.review.intakes import make_intake
from tests.staff import member_of_staff, sign_in
from tests.submissions.sent import make_draft, make_sent

HOME = "/admin/"


@pytest.fixture
def evidence(consultation):
    """Two sent in one week, and a draft."""
    consultation.opens_at = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
    consultation.save()
    make_sent(
        consultation,
        respondent_type="councillor",
        submitted_at=dt.datetime(2026, 3, 3, 12, tzinfo=dt.UTC),
        answers={"1.1": "Eleven became three.", "2.3": "A grant."},
        comments={2: ("agree", "Plainly so."), 4: ("", "Smaller lots.")},
    )
    make_sent(
        consultation,
        respondent_type="academic",
        submitted_at=dt.datetime(2026, 3, 5, 23, 59, tzinfo=dt.UTC),
        answers={"1.1": "Three became one."},
        comments={2: ("disagree", "")},
    )
    make_draft(consultation, respondent_type="councillor", answers={"1.1": "Not yet."})


def words(page):
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())


def test_home_shows_what_came_in_and_when_it_closes(admin_client, evidence):
    page = words(admin_client.get(HOME))

    assert "Received 2 Drafts in progress 1 Closes 11:59pm UK time on" in page


def test_days_without_any_have_a_column_too(admin_client, evidence, consultation):
    timeline = admin_client.get(HOME).context["charts"]["timeline"]

    first = timeline.columns[0]
    assert (first.first, timeline.unit) == (dt.date(2026, 3, 2), "week")
    assert sum(column.count for column in timeline.columns) == 2
    counts = figures.count(consultation.submissions.submitted())
    days = figures.days_of(consultation, counts)
    assert list(days.values())[:5] == [0, 1, 0, 1, 0]
    assert len(days) == (list(days)[-1] - first.first).days + 1


def test_a_day_is_a_day_in_the_uk(consultation):
    # Half past midnight of the 2nd in London, in summer.
    make_sent(consultation, submitted_at=dt.datetime(2026, 6, 1, 23, 30, tzinfo=dt.UTC))

    counts = figures.count(consultation.submissions.submitted())

    assert counts.days.by_key == {"2026-06-02": 1}


def test_types_questions_and_stances_are_counted(evidence, consultation):
    counts = figures.count(consultation.submissions.submitted())

    assert counts.days.by_type == {"councillor": 1, "academic": 1}
    questions = {
        question.code: count
        for _section, pairs in figures.questions_of(consultation, counts)
        for question, count in pairs
    }
    assert {code: n for code, n in questions.items() if n} == {"1.1": 2, "2.3": 1}
    taken = {
        version.principle.number: stances
        for version, stances in figures.stances_on(consultation, counts)
    }
    assert list(taken) == [1, 2, 3, 4, 5]
    assert taken[2] == {
        Stance.AGREE: 1,
        Stance.IN_PART: 0,
        Stance.DISAGREE: 1,
        Stance.NO_VIEW: 0,
    }
    assert set(taken[4].values()) == {0}


def test_a_version_that_was_commented_on_stays_beside_the_new_one(
    evidence, consultation
):
    principle = consultation.principles.get(number=2)
    principle.versions.create(number=2)

    counts = figures.count(consultation.submissions.submitted())
    shown = [
        (version.number, sum(taken.values()))
        for version, taken in figures.stances_on(consultation, counts)
        if version.principle == principle
    ]

    assert shown == [(2, 0), (1, 2)]


def test_every_chart_has_its_figures(admin_client, evidence):
    page = words(admin_client.get(HOME))

    assert "Elected councillor 1" in page
    assert re.search(r"1\.1 Have large outsourcing contracts.*?\? 2 ", page)
    assert "2. Maximise local social value 1 0 1 0" in page


def test_what_waits_is_counted_for_this_person(admin_client, admin_user, evidence):
    [first, _other] = Consultation.objects.get().submissions.submitted()
    Reading.objects.create(user=admin_user, submission=first)
    LateRequest.objects.create(
        submission=first.consultation.submissions.drafts().get(), reason="Flood."
    )
    OutgoingEmail.objects.create(
        key="a", kind="k", to_email="a@b.example", state=State.DEAD, message_id="<a>"
    )

    make_intake(admin_user)

    waiting = admin_client.get(HOME).context["waiting"]

    counts = {str(one.words): one.count for one in waiting}
    assert counts["Submissions that you have not read"] == 1
    assert counts["Requests to be accepted late"] == 1
    assert counts["Letters and emails to place or check"] == 1
    assert counts["Emails that could not be delivered"] == 1
    provisional = Question.objects.provisional().count()
    assert counts["Questions whose wording is not confirmed"] == provisional == 9


def test_nobody_sees_figures_without_the_right_to_read(client, evidence):
    sign_in(client, member_of_staff("stranger"))

    page = client.get(HOME)

    assert page.context["waiting"] == []
    assert "Received" not in words(page)
    assert "/admin/submissions/" not in page.content.decode()


def test_home_without_a_call_says_so(admin_client, db):
    assert "No call for evidence has opened yet" in words(admin_client.get(HOME))


def test_home_of_a_closed_call_says_that_it_closed(admin_client, close):
    close()

    assert "Closed" in words(admin_client.get(HOME))


def test_home_shows_the_call_that_is_asked_for(admin_client, consultation):
    consultation.pk = None
    consultation.slug, consultation.title = "another", "Another call"
    consultation.opens_at = timezone.now() - dt.timedelta(days=90)
    consultation.save()

    assert admin_client.get(HOME, {"call": "another"}).context["call"] == consultation
    assert admin_client.get(HOME, {"call": "none"}).context["call"] != consultation


@pytest.mark.parametrize("count", [1, 3])
def test_home_takes_the_same_number_of_queries(
    count, admin_client, consultation, django_assert_num_queries
):
    for _ in range(count):
        make_sent(
            consultation,
            answers={"1.1": "So."},
            comments={1: ("agree", "")},
            respondent_type="academic",
        )
    admin_client.get(HOME)

    with django_assert_num_queries(23):
        admin_client.get(HOME)


def test_bars_are_drawn_to_the_longest():
    bars = charts.bars([("a", 4, ""), ("b", 1, ""), ("c", 0, "")])

    assert [bar.length for bar in bars] == [100, 25, 0]
    assert [bar.length for bar in charts.bars([("a", 0, "")])] == [0]


def test_pieces_stand_one_after_the_other():
    pieces = charts.pieces([("a", 1, ""), ("b", 3, "")])

    assert [(one.start, one.length) for one in pieces] == [(0, 25), (25, 75)]


def test_the_closing_line_stands_after_the_closing_day():
    days = [dt.date(2026, 3, day) for day in (1, 2, 3, 4)]

    timeline = charts.timeline(dict.fromkeys(days, 1), days[2])

    assert timeline.closing_line == 75
    assert [column.left for column in timeline.columns] == [2.5, 27.5, 52.5, 77.5]


CHARTS = "/admin/charts/"


def test_charts_show_what_the_list_shows(admin_client, evidence):
    page = admin_client.get(CHARTS, {"type": "academic"})

    charts = page.context["charts"]
    assert page.context["received"] == 1
    assert {bar.value: bar.count for bar in charts["types"]}["councillor"] == 0
    assert [bar.count for bar in charts["sections"][0][1]][:2] == [1, 0]
    assert "Type: Academic" in words(page)
    assert "type=academic" in page.content.decode()


def test_the_list_leads_to_its_charts(admin_client, evidence):
    page = admin_client.get("/admin/submissions/submission/", {"type": "academic"})

    assert f'href="{CHARTS}?type=academic"' in page.content.decode()


def test_charts_without_a_call_are_not_found(admin_client, db):
    assert admin_client.get(CHARTS).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_charts_take_the_same_number_of_queries(
    count, admin_client, consultation, django_assert_num_queries
):
    for _ in range(count):
        make_sent(consultation, answers={"1.1": "So."}, respondent_type="academic")
    admin_client.get(CHARTS, {"type": "academic"})

    with django_assert_num_queries(16):
        admin_client.get(CHARTS, {"type": "academic"})
