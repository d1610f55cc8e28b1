"""Themes on what respondents said: put on, shown, kept through changes, taken off."""

import html
import re

import pytest
from django.urls import reverse

from review.models import AuditEntry, Theme, ThemedPassage
from review.said import said_in
from review.services import themes, theming
from submissions.models import Answer
from tests.staff import member_of_staff, sign_in
from tests.submissions.sent import make_sent

TEXT = "Small lots help.\nEleven <contracts> became three; small lots would help."


@pytest.fixture
def sent(consultation):
    return make_sent(
        consultation,
        answers={"1.1": TEXT, "1.2": "Grants 😀 did it."},
        comments={2: ("agree", "Plainly so.")},
        general="Keep going.",
    )


@pytest.fixture
def lots(consultation, admin_user):
    return themes.add(consultation, admin_user, name="Lots")


@pytest.fixture
def put_on(admin_client, sent):
    def put_on(place="question-1-1", **fields):
        url = reverse("admin:review_put_theme_on", args=[sent.pk])
        return admin_client.post(url, {"place": place} | fields)

    return put_on


def reading_page(submission):
    return reverse("admin:submissions_submission_change", args=[submission.pk])


def shown_text(response, place):
    """Return what stands in the element of a place, without its tags."""
    pattern = f'<div class="answer" id="{place}" data-place="{place}">(.*?)</div>'
    inside = re.search(pattern, response.text, re.DOTALL).group(1)
    return html.unescape(re.sub("<[^>]*>", "", inside))


def test_a_theme_is_put_on_words(put_on, lots, sent, admin_user):
    response = put_on(quote="Eleven <contracts>", theme="lots")

    passage = ThemedPassage.objects.get()
    assert response.url == f"{reading_page(sent)}#passage-{passage.pk}"
    assert (passage.theme, passage.added_by) == (lots, admin_user)
    assert (passage.start, passage.end, passage.quote) == (17, 35, "Eleven <contracts>")
    assert passage.question.code == "1.1"


@pytest.mark.parametrize(
    ("place", "question", "principle"),
    [
        ("question-1-2", "1.2", None),
        ("principle-2-v1", None, 2),
        ("principles", None, None),
    ],
)
def test_a_theme_is_put_on_a_whole_text(put_on, lots, place, question, principle):
    put_on(place, theme="Lots")

    passage = ThemedPassage.objects.select_related("version__principle").get()
    assert (passage.start, passage.end, passage.quote) == (None, None, "")
    assert (passage.question and passage.question.code) == question
    assert (passage.version and passage.version.principle.number) == principle


def test_a_theme_stands_on_the_same_words_once(put_on, lots):
    for quote in ("Eleven <contracts>", "Eleven  <contracts>", "", ""):
        put_on(quote=quote, theme="Lots")

    assert ThemedPassage.objects.count() == 2


def test_words_that_stand_often_are_chosen_from(put_on, lots):
    asked = put_on(quote="lots", theme="Lots")

    assert asked.status_code == 422
    starts = re.findall(r'type="radio" name="start" value="(\d+)"', asked.text)
    put_on(quote="lots", theme="Lots", start=starts[1])
    assert ThemedPassage.objects.get().start == TEXT.rindex("lots")


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"quote": "Twelve"}, "These words are not in the text"),
        ({"quote": "Eleven", "theme": ""}, "Enter the name of a theme"),
        ({"place": "question-1-3"}, "This text is not in the response any more"),
        ({"place": "nowhere"}, "This text is not in the response any more"),
        ({"picked": "999999"}, "not in the codebook any more"),
        ({"start": "-1"}, "greater than or equal to 0"),
        ({"quote": "a\0b"}, "Null characters are not allowed"),
    ],
)
def test_what_is_refused_is_given_back_with_the_reason(put_on, lots, fields, error):
    typed = {"quote": "Eleven", "theme": "Lots"} | fields

    response = put_on(**typed)

    assert response.status_code == 422
    assert error in html.unescape(response.text)
    assert f">\n{html.escape(typed['quote'])}</textarea>" in response.text
    assert ThemedPassage.objects.count() == 0


def test_a_name_that_is_new_is_asked_about_before_it_makes_a_theme(put_on, lots):
    asked = put_on(quote="Eleven", theme="Lotts")

    assert asked.status_code == 422
    assert "There is no theme “Lotts” yet" in asked.text
    # The one that was probably meant is one press away.
    assert f'name="picked" value="{lots.pk}"' in asked.text
    assert Theme.objects.count() == 1


def test_a_theme_is_made_while_reading(put_on, sent):
    put_on(quote="Eleven", theme="Bundling", new="on")

    assert ThemedPassage.objects.get().theme.name == "Bundling"
    assert Theme.objects.get().changes.count() == 1


def test_a_theme_that_was_merged_meanwhile_is_put_on_as_what_it_became(
    put_on, lots, consultation, admin_user
):
    small = themes.add(consultation, admin_user, name="Small lots")
    themes.merge(lots, small, admin_user)

    put_on(quote="Eleven", picked=lots.pk)

    assert ThemedPassage.objects.get().theme == small


