"""Evidence items: entered once, used beside several answers."""

import uuid

import pytest

from submissions.models import EvidenceItem

from .sent import make_sent

TITLE = "Evaluation of befriending, 2017"


def new_item(ada, beside="", **fields):
    """Write a new item; return it with the answer to the button."""
    key = uuid.uuid4()
    url = f"items/{key}/?for={beside}" if beside else f"items/{key}/"
    response = ada.post(url, **{"title": TITLE} | fields)
    return ada.submission.items.filter(key=key).first(), response


def test_the_button_beside_an_answer_saves_the_page_first(ada):
    response = ada.post("section/1/", answer__1__4="Yes.", go="evidence-question-1-4")

    assert ada.answers() == {"1.4": "Yes."}
    assert response.url == ada.url + "items/add/?for=question-1-4"


def test_a_new_item_is_ticked_where_it_was_asked_for(ada):
    first = ada.get("items/add/?for=question-1-4")

    page = ada.client.get(first.url).content.decode()

    assert 'value="1-4" id="id_questions_3" checked' in page


def test_an_item_is_kept_and_leads_back_to_its_question(ada):
    item, response = new_item(
        ada,
        "question-1-4",
        kind="research",
        shows="supports",
        service="Adult social care",
        place="Calderdale",
        period="2015 to 2017",
        source_url="example.org/report.pdf",
        may_quote="yes",
        confidence="without-name",
        questions=["1-4", "2-1"],
        principles=["2"],
    )

    assert response.url == ada.url + "section/1/#id_answer-1-4"
    assert item.source_url == "https://example.org/report.pdf"
    assert item.confidence == "without-name"
    assert [one.code for one in item.questions.all()] == ["1.4", "2.1"]
    assert [one.number for one in item.principles.all()] == [2]


def test_an_item_stands_beside_every_answer_it_is_used_on(ada):
    new_item(ada, questions=["1-4", "2-1"], principles=["2"])

    pages = [ada.get(page) for page in ("section/1/", "section/2/", "principles/")]

    # Once to read and once in the name of its button.
    assert [page.content.decode().count(TITLE) for page in pages] == [2, 2, 2]
    assert TITLE not in ada.get("section/3/").content.decode()


def test_an_item_is_used_on_another_question_without_typing_it_again(ada):
    item, _response = new_item(ada, questions=["1-4"])

    offered = ada.get("items/add/?for=question-2-1").content.decode()
    response = ada.post("items/add/?for=question-2-1", use=str(item.key))

    assert f'value="{item.key}"' in offered
    assert response.url == ada.url + "section/2/#id_answer-2-1"
    assert [one.code for one in item.questions.all()] == ["1.4", "2.1"]


def test_an_item_that_is_used_here_already_is_not_offered(ada):
    new_item(ada, questions=["1-4"])

    response = ada.get("items/add/?for=question-1-4")

    assert response.status_code == 302


def test_an_item_needs_a_title_and_keeps_what_was_typed(ada):
    key = uuid.uuid4()

    response = ada.post(
        f"items/{key}/", title="", **{f"details-{key.hex}": "Eleven became three."}
    )

    page = response.content.decode()
    assert response.status_code == 422
    assert "Enter a title" in page
    assert "Eleven became three." in page


@pytest.mark.parametrize("link", ["nonsense", "javascript:alert(1)", "http://"])
def test_a_link_that_is_none_is_refused_in_words(ada, link):
    item, response = new_item(ada, source_url=link)

    assert response.status_code == 422
    assert "Enter a web address" in response.content.decode()
    assert item is None


def test_what_an_item_says_is_saved_while_it_is_typed(ada):
    key = uuid.uuid4()
    name = f"details-{key.hex}"
    shown = ada.get(f"items/{key}/").context["form"].fields[name].was

    response = ada.client.post(
        f"{ada.url}autosave/item-{key.hex}/",
        {"fields": {name: {"text": "Eleven.", "was": shown, "length": 7}}},
        content_type="application/json",
    )

    assert response.status_code == 200
    assert ada.submission.items.get(key=key).details == "Eleven."


def test_two_people_who_change_one_item_see_both_texts(ada):
    item, _response = new_item(ada, place="Calderdale")
    shown = ada.get(f"items/{item.key}/").context["form"].fields["place"].was
    ada.post(f"items/{item.key}/", title=TITLE, place="Halifax")

    response = ada.post(
        f"items/{item.key}/",
        title=TITLE,
        place="Todmorden",
        **{"was-place": shown},
    )

    assert response.status_code == 409
    assert "Halifax" in response.content.decode()
    assert "Todmorden" in response.content.decode()


def test_an_item_can_be_removed_after_a_question(ada):
    item, _response = new_item(ada, questions=["1-4"])

    asked = ada.get(f"items/{item.key}/remove/").content.decode()
    ada.post(f"items/{item.key}/remove/")

    assert "Remove this evidence?" in asked
    assert not EvidenceItem.objects.exists()


def test_a_response_may_be_an_item_alone(ada):
    ada.post("about-you/", name="Ada", publication="not")
    new_item(ada)

    ada.post("check/")

    assert ada.saved().is_submitted
    assert TITLE in ada.get("copy/").content.decode()


def test_another_browser_finds_no_items(ada):
    item, _response = new_item(ada)
    stranger = type(ada.client)()

    for page in ("items/", "items/add/", f"items/{item.key}/"):
        assert stranger.get(ada.url + page).status_code == 404
    assert stranger.post(ada.url + f"items/{item.key}/remove/").status_code == 404
    assert EvidenceItem.objects.count() == 1


def test_an_item_of_another_response_is_not_to_be_had(ada, consultation):
    foreign = make_sent(consultation).items.create(title="Theirs")

    ada.post("items/add/?for=question-1-4", use=str(foreign.key))

    assert "Theirs" not in ada.get(f"items/{foreign.key}/").content.decode()
    assert not foreign.questions.exists()


@pytest.mark.parametrize("page", ["section/1/", "principles/", "items/", "check/"])
def test_queries_do_not_grow_with_items(ada, django_assert_num_queries, page):
    counts = {"section/1/": 8, "principles/": 11, "items/": 8, "check/": 8}
    new_item(ada, questions=["1-4"], principles=["1"])
    # From then on this process knows the call.
    ada.get(page)

    with django_assert_num_queries(counts[page]):
        ada.get(page)
    for number in "23":
        new_item(ada, questions=["1-1", "1-4"], principles=[number])

    with django_assert_num_queries(counts[page]):
        ada.get(page)
