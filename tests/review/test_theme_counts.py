"""Counts of themes, and the passages that each number stands for."""

import re

import pytest
from django.utils import timezone

from review.models import Theme
from review.said import said_in
from review.services import themes, theming
from tests.submissions.sent import make_sent

COUNTS = "/admin/themes/counts/"
TEXT = "First words. Second words."


@pytest.fixture
def theme(consultation, admin_user):
    return themes.add(consultation, admin_user, name="Lots")


@pytest.fixture
def evidence(consultation, theme, admin_user):
    """Three responses: two passages in one answer, one in another, one on a comment."""
    sent = [
        make_sent(consultation, respondent_type="councillor", answers={"1.1": TEXT}),
        make_sent(consultation, respondent_type="academic", answers={"1.1": TEXT}),
        make_sent(
            consultation,
            respondent_type="academic",
            comments={2: ("agree", TEXT)},
            general="All.",
        ),
    ]
    spans = [[(0, 5), (13, 19)], [(0, 5)], [None]]
    for submission, of_text in zip(sent, spans, strict=True):
        for span in of_text:
            theming.put_on(theme, submission, said_in(submission)[0], span, admin_user)
    said = said_in(sent[2])
    theming.put_on(theme, sent[2], said[-1], None, admin_user)
    return sent


def counted(client, **asked):
    """Return {column: (submissions, passages)} of the only theme, where there are any."""
    page = client.get(COUNTS, asked)
    [row] = page.context["rows"]
    cells = {
        cell.column.label: (cell.submissions, cell.passages)
        for cell in row.cells
        if cell.passages
    }
    return {"All": (row.total.submissions, row.total.passages)} | cells


def test_themes_are_counted_by_question_and_principle(admin_client, evidence):
    assert counted(admin_client) == {
        "All": (3, 5),
        "1.1": (2, 3),
        "P2": (1, 1),
        "All P": (1, 1),
    }


def test_themes_are_counted_by_type_of_respondent(admin_client, evidence):
    assert counted(admin_client, by="type") == {
        "All": (3, 5),
        "Elected councillor": (1, 2),
        "Academic": (2, 3),
    }


def test_counts_keep_to_the_selection(admin_client, evidence):
    assert counted(admin_client, type="councillor") == {"All": (1, 2), "1.1": (1, 2)}


def test_withdrawn_responses_count_nowhere(admin_client, evidence, theme):
    evidence[0].withdrawn_at = timezone.now()
    evidence[0].save()

    assert counted(admin_client) == {
        "All": (2, 3),
        "1.1": (1, 1),
        "P2": (1, 1),
        "All P": (1, 1),
    }
    passages = admin_client.get(f"/admin/themes/{theme.pk}/passages/")
    assert evidence[0].reference not in passages.text


@pytest.mark.parametrize("asked", ["", "?by=type", "?type=academic", "?by=nonsense"])
def test_each_number_leads_to_just_its_passages(admin_client, evidence, asked):
    page = admin_client.get(COUNTS + asked)
    cells = re.findall(
        r'<a href="(/admin/themes/\d+/passages/[^"]*)">(\d+) <small>\((\d+)\)</small>',
        page.text,
    )

    found = []
    for url, _submissions, _passages in cells:
        shown = admin_client.get(url.replace("&amp;", "&")).context["in_context"]
        submissions = {one["passage"].submission_id for one in shown}
        found.append((url, str(len(submissions)), str(len(shown))))

    assert found == cells
    assert len(cells) >= 3


def test_a_passage_is_shown_in_its_text_with_the_way_there(
    admin_client, evidence, theme
):
    page = admin_client.get(
        f"/admin/themes/{theme.pk}/passages/", {"type": "councillor"}
    )

    first = theme.passages.earliest("pk")
    assert f"/change/?type=councillor#passage-{first.pk}" in page.text
    assert '<mark class="theme-1">First</mark><span class="around"> words.' in page.text


def test_a_passage_that_lost_its_words_is_shown_as_it_was(
    admin_client, evidence, theme
):
    evidence[1].answers.update(text="Other words altogether.")

    page = admin_client.get(f"/admin/themes/{theme.pk}/passages/")

    assert page.text.count("The text has changed since; these words were marked:") == 1


def test_chosen_passages_are_split_off(admin_client, evidence, theme):
    chosen = theme.passages.latest("pk")
    url = f"/admin/themes/{theme.pk}/split/"

    admin_client.post(url, {"name": "As a whole", "passages": [chosen.pk]})

    new = Theme.objects.get(name="As a whole")
    assert list(new.passages.all()) == [chosen]


def test_all_passages_behind_a_number_are_split_off(admin_client, evidence, theme):
    url = f"/admin/themes/{theme.pk}/split/?type=academic"

    admin_client.post(url, {"name": "Academic lots", "all": "on"})

    assert Theme.objects.get(name="Academic lots").passages.count() == 3
    assert theme.passages.count() == 2


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"name": "New"}, "Choose the passages that move"),
        ({"name": "", "all": "on"}, "Enter a name for the theme"),
        ({"name": "LOTS", "all": "on"}, "There is a theme “LOTS” already"),
        ({"name": "New", "passages": ["0"]}, "A passage has moved meanwhile"),
        ({"name": "New", "passages": ["x"]}, "A passage has moved meanwhile"),
    ],
)
def test_a_refused_split_moves_nothing(admin_client, evidence, theme, fields, error):
    response = admin_client.post(f"/admin/themes/{theme.pk}/split/", fields)

    assert response.status_code == 422
    assert error in response.text
    assert theme.passages.count() == 5


@pytest.mark.parametrize("page", ["0", "-1", "99999999", "abc", ""])
def test_pages_that_there_are_not_are_the_nearest(admin_client, evidence, theme, page):
    response = admin_client.get(f"/admin/themes/{theme.pk}/passages/", {"page": page})

    assert len(response.context["in_context"]) == 5


@pytest.mark.parametrize("column", ["question-999", "type-x", "x", "question-'"])
def test_a_column_that_there_is_not_narrows_nothing(
    admin_client, evidence, theme, column
):
    url = f"/admin/themes/{theme.pk}/passages/"

    assert len(admin_client.get(url, {"column": column}).context["in_context"]) == 5


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize("by", ["question", "type"])
def test_counts_take_the_same_number_of_queries(
    admin_client, consultation, admin_user, number, by, django_assert_num_queries
):
    _make(consultation, admin_user, number)

    with django_assert_num_queries({"question": 13, "type": 10}[by]):
        admin_client.get(COUNTS, {"by": by})


@pytest.mark.parametrize("number", [1, 3])
def test_passages_take_the_same_number_of_queries(
    admin_client, consultation, admin_user, number, django_assert_num_queries
):
    theme = _make(consultation, admin_user, number)

    with django_assert_num_queries(14):
        admin_client.get(f"/admin/themes/{theme.pk}/passages/")


def _make(consultation, staff, number):
    for one in range(number):
        made = themes.add(consultation, staff, name=f"Theme {one}")
        sent = make_sent(consultation, answers={"1.1": TEXT, "1.2": TEXT})
        for said in said_in(sent):
            theming.put_on(made, sent, said, (0, 5), staff)
    first = Theme.objects.earliest("pk")
    for passage in first.passages.model.objects.exclude(theme=first):
        passage.theme = first
        passage.save()
    return first