def test_a_theme_of_another_call_cannot_be_put_on(put_on, lots, consultation):
    consultation.pk, consultation.slug, consultation._state.adding = None, "next", True
    consultation.save()
    Theme.objects.update(consultation=consultation)

    response = put_on(quote="Eleven", picked=lots.pk)

    assert response.status_code == 422
    assert ThemedPassage.objects.count() == 0


def test_texts_are_shown_to_the_letter_with_their_marks(
    put_on, admin_client, lots, sent, consultation, admin_user
):
    themes.add(consultation, admin_user, name="Grants & gifts")
    put_on(quote="Small lots help.\nEleven", theme="Lots")
    put_on(quote="Eleven <contracts>", theme="Grants & gifts")

    page = admin_client.get(reading_page(sent))

    assert shown_text(page, "question-1-1") == TEXT
    overlap = 'class="theme-1 theme-2 several" title="Lots; Grants &amp; gifts"'
    assert f'<mark {overlap} data-ends="1">Eleven</mark>' in page.text


def test_texts_without_marks_are_shown_to_the_letter(admin_client, sent):
    page = admin_client.get(reading_page(sent))

    assert shown_text(page, "question-1-1") == TEXT


def test_a_theme_is_taken_off_and_taking_off_again_does_no_harm(
    put_on, admin_client, lots, sent
):
    put_on(quote="Eleven", theme="Lots")
    passage = ThemedPassage.objects.get()
    url = reverse("admin:review_take_theme_off", args=[passage.pk])

    response = admin_client.post(url, {"next": "/admin/?from=here"})
    again = admin_client.post(url)

    assert response.url == "/admin/?from=here#question-1-1"
    assert (again.status_code, ThemedPassage.objects.count()) == (302, 0)


def test_nobody_is_led_to_another_site(put_on, lots, sent):
    response = put_on(theme="Lots", next="https://elsewhere.example/")

    assert response.url == f"{reading_page(sent)}#question-1-1"


def test_marks_follow_their_words_when_the_respondent_changes_the_text(
    put_on, admin_client, lots, sent
):
    put_on(quote="Eleven <contracts>", theme="Lots")
    put_on(quote="Small lots help", theme="Lots")
    # Sending changes puts new rows in the place of the old ones.
    old = sent.answers.get(question__code="1.1")
    old.delete()
    Answer.objects.create(
        submission=sent, question=old.question, text="In short: Eleven <contracts>."
    )

    page = admin_client.get(reading_page(sent))

    assert 'data-ends="1">Eleven &lt;contracts&gt;</mark>' in page.text
    assert "these words were marked: “Small lots help”" in " ".join(page.text.split())


def test_a_moved_passage_is_not_put_on_twice(put_on, lots, sent):
    put_on(quote="Eleven", theme="Lots")
    sent.answers.filter(question__code="1.1").update(text=f"In short. {TEXT}")

    put_on(quote="Eleven", theme="Lots")

    assert ThemedPassage.objects.count() == 1


def test_a_passage_whose_text_was_taken_out_is_kept_and_said(
    put_on, admin_client, lots, sent
):
    put_on(quote="Eleven", theme="Lots")
    sent.answers.filter(question__code="1.1").delete()

    page = admin_client.get(reading_page(sent))

    assert "These texts are not in the response any more:" in page.text


def test_themes_of_a_withdrawn_response_stay_out_of_reach(put_on, lots, sent):
    sent.withdrawn_at = sent.submitted_at
    sent.save()

    assert put_on(theme="Lots").status_code == 404


def test_readers_see_themes_and_put_none_on(client, lots, sent, admin_user):
    theming.put_on(lots, sent, said_in(sent)[0], None, admin_user)
    passage = ThemedPassage.objects.get()
    sign_in(client, member_of_staff("reader", "view_submission"))

    page = client.get(reading_page(sent))

    assert "on the whole text" in page.text
    assert "data-passage" not in page.text
    on = reverse("admin:review_put_theme_on", args=[sent.pk])
    off = reverse("admin:review_take_theme_off", args=[passage.pk])
    assert client.post(on, {"place": "principles"}).status_code == 403
    assert client.post(off).status_code == 403


def test_what_was_done_is_written_down_without_words(put_on, lots, sent):
    put_on(quote="Eleven", theme="Lots")

    entry = AuditEntry.objects.get(page="review_put_theme_on")
    assert (entry.about_type, entry.about_id) == (
        "submissions.submission",
        str(sent.pk),
    )
    assert entry.details == {"theme": lots.pk}


def test_themes_are_gathered_for_exports_in_one_query(
    put_on, lots, sent, admin_user, django_assert_num_queries
):
    put_on(quote="Eleven", theme="Lots")
    put_on("principles", theme="Lots")
    passages = {one.place: one.added_at for one in ThemedPassage.objects.all()}

    with django_assert_num_queries(1):
        gathered = theming.themes_of([sent.pk])

    by = admin_user.username
    assert gathered == {
        sent.pk: [
            ("principles", "Lots", "", by, passages["principles"]),
            ("question-1-1", "Lots", "Eleven", by, passages["question-1-1"]),
        ]
    }
