"""Texts that break other portals. Class T; the numbers are those of the list we keep to."""

import logging
import uuid
from urllib.parse import urlencode

import pytest

from submissions.fields import tidy
from submissions.models import Answer, Submission

from .ways import WAYS, autosave, errors, is_kept, post_urlencoded, send

CHARACTER = "Your answer contains a character we cannot store. Remove it and try again"
LIMIT = 200_000

KEPT = {
    "T03 controls from Word": "a\x01b\x08c\x0bd\x1be",
    "T15 marks stacked on letters": "Z" + "\u0301" * 50 + "a" + "\u0327" * 50,
    "T21 line separators": "one\u2028two\u2029three",
    "T23 200,000 characters": "a" * LIMIT,
    "T31 100,000 lines": "a\n" * 99_999 + "a",
    "T33 markup": '`"><img src=x onerror=alert(1)>',
    "T35 template tags": "{{7*7}} {% debug %} ${7*7} #{7*7}",
    "T37 formula": "=HYPERLINK(1)",
    "T37 plus": "+1",
    "T37 at": "@SUM(A1)",
    "T37 tab first": "\t=1",
    "T39 formats": "%s %n {0.__class__}",
    "emoji of several code points": "👩‍👩‍👧 🏴󠁧󠁢󠁷󠁬󠁳󠁿 é",
    "right to left override": "a\u202eb\u202c",
    "letters of every plane": "é語𝒳🏡",
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("text", KEPT.values(), ids=KEPT)
def test_is_kept_to_the_letter(ada, way, text):
    response = send(ada, way, text)

    assert is_kept(response)
    assert ada.answers() == {"1.1": tidy(text)}


@pytest.mark.parametrize("way", WAYS)
def test_t01_nul_is_refused_and_the_text_stays(ada, way):
    response = send(ada, way, "before\0after")

    assert errors(response) == [CHARACTER]
    assert ada.answers() == {}
    if way != "autosave":
        assert "before" in response.content.decode()


def test_t05_a_lone_surrogate_in_json_is_refused(ada):
    response = ada.client.post(
        f"{ada.url}autosave/section-1/",
        rb'{"fields": {"answer-1-1": {"text": "\ud800", "was": "", "length": 1}}}',
        content_type="application/json",
    )

    assert response.status_code == 400
    assert "Your text is still on the page" in response.json()["error"]


@pytest.mark.parametrize("raw", ["%ED%A0%80", "%C0%AF"], ids=["T07", "T09"])
def test_bytes_that_are_no_utf8_are_kept_as_a_mark_and_logged(ada, raw, caplog):
    caplog.set_level(logging.WARNING)

    response = post_urlencoded(ada, "section/1/", f"answer-1-1=a{raw}b&_end=1")

    assert is_kept(response)
    assert set(ada.answers()["1.1"]) == {"a", "b", "\ufffd"}
    assert "replacement character" in caplog.text
    assert "/evidence/" not in caplog.text


def test_t11_another_charset_is_answered_with_our_page(ada):
    body = "answer-1-1=a&_end=1".encode("utf-16")

    response = post_urlencoded(ada, "section/1/", body, "; charset=utf-16")

    assert response.status_code == 400
    assert "We could not read that request" in response.content.decode()
    assert ada.answers() == {}


def test_t13_a_charset_that_does_not_exist_is_utf8(ada):
    body = "answer-1-1=%C3%A9&_end=1"

    response = post_urlencoded(ada, "section/1/", body, "; charset=bogus")

    assert is_kept(response)
    assert ada.answers() == {"1.1": "é"}


@pytest.mark.parametrize("text", ["\u200b\u200b", "\xa0"], ids=["T17", "T19"])
def test_a_required_text_that_shows_nothing_is_asked_for(ada, text):
    response = ada.post(f"items/{uuid.uuid4()}/", title=text, place="Halifax")

    assert errors(response) == ["Enter a title"]
    assert "Halifax" in response.content.decode()


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("text", ["\u200b\u200b", "\xa0", " \n\t "])
def test_an_answer_that_shows_nothing_is_no_answer(ada, way, text):
    assert is_kept(send(ada, way, text))
    assert ada.answers() == {}


@pytest.mark.parametrize("letter", ["語", "🏡"])
@pytest.mark.parametrize("way", ["urlencoded", "multipart"])
def test_t25_two_of_the_longest_answers_are_kept(ada, way, letter):
    text = letter * LIMIT
    fields = {"answer-1-1": text, "answer-1-2": text, "_end": "1"}
    if way == "multipart":
        response = ada.client.post(ada.url + "section/1/", fields)
    else:
        response = post_urlencoded(ada, "section/1/", urlencode(fields))

    assert is_kept(response)
    assert ada.answers() == {"1.1": text, "1.2": text}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("letter", ["a", "🏡"], ids=["T27", "T29"])
def test_one_character_too_many_is_counted_and_nothing_is_cut(ada, way, letter):
    text = letter * (LIMIT + 1)

    response = send(ada, way, text)

    assert errors(response) == [
        "Your answer must be 200,000 characters or fewer. You have 1 character too many"
    ]
    assert ada.answers() == {}
    if way != "autosave":
        assert text in response.content.decode()


def test_t31_staff_read_100_000_lines(ada, admin_client):
    ada.post("about-you/", name="Ada", publication="not")
    send(ada, "urlencoded", "a\n" * 100_000)
    ada.post("check/")

    page = admin_client.get(
        f"/admin/submissions/submission/{ada.submission.pk}/change/"
    )

    assert page.status_code == 200
    assert "a\n" * 100_000 in page.content.decode()


def test_t33_markup_is_shown_as_text(ada):
    send(ada, "urlencoded", KEPT["T33 markup"])

    page = ada.get("section/1/").content.decode()

    assert "<img src=x" not in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page


def test_t41_ten_megabytes_in_one_field_are_refused_with_the_text(ada):
    text = "a" * 10_000_000

    response = send(ada, "urlencoded", text)

    [words] = errors(response)
    assert words.endswith("You have 9,800,000 characters too many")
    assert text in response.content.decode()


def test_autosave_says_how_long_the_stored_text_is(ada):
    response = autosave(ada, "section-1", {"answer-1-1": "a\r\nb"})

    assert response.json()["fields"]["answer-1-1"]["length"] == 3
    assert Answer.objects.get().text == "a\nb"


@pytest.mark.parametrize("way", ["urlencoded", "multipart"])
@pytest.mark.parametrize("name", ["name", "organisation"])
@pytest.mark.parametrize("text", KEPT.values(), ids=KEPT)
def test_a_name_is_kept_as_one_line_or_refused_with_what_was_typed(
    ada, way, name, text
):
    response = send(ada, way, text, name=name, page="about-you/")

    line = " ".join(tidy(text).split())
    if len(line) > 200:
        assert "must be 200 characters or fewer" in errors(response)[0]
        assert getattr(Submission.objects.get(), name) == ""
    else:
        assert is_kept(response)
        assert getattr(Submission.objects.get(), name) == line
