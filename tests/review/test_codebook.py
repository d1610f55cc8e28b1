"""The codebook: its tree, and what merging, splitting and deleting leave behind."""

import pytest
from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from django.urls import reverse

from review.codebook import tree
from review.models import Theme, ThemedPassage, What
from review.said import said_in
from review.services import themes, theming
from tests.staff import member_of_staff, sign_in
from tests.submissions.sent import make_sent

CODEBOOK = "/admin/themes/"


@pytest.fixture
def staff(consultation):
    return get_user_model().objects.create_user("kim", is_staff=True)


@pytest.fixture
def add(consultation, staff):
    def add(name, **values):
        return themes.add(consultation, staff, name=name, **values)

    return add


@pytest.fixture
def mark(consultation, staff):
    """Put a theme on words of an answer of its own, or of a given one."""

    def mark(theme, words, submission=None):
        sent = submission or make_sent(consultation, answers={"1.1": words})
        said = said_in(sent)[0]
        start = said.text.index(words)
        return theming.put_on(theme, sent, said, (start, start + len(words)), staff)

    return mark


def history(theme):
    return [(change.what, change.other) for change in theme.changes.all()]


def names(consultation):
    return [(entry.theme.name, entry.depth) for entry in tree(consultation)]


def test_codebook_shows_parts_below_what_they_are_part_of(consultation, add):
    scale = add("Scale")
    add("Grants")
    add("Lots", parent=scale)

    assert names(consultation) == [("Grants", 0), ("Scale", 0), ("Lots", 1)]


def test_new_themes_take_the_colours_in_turn(add):
    assert [add("A").colour, add("B").colour, add("C").colour] == [1, 2, 3]


def test_a_name_stands_once_however_it_is_written(add):
    add("Grants")

    with pytest.raises(themes.Refused, match="There is a theme “grants” already"):
        add("grants")


def test_a_theme_cannot_become_part_of_its_own_part(add, staff):
    scale = add("Scale")
    lots = add("Lots", parent=scale)

    with pytest.raises(themes.Refused, match="cannot be part"):
        themes.change(scale, staff, parent=lots)

    assert Theme.objects.get(name="Scale").parent is None


def test_a_change_is_written_down_with_what_stood_before(add, staff):
    theme = add("Lots")

    themes.change(theme, staff, name="Small lots", meaning="", colour=theme.colour)

    change = theme.changes.first()
    assert change.details == {"name": ["Lots", "Small lots"]}
    assert (change.what, change.changed_by) == (What.CHANGED, staff)


def test_a_change_that_changes_nothing_is_not_written_down(add, staff):
    theme = add("Lots")

    themes.change(theme, staff, name="Lots", meaning="")

    assert history(theme) == [(What.ADDED, None)]


def test_merging_moves_passages_and_parts_and_leaves_one_of_two_alike(
    consultation, add, mark, staff
):
    lots, small = add("Lots"), add("Small lots")
    part = add("Very small", parent=lots)
    both = make_sent(consultation, answers={"1.1": "Smaller lots help."})
    mark(lots, "Smaller lots", both)
    kept = mark(small, "Smaller lots", both)
    moved = mark(lots, "Split it")

    themes.merge(lots, small, staff)

    assert set(small.passages.all()) == {kept, moved}
    assert lots.passages.count() == 0
    part.refresh_from_db()
    assert part.parent == small
    assert names(consultation) == [("Small lots", 0), ("Very small", 1)]
    assert history(lots)[0] == (What.MERGED, small)


def test_separating_gives_back_all_that_merging_took(consultation, add, mark, staff):
    lots, small = add("Lots"), add("Small lots")
    part = add("Very small", parent=lots)
    both = make_sent(consultation, answers={"1.1": "Smaller lots help."})
    mark(lots, "Smaller lots", both)
    mark(small, "Smaller lots", both)
    mark(lots, "Split it")
    mark(small, "Keep small")
    themes.merge(lots, small, staff)

    themes.separate(lots, staff)

    quotes = [
        sorted(theme.passages.values_list("quote", flat=True))
        for theme in (lots, small)
    ]
    assert quotes == [["Smaller lots", "Split it"], ["Keep small", "Smaller lots"]]
    part.refresh_from_db()
    assert part.parent == lots
    assert names(consultation) == [("Lots", 0), ("Very small", 1), ("Small lots", 0)]


def test_separating_takes_no_name_that_is_in_use_again(add, staff):
    lots, small = add("Lots"), add("Small lots")
    themes.merge(lots, small, staff)
    add("Lots")

    with pytest.raises(themes.Refused, match="already"):
        themes.separate(lots, staff)

    lots.refresh_from_db()
    assert lots.merged_into == small


def test_merges_are_undone_from_the_last(add, mark, staff):
    one, two, three = add("One"), add("Two"), add("Three")
    mark(one, "Words")
    themes.merge(one, two, staff)
    themes.merge(two, three, staff)

    with pytest.raises(themes.Refused, match="separate that one first"):
        themes.separate(one, staff)
    themes.separate(two, staff)
    themes.separate(one, staff)

    assert [theme.passages.count() for theme in (one, two, three)] == [1, 0, 0]


def test_a_theme_is_not_merged_into_its_own_part(add, staff):
    scale = add("Scale")
    lots = add("Lots", parent=add("Size", parent=scale))

    with pytest.raises(themes.Refused, match="the other way round"):
        themes.merge(scale, lots, staff)


