"""What may be published: the choice for the whole, and beside each thing that is said."""

import time

import pytest

from submissions import personal_data, reading
from submissions.models import (
    Answer,
    Confidence,
    Publication,
    Submission,
    publication_of,
)

from .sent import make_draft


@pytest.mark.parametrize(
    ("whole", "own", "result"),
    [
        ("with-name", "publish", "with-name"),
        ("with-name", "without-name", "without-name"),
        ("with-name", "locality-only", "not"),
        ("without-name", "publish", "without-name"),
        ("without-name", "without-name", "without-name"),
        ("without-name", "locality-only", "not"),
        ("not", "publish", "not"),
        ("not", "without-name", "not"),
        ("", "publish", "not"),
    ],
)
def test_the_stricter_of_two_choices_holds(whole, own, result):
    answer = Answer(confidence=own)

    assert publication_of(Submission(publication=whole), answer) == Publication(result)


def test_a_choice_is_kept_beside_its_answer(ada):
    ada.post(
        "section/1/",
        **{"answer-1-4": "Yes.", "confidence-answer-1-4": "locality-only"},
    )

    answer = ada.submission.answers.get()
    page = ada.get("section/1/").content.decode()
    assert answer.confidence == Confidence.LOCALITY_ONLY
    assert 'value="locality-only" selected' in page


def test_a_choice_is_kept_beside_a_comment_and_the_general_one(ada):
    ada.post(
        "principles/",
        **{
            "comment-2-v1": "Yes.",
            "confidence-comment-2-v1": "without-name",
            "comment": "Good.",
            "confidence-comment": "locality-only",
        },
    )

    kept = ada.submission.principle_comments.values_list("comment", "confidence")
    assert set(kept) == {("Yes.", "without-name"), ("Good.", "locality-only")}


def test_autosave_of_a_text_leaves_its_choice(ada):
    ada.post(
        "section/1/",
        **{"answer-1-4": "Yes.", "confidence-answer-1-4": "locality-only"},
    )
    shown = ada.get("section/1/").context["form"].fields["answer-1-4"].was

    ada.client.post(
        f"{ada.url}autosave/section-1/",
        {"fields": {"answer-1-4": {"text": "Yes!", "was": shown, "length": 4}}},
        content_type="application/json",
    )

    answer = ada.submission.answers.get()
    assert (answer.text, answer.confidence) == ("Yes!", "locality-only")


def test_a_choice_that_is_not_offered_is_refused(ada):
    response = ada.post(
        "section/1/", **{"answer-1-4": "Yes.", "confidence-answer-1-4": "everyone"}
    )

    assert response.status_code == 422
    assert "Select one of the options" in response.content.decode()


def test_what_is_kept_back_is_said_before_sending_and_on_the_copy(ada):
    ada.post("about-you/", name="Ada", publication="with-name")
    ada.post(
        "section/1/",
        **{"answer-1-4": "Yes.", "confidence-answer-1-4": "locality-only"},
    )

    before = ada.get("check/").content.decode()
    ada.post("check/")

    assert '<p class="kept-back">For Locality only</p>' in before
    assert (
        '<p class="kept-back">For Locality only</p>'
        in ada.get("copy/").content.decode()
    )


def found(draft):
    read = reading.whole(draft)
    return [
        (one.kind, one.text)
        for one in personal_data.in_what_will_be_published(draft, read)
    ]


@pytest.mark.parametrize(
    ("text", "kind", "result"),
    [
        ("Write to jo.o'neil@x.org", "an email address", "neil@x.org"),
        (
            "(ada+kil@riverside.example.org).",
            "an email address",
            "ada+kil@riverside.example.org",
        ),
        ("Ring 020 7946 0018 now", "a telephone number", "020 7946 0018"),
        ("Ring +44 (0)20 7946 0018", "a telephone number", "+44 (0)20 7946 0018"),
        ("mobile 07700-900123,", "a telephone number", "07700-900123"),
        ("at HX1 5ER.", "a postcode", "HX1 5ER"),
        ("at sw1a1aa, London", "a postcode", "sw1a1aa"),
    ],
)
def test_personal_data_is_pointed_out(consultation, text, kind, result):
    draft = make_draft(consultation, answers={"1.4": text}, publication="with-name")

    assert found(draft) == [(kind, result)]


@pytest.mark.parametrize(
    "text",
    [
        "In 2009 we had eleven agreements, today three; £1,200,000 in 2016/17.",
        "Reference 1234567890 and grant 2 at 5pm, room b2 3rd floor.",
        "twitter @riverside, 50% of 0.5",
    ],
)
def test_figures_are_not_taken_for_personal_data(consultation, text):
    draft = make_draft(consultation, answers={"1.4": text}, publication="with-name")

    assert found(draft) == []


def test_nothing_is_said_of_what_will_not_be_published(consultation):
    draft = make_draft(
        consultation, answers={"1.4": "ada@x.org", "1.5": "b@x.org"}, publication="not"
    )

    assert found(draft) == []
    draft.publication = "with-name"
    draft.answers.filter(question__code="1.5").update(confidence="locality-only")
    assert found(draft) == [("an email address", "ada@x.org")]


def test_the_respondents_name_is_pointed_out_when_it_is_to_be_left_out(consultation):
    draft = make_draft(
        consultation,
        answers={"1.4": "We at riverside trust know. Adams does not."},
        name="Ada",
        organisation="Riverside Trust",
        publication="without-name",
    )

    assert found(draft) == [("your name", "riverside trust")]


def test_items_and_comments_are_looked_at_too(consultation):
    draft = make_draft(
        consultation,
        comments={2: ("agree", "a@x.org")},
        general="b@x.org",
        publication="with-name",
    )
    draft.items.create(title="c@x.org", details="d@x.org")

    assert [text for _kind, text in found(draft)] == [
        "a@x.org",
        "b@x.org",
        "c@x.org",
        "d@x.org",
    ]


@pytest.mark.parametrize("text", ["a" * 200_000, "0" * 200_000, "a@" * 100_000])
def test_a_long_text_is_looked_through_at_once(consultation, text):
    draft = make_draft(consultation, answers={"1.4": text}, publication="with-name")
    started = time.perf_counter()

    found(draft)

    # Not a measure of speed: what grows with the square takes minutes.
    assert time.perf_counter() - started < 20


def test_the_check_page_names_it_and_leads_there(ada):
    ada.post("about-you/", name="Ada", publication="with-name")
    ada.post("section/1/", answer__1__4="Ring 020 7946 0018.")

    page = ada.get("check/").content.decode()

    assert "a telephone number, “020 7946 0018”, in your answer to question 1.4" in page
    assert f'href="{ada.url}section/1/?from=check#id_answer-1-4"' in page
