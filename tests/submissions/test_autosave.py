"""What is typed is kept, and never over somebody else's words."""

import datetime as dt
import json
import re

import pytest
import time_machine

from submissions.parts import fingerprint

EMPTY = fingerprint("")


def autosave(ada, part="section-1", **texts):
    """Autosave texts; each is a text that was typed into an empty box, or (text, was)."""
    fields = {}
    for name, typed in texts.items():
        text, was = typed if isinstance(typed, tuple) else (typed, EMPTY)
        fields[name.replace("__", "-")] = {
            "text": text,
            "was": was,
            "length": len(text),
        }
    return send(ada, part, json.dumps({"fields": fields}))


def send(ada, part, body):
    url = f"{ada.url}autosave/{part}/"
    return ada.client.post(url, body, content_type="application/json")


def was_of(page, name):
    return re.search(rf'name="was-{name}" value="(\w+)"', page.content.decode())[1]


def test_what_is_typed_is_kept(ada):
    response = autosave(ada, answer__1__1="So far", answer__1__2="Two\nlines 🏡")

    assert response.status_code == 200
    assert ada.answers() == {"1.1": "So far", "1.2": "Two\nlines 🏡"}
    assert response.json()["fields"]["answer-1-2"]["length"] == 11


def test_the_rest_of_the_part_stays_as_it_is(ada):
    ada.post("section/1/", answer__1__1="One", answer__1__2="Two", finished="on")

    autosave(ada, answer__1__3="Three")

    assert ada.answers() == {"1.1": "One", "1.2": "Two", "1.3": "Three"}
    assert ada.submission.finished_parts.count() == 1


def test_each_save_starts_from_the_one_before(ada):
    first = autosave(ada, answer__1__1="One").json()["fields"]["answer-1-1"]["was"]

    second = autosave(ada, answer__1__1=("One and more", first))

    assert second.status_code == 200
    assert ada.answers() == {"1.1": "One and more"}


def test_a_clash_keeps_what_is_saved_and_says_what_it_is(ada):
    autosave(ada, answer__1__1="From the other window")

    response = autosave(ada, answer__1__1="From this window", answer__1__2="Free")

    assert response.status_code == 409
    assert response.json()["clashes"]["answer-1-1"] == {
        "was": fingerprint("From the other window"),
        "text": "From the other window",
        "value": "From the other window",
    }
    assert ada.answers() == {"1.1": "From the other window", "1.2": "Free"}


def test_the_same_text_from_two_windows_is_no_clash(ada):
    autosave(ada, answer__1__1="The same")

    assert autosave(ada, answer__1__1="The same").status_code == 200


def test_two_people_in_one_section_do_not_clash_on_different_questions(ada):
    page = ada.get("section/1/")
    hidden = {
        f"was-answer-1-{number}": was_of(page, f"answer-1-{number}")
        for number in range(1, 7)
    }
    autosave(ada, answer__1__1="Hers")

    response = ada.client.post(
        ada.url + "section/1/",
        {"_end": "1", "answer-1-1": "", "answer-1-2": "His"} | hidden,
    )

    assert response.status_code == 302
    assert ada.answers() == {"1.1": "Hers", "1.2": "His"}


def test_a_clash_without_javascript_shows_both_texts_and_saves_the_decision(ada):
    page = ada.get("section/1/")
    was = was_of(page, "answer-1-1")
    autosave(ada, answer__1__1="Hers")

    mine = {"answer-1-1": "His", "answer-1-2": "Also his", "was-answer-1-1": was}
    clash = ada.client.post(ada.url + "section/1/", {"_end": "1"} | mine)

    assert clash.status_code == 409
    assert "Hers" in clash.content.decode()
    assert "<title>Error: " in clash.content.decode()
    assert 'href="#id_answer-1-1"' in clash.content.decode()
    assert "His</textarea>" in clash.content.decode()
    assert "Also his" in clash.content.decode()
    assert ada.answers() == {"1.1": "Hers"}
    mine["was-answer-1-1"] = was_of(clash, "answer-1-1")
    ada.client.post(ada.url + "section/1/", {"_end": "1"} | mine)
    assert ada.answers() == {"1.1": "His", "1.2": "Also his"}


def test_an_error_does_not_forget_what_the_page_started_from(ada):
    page = ada.get("section/1/")
    was = was_of(page, "answer-1-1")
    autosave(ada, answer__1__1="Hers")

    refused = ada.client.post(
        ada.url + "section/1/",
        {
            "_end": "1",
            "answer-1-1": "His",
            "was-answer-1-1": was,
            "answer-1-2": "a\0b",
        },
    )

    assert refused.status_code == 422
    assert was_of(refused, "answer-1-1") == was


