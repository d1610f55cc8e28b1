"""Texts that break other portals. Class T; the numbers are those of the list we keep to."""

import html
import json
import logging
import uuid
from urllib.parse import urlencode

import pytest

from consultations.models import Question
from submissions.models import Answer

from .ways import (
    WAYS,
    autosave,
    autosave_json,
    differing,
    errors,
    kept,
    outcome,
    post_as,
    post_urlencoded,
    refused,
    send,
)

CHARACTER = "Your answer contains a character we cannot store. Remove it and try again"
LIMIT = 200_000


def too_long(by):
    characters = "character" if by == "1" else "characters"
    return refused(
        "Your answer must be 200,000 characters or fewer. "
        f"You have {by} {characters} too many"
    )


def to_the_letter(text):
    return text, kept(text)


TEXTS = {
    "T01 NUL": ("before\0after", refused(CHARACTER)),
    "T01 NUL alone": ("\0", refused(CHARACTER)),
    "T02 line ends of Windows": ("a\r\nb\r\n", kept("a\nb\n")),
    "T02 line ends of old": ("a\rb\r\rc", kept("a\nb\n\nc")),
    "T02 line ends of every kind": ("a\r\n\n\r\r\nb", kept("a\n\n\n\nb")),
    "T03 C0 controls from Word": ("a\x01b\x08c\x0bd\x1be", kept("abcde")),
    "T03 page end": ("a\x0cb", kept("ab")),
    "T04 C1 controls": ("a\x80b\x85c\x9fd", kept("abcd")),
    "T04 delete": ("a\x7fb", kept("ab")),
    "T04 tab stays": to_the_letter("a\tb"),
    "T04 controls alone are no answer": ("\x01\x1b\x80", kept("")),
    "T06 letters of every plane": to_the_letter("é語𝒳🏡\U0010fffd"),
    "T06 what is no character": to_the_letter("a\ufffeb\uffffc\U0001ffff"),
    "T06 private use": to_the_letter("\ue000\uf8ff"),
    "T08 mark of what could not be read": to_the_letter("a\ufffdb"),
    "T10 byte order mark": to_the_letter("\ufeffa"),
    "T12 composed and decomposed": to_the_letter("é e\u0301 ﬁ Å \u212b"),
    "T14 emoji of several code points": to_the_letter("👩‍👩‍👧 🏴󠁧󠁢󠁷󠁬󠁳󠁿 👍🏽 🇬🇧"),
    "T15 fifty marks on a letter": to_the_letter("Z" + "\u0301" * 50 + "a"),
    "T16 right to left": to_the_letter("a\u202eb\u202c \u2067c\u2069 שלום"),
    "T17 of no width": ("\u200b\u200b", kept("")),
    "T17 joiners and soft hyphens": ("\u200d\u2060\xad\ufeff", kept("")),
    "T18 fillers": ("\u3164\u115f\u1160\uffa0\u2800\u034f\ufe0f", kept("")),
    "T19 no-break spaces": ("\xa0\u202f\u2007", kept("")),
    "T20 spaces, tabs and lines": (" \n\t \r\n", kept("")),
    "T20 nothing": ("", kept("")),
    "T20 space around a text": to_the_letter("  a \n\n"),
    "T21 line separators": to_the_letter("one\u2028two\u2029three"),
    "T22 quotes and dashes": to_the_letter("“It’s” – ‘so’ — … £5 €5 \"'"),
    "T23 200,000 characters": to_the_letter("a" * LIMIT),
    "T24 200,000 emoji": to_the_letter("🏡" * LIMIT),
    "T26 limit counted after line ends": (
        "a\r\n" * (LIMIT // 2),
        kept("a\n" * 100_000),
    ),
    "T27 one character too many": ("a" * (LIMIT + 1), too_long("1")),
    "T28 controls do not count": ("a" * LIMIT + "\x01\x02", kept("a" * LIMIT)),
    "T28 line ends one too many": ("\r\n" * LIMIT + "a", too_long("1")),
    "T29 one emoji too many": ("🏡" * (LIMIT + 1), too_long("1")),
    "T30 one word of 100,000 letters": to_the_letter("w" * 100_000),
    "T31 100,000 lines": to_the_letter("a\n" * 99_999 + "a"),
    "T32 script": to_the_letter("<script>alert(1)</script>"),
    "T32 end of the box": to_the_letter("</textarea></form><script>x</script>"),
    "T32 entities": to_the_letter("&lt;b&gt; &amp;amp; &#0; &nbsp;"),
    "T33 markup": to_the_letter('`"><img src=x onerror=alert(1)>'),
    "T34 SQL": to_the_letter("'; DROP TABLE submissions_answer; --"),
    "T34 comment and CDATA": to_the_letter("<!-- --> ]]> <![CDATA[ %} {# #}"),
    "T35 template tags": to_the_letter("{{7*7}} {% debug %} ${7*7} #{7*7}"),
    "T36 Markdown": to_the_letter("[x](javascript:alert(1)) **b** # c"),
    "T36 addresses": to_the_letter("https://x.example/?a=b&c=%00 mailto:a@b.example"),
    "T37 formula": to_the_letter("=HYPERLINK(1)"),
    "T37 plus": to_the_letter("+1"),
    "T37 minus": to_the_letter("-1"),
    "T37 at": to_the_letter("@SUM(A1)"),
    "T37 tab first": to_the_letter("\t=1"),
    "T37 line end first": ("\r=1", kept("\n=1")),
    "T38 headers of an email": (
        "a\r\nBcc: eve@x.example",
        kept("a\nBcc: eve@x.example"),
    ),
    "T39 formats": to_the_letter("%s %n %(a)s {0.__class__} {} \\x41 \\u0041"),
    "T40 paths": to_the_letter("../../etc/passwd C:\\aux file:///etc/passwd"),
    "T40 words of programs": to_the_letter("null None undefined NaN true 0 -0 []"),
    "T40 percent": to_the_letter("100% %20 %00 +"),
    "T41 ten megabytes": ("a" * 10_000_000, too_long("9,800,000")),
    "T42 what the form itself sends": to_the_letter("_end=1&answer-1-2=x"),
}


@pytest.fixture
def question(ada):
    return Question.objects.get(code="1.1")


@pytest.mark.parametrize("way", WAYS)
def test_every_text_is_kept_to_the_letter_or_refused_and_given_back(
    ada, question, way, counted
):
    def sent(text):
        answers = Answer.objects.filter(submission=ada.submission)
        answers.delete()
        Answer.objects.create(
            submission=ada.submission, question=question, text="Before"
        )
        response = send(ada, way, {"answer-1-1": text}, was={"answer-1-1": "Before"})
        return outcome(
            response, text, lambda: "".join(a.text for a in answers.all()), "Before"
        )

    assert differing(TEXTS, sent, counted) == {}


NAMES = {
    "200 characters": to_the_letter("a" * 200),
    "201 characters": to_the_letter("a" * 201),
    "200 emoji": to_the_letter("🏡" * 200),
    "lines between": to_the_letter("Ada\n\n O'Brien\t,\xa0 Riverside "),
}


def as_a_line(text, comes):
    """Return what must come of a text in a box for a name: one line, 200 characters."""
    if comes[0] == "refused" and "\0" in text:
        return comes
    line = " ".join(as_kept(text).split())
    excess = len(line) - 200
    if excess > 0:
        return refused(
            "Your name must be 200 characters or fewer. "
            f"You have {excess:,} character{'s' * (excess > 1)} too many"
        )
    return kept(line)


def as_kept(text):
    """Return a text as the table says it is kept, or as it was sent if it is too long."""
    comes = next(comes for sent, comes in (TEXTS | NAMES).values() if sent == text)
    return comes[1] if comes[0] == "kept" else text


@pytest.mark.parametrize("way", WAYS)
def test_every_text_in_a_box_for_a_name_is_one_line(ada, way, counted):
    table = {
        name: (text, as_a_line(text, comes))
        for name, (text, comes) in (TEXTS | NAMES).items()
        # One that is far too long for a name is as good as many.
        if len(text) < 1000 or name.startswith("T23")
    }

    def sent(text):
        ada.submission.name = "Before"
        ada.submission.save(update_fields=["name"])
        response = send(ada, way, {"name": text}, "about-you", was={"name": "Before"})
        return outcome(response, text, lambda: ada.saved().name, "Before")

    assert differing(table, sent, counted) == {}


# What no form of a browser sends: bytes, and what is said about them.
BYTES = {
    "T07 surrogate": ("answer-1-1=a%ED%A0%80b&_end=1", "", "a\ufffd\ufffd\ufffdb"),
    "T09 overlong": ("answer-1-1=a%C0%AFb&_end=1", "", "a\ufffd\ufffdb"),
    "T08 half a character": ("answer-1-1=a%E2%82&_end=1", "", "a\ufffd"),
    "T08 letters of Windows": ("answer-1-1=a%A3%E9&_end=1", "", "a\ufffd\ufffd"),
    "T10 raw bytes": ("answer-1-1=\u00e9&_end=1".encode(), "", "é"),
    "T13 charset that there is not": (
        "answer-1-1=%C3%A9&_end=1",
        "; charset=bogus",
        "é",
    ),
    "T13 charset in capitals": ("answer-1-1=%C3%A9&_end=1", "; charset=UTF-8", "é"),
    "T14 percent that escapes nothing": ("answer-1-1=%zz%&_end=1", "", "%zz%"),
}


def test_bytes_that_are_no_text_are_kept_as_marks(ada, counted):
    def sent(body, charset):
        Answer.objects.all().delete()
        return post_urlencoded(ada, "section/1/", body, charset).status_code, (
            ada.answers().get("1.1")
        )

    came = {name: sent(*row[:2]) for name, row in BYTES.items()}

    counted(len(BYTES))
    assert came == {
        name: (302, text) for name, (_body, _charset, text) in BYTES.items()
    }


def test_t07_marks_for_bytes_are_logged_and_nothing_else_is(ada, caplog):
    caplog.set_level(logging.WARNING)

    post_urlencoded(ada, "section/1/", BYTES["T07 surrogate"][0])

    assert "replacement character" in caplog.text
    assert "/evidence/" not in caplog.text


CHARSETS = ["utf-16", "utf-7", "latin-1", "hex", "zip", "rot13", "idna", "undefined"]


@pytest.mark.parametrize("kind", ["urlencoded", "multipart"])
def test_t11_another_charset_is_answered_with_our_page(ada, kind, counted):
    body = "answer-1-1=a&_end=1"
    if kind == "multipart":
        body = MULTIPART
    came = {}
    for charset in CHARSETS:
        content_type = f"{TYPES[kind]}; charset={charset}"
        response = post_as(ada, "section/1/?q=1", body, content_type)
        page = response.content.decode()
        came[charset] = response.status_code, "We could not read that request" in page

    counted(len(CHARSETS))
    assert came == dict.fromkeys(CHARSETS, (400, True))
    assert ada.answers() == {}


TYPES = {
    "urlencoded": "application/x-www-form-urlencoded",
    "multipart": "multipart/form-data; boundary=b",
}
MULTIPART = (
    '--b\r\nContent-Disposition: form-data; name="answer-1-1"\r\n\r\na\r\n'
    '--b\r\nContent-Disposition: form-data; name="_end"\r\n\r\n1\r\n--b--\r\n'
)

FIELD = '{"fields": {"answer-1-1": %s}}'
TEXT = '{"text": %s, "was": "", "length": %s}'
JSON = {
    "T02 NUL": (FIELD % TEXT % (r'"\u0000"', 1), 422),
    "T05 high surrogate alone": (FIELD % TEXT % (r'"\ud800"', 1), 400),
    "T05 low surrogate alone": (FIELD % TEXT % (r'"\udc00"', 1), 400),
    "T05 surrogates the wrong way round": (FIELD % TEXT % (r'"\udc00\ud800"', 2), 400),
    "T05 surrogate in a name": (
        FIELD.replace("1-1", r"\ud800") % TEXT % ('""', 0),
        404,
    ),
    "T05 NUL in a name": (FIELD.replace("1-1", r"\u0000") % TEXT % ('""', 0), 404),
    "T06 raw bytes that are no UTF-8": (b'{"fields": "\xff\xfe"}', 400),
    "T12 UTF-16": ((FIELD % TEXT % ('"a"', 1)).encode("utf-16"), 409),
    "text that is a number": (FIELD % TEXT % ("7", 1), 400),
    "text that is a list": (FIELD % TEXT % ('["a"]', 1), 400),
    "text that is nothing": (FIELD % TEXT % ("null", 0), 400),
    "length that is another": (FIELD % TEXT % ('"abc"', 2), 400),
    "length that is a truth": (FIELD % TEXT % ('"abc"', "true"), 400),
    "a key too many": (FIELD % '{"text": "", "was": "", "length": 0, "id": 1}', 400),
    "a key too few": (FIELD % '{"text": "", "length": 0}', 400),
    "no field of the page": (FIELD.replace("1-1", "2-1") % TEXT % ('""', 0), 404),
    "finished, which is no text": (
        FIELD.replace("answer-1-1", "finished") % TEXT % ('""', 0),
        404,
    ),
    "fields that are a list": ('{"fields": []}', 400),
    "fields that are a text": ('{"fields": "abc"}', 400),
    "no fields": ("{}", 400),
    "a list": ("[]", 400),
    "a number": ("7", 400),
    "nothing": ("", 400),
    "half": ('{"fields": {"answer', 400),
    "NaN": (FIELD % TEXT % ('"a"', "NaN"), 400),
    "100,000 brackets deep": ("[" * 100_000, 400),
    "100,000 braces deep": ('{"a":' * 100_000, 400),
    "51 fields": (
        json.dumps(
            {
                "fields": {
                    f"f{n}": {"text": "", "was": "", "length": 0} for n in range(51)
                }
            }
        ),
        400,
    ),
}


def test_json_that_no_page_of_ours_sends_is_refused_in_words(ada, counted):
    came = {}
    for name, (body, _status) in JSON.items():
        response = autosave_json(ada, "section-1", body)
        came[name] = response.status_code
        if response.status_code == 400:
            assert "Your text is still on the page" in response.json()["error"]

    counted(len(JSON))
    assert came == {name: status for name, (_body, status) in JSON.items()}
    assert ada.answers() == {}


@pytest.mark.parametrize("text", ["\u200b\u200b", "\xa0", "\u3164"])
def test_t17_a_required_text_that_shows_nothing_is_asked_for(ada, text):
    response = ada.post(f"items/{uuid.uuid4()}/", title=text, place="Halifax")

    assert errors(response) == ["Enter a title"]
    assert "Halifax" in response.content.decode()


@pytest.mark.parametrize("letter", ["語", "🏡"])
@pytest.mark.parametrize("way", ["urlencoded", "multipart"])
def test_t25_two_of_the_longest_answers_are_kept(ada, way, letter):
    text = letter * LIMIT
    fields = {"answer-1-1": text, "answer-1-2": text, "_end": "1"}
    if way == "multipart":
        response = ada.client.post(ada.url + "section/1/", fields)
    else:
        response = post_urlencoded(ada, "section/1/", urlencode(fields))

    assert response.status_code == 302
    assert ada.answers() == {"1.1": text, "1.2": text}


def test_t31_staff_read_100_000_lines(ada, admin_client):
    ada.post("about-you/", name="Ada", publication="not")
    send(ada, "urlencoded", {"answer-1-1": "a\n" * 100_000})
    ada.post("check/")

    page = admin_client.get(
        f"/admin/submissions/submission/{ada.submission.pk}/change/"
    )

    assert page.status_code == 200
    assert "a\n" * 100_000 in page.content.decode()


SHOWN = [
    "T32 script",
    "T32 end of the box",
    "T32 entities",
    "T33 markup",
    "T35 template tags",
]


def test_t33_markup_is_shown_as_text_wherever_it_is_read(ada, admin_client, counted):
    text = "\n".join(TEXTS[name][0] for name in SHOWN)
    ada.post("about-you/", name=" ".join(text.split()), publication="with-name")
    send(ada, "urlencoded", {"answer-1-1": text})
    own = ["section/1/", "check/", "about-you/"]
    pages = [ada.get(page).content.decode() for page in own]
    ada.post("check/")
    pages += [ada.get(page).content.decode() for page in ["sent/", "copy/"]]
    url = f"/admin/submissions/submission/{ada.submission.pk}/change/"
    pages += [admin_client.get(url).content.decode()]

    counted(len(SHOWN))
    for page in pages:
        assert "<img src=x" not in page
        assert "<script>alert" not in page
    for page in (pages[0], pages[1], pages[-2], pages[-1]):
        assert " ".join(text.split()) in " ".join(html.unescape(page).split())


def test_autosave_says_how_long_the_stored_text_is(ada):
    response = autosave(ada, "section-1", {"answer-1-1": "a\r\nb"}, {})

    assert response.json()["fields"]["answer-1-1"]["length"] == 3
    assert Answer.objects.get().text == "a\nb"