def test_a_part_merges_into_what_it_is_part_of(consultation, add, staff):
    scale = add("Scale")
    lots = add("Lots", parent=scale)
    add("Small lots", parent=lots)

    themes.merge(lots, scale, staff)

    assert names(consultation) == [("Scale", 0), ("Small lots", 1)]


def test_splitting_makes_chosen_passages_a_theme_of_their_own(add, mark, staff):
    scale = add("Scale")
    large, long = mark(scale, "Too large"), mark(scale, "Too long")

    new = themes.split(scale, [long.pk], staff, name="Length")

    assert list(scale.passages.all()) == [large]
    assert list(new.passages.all()) == [long]
    assert scale.changes.first().details == {"moved": [long.pk]}
    assert history(scale)[0] == (What.SPLIT, new)


def test_splitting_takes_no_passage_of_another_theme(add, mark, staff):
    scale, grants = add("Scale"), add("Grants")
    other = mark(grants, "A grant")

    with pytest.raises(themes.Refused):
        themes.split(scale, [other.pk], staff, name="Length")

    assert other.theme == grants
    assert not Theme.objects.filter(name="Length").exists()


def test_only_a_theme_without_a_trace_is_deleted(add, mark, staff):
    unused, used, whole = add("Unused"), add("Used"), add("Whole")
    add("Part", parent=whole)
    mark(used, "Words")
    merged = add("Merged")
    themes.merge(merged, add("Taker"), staff)

    themes.delete(unused)
    for theme in (used, whole, merged, Theme.objects.get(name="Taker")):
        with pytest.raises(themes.Refused):
            themes.delete(theme)

    assert not Theme.objects.filter(name="Unused").exists()


def test_the_database_refuses_a_passage_that_is_half_whole(add, mark):
    passage = mark(add("Scale"), "Words")

    with pytest.raises(IntegrityError), transaction.atomic():
        ThemedPassage.objects.filter(pk=passage.pk).update(start=None)


def test_staff_add_a_theme(admin_client, consultation):
    fields = {"name": " Small  lots ", "meaning": "Not\r\nlarge", "colour": "4"}

    response = admin_client.post("/admin/themes/add/", fields, follow=True)

    theme = Theme.objects.get()
    assert (theme.name, theme.meaning, theme.colour) == ("Small lots", "Not\nlarge", 4)
    assert "“Small lots” is in the codebook." in response.text


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"name": ""}, "Enter a name for the theme"),
        ({"name": "x" * 101}, "Name must be 100 characters or fewer"),
        ({"name": "GRANTS"}, "There is a theme “GRANTS” already"),
        ({"name": "New", "colour": "11"}, "Select a valid choice"),
        ({"name": "New", "parent": "999"}, "Choose a theme of this codebook"),
    ],
)
def test_a_refused_theme_is_given_back_as_it_was_typed(
    admin_client, add, fields, error
):
    add("Grants")
    typed = {"meaning": "What I mean", "colour": "1"} | fields

    response = admin_client.post("/admin/themes/add/", typed)

    assert response.status_code == 422
    assert error in response.text
    assert "What I mean" in response.text
    assert Theme.objects.count() == 1


def test_staff_merge_and_separate_on_the_page_of_a_theme(admin_client, add, mark):
    lots, small = add("Lots"), add("Small lots")
    mark(lots, "Words")
    page = reverse("admin:review_theme", args=[lots.pk])

    merged = admin_client.post(f"{page}merge/", {"into": small.pk}, follow=True)
    assert "“Lots” was merged into it, with 1 passage." in " ".join(merged.text.split())
    separated = admin_client.post(f"{page}separate/", follow=True)

    assert "“Lots” has its passages back." in separated.text
    assert lots.passages.count() == 1


def test_merging_into_nothing_is_refused_in_words(admin_client, add):
    lots = add("Lots")

    response = admin_client.post(f"{CODEBOOK}{lots.pk}/merge/", {"into": lots.pk})

    assert response.status_code == 422
    assert "Choose the theme that takes its passages" in response.text


def test_readers_see_the_codebook_and_change_nothing(client, add):
    theme = add("Lots", meaning="Small ones")
    sign_in(client, member_of_staff("reader", "view_submission"))
    page = f"{CODEBOOK}{theme.pk}/"

    assert "Small ones" in client.get(CODEBOOK).text
    assert "Small ones" in client.get(page).text
    assert [
        client.post(f"{page}{what}").status_code
        for what in ("", "merge/", "separate/", "split/", "delete/")
    ] == [403] * 5
    assert client.get(f"{CODEBOOK}add/").status_code == 403


def test_staff_without_permission_see_no_codebook(client, add):
    theme = add("Lots")
    sign_in(client, member_of_staff("stranger"))

    pages = ["", "counts/", f"{theme.pk}/", f"{theme.pk}/passages/"]
    statuses = [client.get(CODEBOOK + page).status_code for page in pages]

    assert statuses == [403] * 4


@pytest.mark.parametrize("number", [1, 3])
def test_codebook_takes_the_same_number_of_queries(
    admin_client, add, mark, number, django_assert_num_queries
):
    for one in range(number):
        mark(add(f"Theme {one}"), "Words")

    with django_assert_num_queries(10):
        admin_client.get(CODEBOOK)