def test_stances_clash_in_words(ada):
    was = was_of(ada.get("principles/"), "stance-1-v1")
    ada.post("principles/", stance__1__v1="agree")

    fields = {"_end": "1", "stance-1-v1": "disagree", "was-stance-1-v1": was}
    clash = ada.client.post(ada.url + "principles/", fields)

    shown = '<div class="answer" data-value="agree">Agree</div>'
    assert shown in clash.content.decode()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b'{"fields": {"answer-1-1": "text"}}',
        b'{"fields": {"answer-1-1": {"text": "a", "was": "", "length": 2}}}',
        b'{"fields": {"answer-1-1": {"text": 5, "was": "", "length": 1}}}',
        b'{"fields": {"answer-1-1": {"text": "\\ud800", "was": "", "length": 1}}}',
        b'{"fields": {"answer-1-1": {"text": "a", "was": "", "length": NaN}}}',
        b'{"fields": ' + b"[" * 100_000,
        b'{"fields": {"answer-1-1": {"text": "a", "was": "", "length": '
        + b"9" * 5000
        + b"}}}",
        b'{"fields": {"answer-1-1": {"text": "cut o',
        b"\xff\xfe",
    ],
)
def test_what_no_page_of_ours_sends_is_refused(ada, body):
    response = send(ada, "section-1", body)

    assert response.status_code == 400
    assert "Your text is still on the page" in response.json()["error"]
    assert ada.answers() == {}


def test_a_text_that_cannot_be_stored_is_refused_and_the_others_are_kept(ada):
    response = autosave(ada, answer__1__1="a\0b", answer__1__2="Fine")

    assert response.status_code == 422
    assert "a character we cannot store" in response.json()["errors"]["answer-1-1"][0]
    assert ada.answers() == {"1.2": "Fine"}


@pytest.mark.parametrize("letter", ["a", "語", "🏡"])
def test_the_longest_answers_are_kept(ada, letter):
    text = letter * 200_000

    response = autosave(ada, answer__1__1=text, answer__1__2=text)

    assert response.status_code == 200
    assert set(ada.answers().values()) == {text}


@pytest.mark.parametrize("part", ["section-9", "nowhere", "section-x"])
def test_there_is_no_other_part(ada, part):
    assert autosave(ada, part, answer__1__1="a").status_code == 404


def test_there_is_no_other_field(ada):
    assert autosave(ada, reference="KIL-1").status_code == 404


def test_a_stranger_saves_nothing(ada):
    stranger = type(ada.client)()
    body = json.dumps({"fields": {}})

    response = stranger.post(
        f"{ada.url}autosave/section-1/", body, content_type="application/json"
    )

    assert response.status_code == 404


def test_what_is_typed_into_a_closed_call_is_kept_and_it_says_so(ada, close):
    open_call = autosave(ada, answer__1__2="In time")
    close()

    response = autosave(ada, answer__1__1="Too late")

    assert open_call.json()["notice"] == ""
    assert response.json()["notice"] == "The call has closed. Your text is kept."
    assert ada.answers() == {"1.1": "Too late", "1.2": "In time"}


def past(ada, field="answer-1-1"):
    texts = ada.submission.past_texts.filter(field=field)
    return list(texts.values_list("text", flat=True))


def test_writing_on_is_one_version(ada):
    was = EMPTY
    for length in range(1, 6):
        text = "word " * length
        answer = autosave(ada, answer__1__1=(text, was))
        was = answer.json()["fields"]["answer-1-1"]["was"]

    assert past(ada) == ["word " * 5]


def test_a_text_that_shrinks_is_another_version(ada):
    was = autosave(ada, answer__1__1="A whole evening's work")
    was = was.json()["fields"]["answer-1-1"]["was"]

    autosave(ada, answer__1__1=("A", was))

    assert past(ada) == ["A", "A whole evening's work"]


def test_texts_of_one_page_have_versions_of_their_own(ada):
    ada.post("section/1/", answer__1__1="A whole evening's work", answer__1__2="One")

    ada.post("section/1/", answer__1__1="A", answer__1__2="One and two")

    assert past(ada) == ["A", "A whole evening's work"]
    assert past(ada, "answer-1-2") == ["One and two"]


def test_the_last_five_versions_are_kept(ada):
    for hour in range(7):
        now = dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC) + dt.timedelta(hours=hour)
        with time_machine.travel(now, tick=False):
            ada.post("section/1/", answer__1__1=f"Version {hour}")

    assert past(ada) == [f"Version {hour}" for hour in (6, 5, 4, 3, 2)]


def test_an_earlier_version_can_be_put_back_and_the_later_one_too(ada):
    was = autosave(ada, answer__1__1="A whole evening's work")
    was = was.json()["fields"]["answer-1-1"]["was"]
    autosave(ada, answer__1__1=("Oops", was))
    page = ada.get("earlier/section-1/").content.decode()
    version = ada.submission.past_texts.get(text__startswith="A whole")

    response = ada.post("earlier/section-1/", version=version.pk)

    assert "A whole evening&#x27;s work" in page
    assert response.url == ada.url + "section/1/#id_answer-1-1"
    assert ada.answers() == {"1.1": "A whole evening's work"}
    assert past(ada)[:2] == ["A whole evening's work", "Oops"]


@pytest.mark.parametrize("version", ["", "-1", "1e3", "9" * 30, "\u0663"])
def test_a_version_that_is_no_number_is_not_found(ada, version):
    assert ada.post("earlier/section-1/", version=version).status_code == 404


def test_a_version_of_somebody_else_is_not_found(ada, draft):
    theirs = draft.past_texts.create(field="answer-1-1", text="Theirs")

    response = ada.post("earlier/section-1/", version=theirs.pk)

    assert response.status_code == 404
    assert ada.answers() == {}
