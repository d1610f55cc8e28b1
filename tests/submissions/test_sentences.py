"""Comments on one sentence of a draft principle, and other wordings for it."""

import pytest

from principles.models import Sentence
from principles.services import publish
from submissions.models import PastText
from submissions.wording import difference

PAGE = "principles/4-v1-2/"
WORDING = (
    "Instead fund in simple and proportionate ways that enable small local providers "
    "to participate fully in commissioning and work together to achieve long-term "
    "value."
)
REWORDED = WORDING.replace("simple and proportionate ways", "grants")


def write(ada, comment="", suggestion=WORDING, **fields):
    return ada.post(
        PAGE,
        **{"said__4__v1__2": comment, "suggestion__4__v1__2": suggestion} | fields,
    )


def said(ada):
    return [
        (one.sentence.text, one.comment, one.suggestion, one.confidence)
        for one in ada.submission.sentence_comments.all()
    ]


@pytest.mark.parametrize(
    ("before", "after", "pieces"),
    [
        ("Think local.", "Think local.", ["same Think local."]),
        ("Think local.", "Think  local.\n", ["same Think local."]),
        (
            "Think local.",
            "Think small.",
            ["same Think", "removed local.", "added small."],
        ),
        (
            "Think local.",
            "Always think",
            ["removed Think local.", "added Always think"],
        ),
        ("a b c d", "a c d e", ["same a", "removed b", "same c d", "added e"]),
        ("Think local.", "", ["removed Think local."]),
    ],
)
def test_difference_is_by_word(before, after, pieces):
    found = difference(before, after)

    assert [f"{piece.kind} {piece.text}" for piece in found] == pieces


def test_each_sentence_has_its_two_buttons(ada):
    page = ada.get("principles/").content.decode()

    assert page.count("Comment on this sentence") == 6
    assert page.count("Suggest different wording") == 6
    assert 'value="sentence-4-v1-2#suggestion"' in page


def test_the_button_saves_the_page_and_opens_the_sentence(ada):
    response = ada.post(
        "principles/", comment__4__v1="Yes.", go="sentence-4-v1-2#suggestion"
    )

    assert response.url == f"{ada.url}{PAGE}#suggestion"
    assert ada.submission.principle_comments.get().comment == "Yes."


def test_the_wording_opens_on_the_sentence_as_it_is(ada):
    form = ada.get(PAGE).context["form"]

    assert form.suggestion().value() == WORDING
    assert form.difference() == []


def test_a_comment_alone_suggests_nothing(ada):
    response = write(ada, "Too vague.", confidence__said__4__v1__2="without-name")

    assert said(ada) == [(WORDING, "Too vague.", "", "without-name")]
    assert response.url == f"{ada.url}principles/#principle-4"


def test_spaces_alone_are_no_other_wording(ada):
    write(ada, suggestion=WORDING.replace(" ", "  "))

    assert said(ada) == []


def test_a_suggestion_shows_what_it_removes_and_adds_in_words(ada):
    response = write(ada, suggestion=REWORDED, go="difference")

    page = ada.client.get(response.url).content.decode()
    assert response.url == f"{ada.url}{PAGE}#difference"
    assert "removed:</span> <del>simple and proportionate ways</del>" in page
    assert "added:</span> <ins>grants</ins>" in page
    assert said(ada) == [(WORDING, "", REWORDED, "publish")]


def test_a_suggestion_is_shown_on_every_page_that_shows_the_principle(ada):
    write(ada, "Too vague.", REWORDED)

    for page in ("principles/", "check/"):
        shown = ada.get(page).content.decode()
        assert "Too vague." in shown
        assert "added:</span> <ins>grants" in shown


def test_putting_the_sentence_back_takes_the_suggestion_away(ada):
    write(ada, suggestion=REWORDED)

    write(ada)

    assert said(ada) == []


def test_a_suggestion_that_is_too_long_is_kept_in_the_box(ada):
    response = write(ada, suggestion="word " * 1001)

    page = response.content.decode()
    assert response.status_code == 422
    assert "Your wording must be 5,000 characters or fewer" in page
    assert "word " * 1000 in page
    assert said(ada) == []


def test_the_sentence_that_was_read_is_commented_on_even_when_a_newer_is_out(ada):
    publish(ada.submission.consultation.principles.get(number=4), ["Fund simply."])

    write(ada, "Too vague.")

    assert said(ada) == [(WORDING, "Too vague.", "", "publish")]
    assert WORDING in ada.get("check/").content.decode()


@pytest.mark.parametrize(
    "name", ["4-v1-9", "9-v1-1", "4-v2-1", "nonsense", "4-v1-99999"]
)
def test_a_sentence_that_there_is_not_is_not_found(ada, name):
    assert ada.get(f"principles/{name}/").status_code == 404


def test_earlier_wordings_can_be_put_back(ada):
    write(ada, suggestion=REWORDED)
    PastText.objects.update(started_at="2018-06-01T09:00Z")
    write(ada, suggestion=REWORDED.replace("grants", "gifts"))
    page = ada.get("earlier/sentence-4-v1-2/").content.decode()
    version = page.split('name="version" value="')[1].split('"')[0]

    response = ada.post("earlier/sentence-4-v1-2/", version=version)

    assert response.url == f"{ada.url}{PAGE}#id_suggestion-4-v1-2"
    assert said(ada) == [(WORDING, "", REWORDED, "publish")]


def test_a_response_may_be_one_suggestion(ada):
    ada.post("about-you/", name="Ada", publication="with-name")
    write(ada, suggestion=REWORDED)

    ada.post("check/")

    assert ada.saved().is_submitted


def test_staff_read_and_find_it(ada, admin_client):
    ada.post("about-you/", name="Ada", publication="with-name")
    write(ada, "Too vague.", REWORDED)
    ada.post("check/")

    found = admin_client.get("/admin/submissions/submission/?q=vague")
    missed = admin_client.get("/admin/submissions/submission/?q=vaguest")
    read = admin_client.get(
        f"/admin/submissions/submission/{ada.submission.pk}/change/"
    )

    assert ada.saved().reference in found.content.decode()
    assert ada.submission.reference not in missed.content.decode()
    assert "added:</span> <ins>grants" in read.content.decode()


@pytest.mark.parametrize("page", ["principles/", PAGE, "check/"])
def test_queries_do_not_grow_with_comments_on_sentences(
    ada, django_assert_num_queries, page
):
    counts = {"principles/": 7, PAGE: 4, "check/": 5}
    # From then on this process knows the call.
    ada.get(page)
    sentences = list(Sentence.objects.all())
    for written in (sentences[:1], sentences[1:4]):
        for sentence in written:
            ada.submission.sentence_comments.create(sentence=sentence, comment="Hm.")
        with django_assert_num_queries(counts[page]):
            ada.get(page)
