"""Requests as no browser of ours sends them. Class H; H12 and H28 need a real server."""

import re
import time

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from keepitlocal.whole import CutOff, WholeBody

from .ways import URLENCODED, post_urlencoded

ADMIN_LIST = "/admin/submissions/submission/"


def test_h02_a_forwarded_host_is_ignored(ada):
    response = ada.client.get("/", headers={"X-Forwarded-Host": "evil.example"})

    assert response.status_code == 200
    assert "evil.example" not in response.content.decode()


def test_h04_a_forwarded_address_opens_and_closes_nothing(ada):
    response = ada.client.get(ada.url, headers={"X-Forwarded-For": "1.2.3.4"})

    assert response.status_code == 200


def test_h06_more_fields_than_a_form_has_get_a_page_of_ours(ada):
    fields = {f"field-{number}": "x" for number in range(1001)}

    response = ada.client.post(ada.url + "section/1/", fields)

    assert response.status_code == 400
    assert "We could not read that request" in response.content.decode()


def test_h08_what_stands_in_the_address_is_not_taken_for_the_form(ada):
    body = "answer-1-1=In+the+body&_end=1"

    post_urlencoded(ada, "section/1/?answer-1-1=In+the+address", body)

    assert ada.answers() == {"1.1": "In the body"}


def test_h14_a_part_in_base64_with_much_white_space_takes_no_time(ada):
    body = (
        '--b\r\nContent-Disposition: form-data; name="answer-1-1"\r\n'
        "Content-Transfer-Encoding: base64\r\n\r\n"
        f"{' ' * 4_000_000}eQ==\r\n--b--\r\n"
    )
    started = time.perf_counter()

    response = ada.client.generic(
        "POST", ada.url + "section/1/", body, "multipart/form-data; boundary=b"
    )

    # Not a measure of speed: with the fault it took minutes.
    assert time.perf_counter() - started < 10
    assert response.status_code == 422


WHOLE_FORM = (
    b'--b\r\nContent-Disposition: form-data; name="answer-1-1"\r\n\r\na\r\n'
    b'--b\r\nContent-Disposition: form-data; name="_end"\r\n\r\n1\r\n--b--\r\n'
)
OF_B = "multipart/form-data; boundary=b"
# What is posted as a section, and the status it is answered with.
BODIES = {
    "H09 no boundary": (WHOLE_FORM, "multipart/form-data", 400),
    "H09 another boundary": (WHOLE_FORM, "multipart/form-data; boundary=c", 422),
    "H10 boundary of 300 characters": (
        WHOLE_FORM,
        "multipart/form-data; boundary=" + "b" * 300,
        400,
    ),
    "H11 no end": (WHOLE_FORM[:-9], OF_B, 302),
    "H11 cut in the middle": (WHOLE_FORM[:70], OF_B, 422),
    "H11 headers of a part alone": (WHOLE_FORM[:40], OF_B, 422),
    "H11 no name": (WHOLE_FORM.replace(b"; name=", b"; nome="), OF_B, 422),
    "H11 bytes": (bytes(range(256)), OF_B, 422),
    "H13 nothing": (b"", OF_B, 422),
    "H13 nothing, urlencoded": (b"", URLENCODED, 422),
    "H15 a part with 100 headers": (
        b"--b\r\n" + b"X: y\r\n" * 100 + WHOLE_FORM[5:],
        OF_B,
        302,
    ),
    "H15 101 files": (
        b'--b\r\nContent-Disposition: form-data; name="files"; filename="a"\r\n\r\na\r\n'
        * 101
        + b"--b--\r\n",
        OF_B,
        400,
    ),
    "H07 a field twice": (b"answer-1-1=one&answer-1-1=two&_end=1", URLENCODED, 302),
    "H17 text": (WHOLE_FORM, "text/plain", 422),
    "H17 XML": (b"<a/>", "application/xml", 422),
    "H17 JSON": (b'{"answer-1-1": "a", "_end": "1"}', "application/json", 422),
    "H17 no type": (b"answer-1-1=a&_end=1", "", 422),
    "H23 semicolons": (b"answer-1-1=a;_end=1", URLENCODED, 422),
    "H23 only separators": (b"&&&===&&;", URLENCODED, 422),
}


def test_bodies_that_no_browser_sends_change_nothing_or_what_they_say(ada, counted):
    came = {}
    for name, (body, kind, _status) in BODIES.items():
        ada.submission.answers.all().delete()
        response = ada.client.generic("POST", ada.url + "section/1/", body, kind)
        came[name] = response.status_code
        said = b"Your connection was interrupted", b"We could not read that request"
        if response.status_code == 302:
            assert set(ada.answers().values()) <= {"a", "two"}, name
        else:
            assert any(words in response.content for words in said), name
            assert ada.answers() == {}, name

    counted(len(BODIES))
    assert came == {name: status for name, (_body, _kind, status) in BODIES.items()}


# What a browser does not send with a request for a page, and the status of the answer.
ASKED = {
    "H01 another host": ("/", {"HTTP_HOST": "evil.example"}, 400),
    "H01 a host that is none": ("/", {"HTTP_HOST": "a b\x01"}, 400),
    "H01 a host with a user": ("/", {"HTTP_HOST": "localhost@evil.example"}, 400),
    "H01 a host with a port": ("/", {"HTTP_HOST": "localhost:99999999"}, 200),
    "H03 the proxy's word for TLS": ("/", {"HTTP_X_FORWARDED_PROTO": "https"}, 200),
    "H03 another address": ("/", {"HTTP_X_ORIGINAL_URL": "/admin/"}, 200),
    "H03 another method": ("/", {"HTTP_X_HTTP_METHOD_OVERRIDE": "DELETE"}, 200),
    "H05 two lengths": ("/", {"HTTP_TRANSFER_ENCODING": "chunked"}, 200),
    "H17 range": ("/", {"HTTP_RANGE": "bytes=9-1,-5"}, 200),
    "H17 day that there is not": (
        "/",
        {"HTTP_IF_MODIFIED_SINCE": "Thu, 99 Xxx 99999 99:99:99 GMT"},
        200,
    ),
    "H17 languages": ("/", {"HTTP_ACCEPT_LANGUAGE": "x" * 3_000 + ";q=9e99"}, 200),
    "H19 cookie of another": ("/", {"HTTP_COOKIE": "session=../../etc/passwd"}, 200),
    "H19 cookie that is none": ("/", {"HTTP_COOKIE": "=;;a=\xff; session"}, 200),
    "H21 above": ("/../../etc/passwd", {}, 404),
    "H21 above, in percent": ("/%2e%2e/%2e%2e/etc/passwd", {}, 404),
    "H21 no UTF-8": ("/calls/%ff/", {}, 404),
    "H21 NUL": ("/calls/%00/", {}, 400),
    "H21 twice in percent": ("/calls/%2500/", {}, 404),
    "H21 two slashes": ("/calls//x/", {}, 404),
    "H21 folder of the code": ("/.git/config", {}, 404),
    "H25 words to find that hold a NUL": ("/calls/{slug}/responses/?q=%00", {}, 400),
    "H25 choice that there is not": ("/calls/{slug}/responses/?type=x", {}, 422),
    "H25 words to find, very long": (
        "/calls/{slug}/responses/?q=" + "a" * 3_000,
        {},
        422,
    ),
    "H27 parameters that nobody asks for": ("/?next=//evil.example&a=b&a=c", {}, 200),
}


def test_what_a_browser_does_not_ask_for_gets_a_page_of_ours(
    client, consultation, counted
):
    came, wrong = {}, []
    for name, (path, headers, _status) in ASKED.items():
        path, _mark, query = path.replace("{slug}", consultation.slug).partition("?")
        response = client.generic("GET", path, QUERY_STRING=query, **headers)
        came[name] = response.status_code
        if b"Keep it Local" not in response.content or b"evil" in response.content:
            wrong.append(name)

    counted(len(ASKED))
    assert came == {name: status for name, (_path, _head, status) in ASKED.items()}
    assert wrong == []


METHODS = ["PUT", "DELETE", "TRACE", "PATCH", "NONSENSE"]


def test_h16_other_methods_are_refused(ada, counted):
    pages = ["", "section/1/", "check/", "autosave/section-1/"]

    came = {
        (method, page): ada.client.generic(method, ada.url + page).status_code
        for method in METHODS
        for page in pages
    }

    counted(len(came))
    assert set(came.values()) == {405}


def test_h16_other_methods_are_refused_without_a_token_too(ada):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = ada.client.cookies

    came = {strict.generic(method, ada.url).status_code for method in METHODS}

    assert came == {405}


@pytest.mark.parametrize("size", [8_000, 70_000])
def test_h18_large_cookies_are_no_fault_of_ours(ada, size):
    ada.client.cookies["other"] = "c" * size

    assert ada.client.get(ada.url).status_code == 200


def test_h20_an_address_of_20_kilobytes_gets_a_page_of_ours(client, db):
    for address in ("/" + "a" * 20_000, "/?q=" + "a" * 20_000):
        response = client.get(address)

        assert response.status_code == 414
        assert "That address is too long" in response.content.decode()


def test_h22_of_two_keys_in_json_the_last_one_counts(ada):
    one = '{"text": "First", "was": "", "length": 5}'
    two = '{"text": "Second", "was": "", "length": 6}'
    was = ada.get("section/1/").context["form"].fields["answer-1-1"].was
    body = f'{{"fields": {{"answer-1-1": {one}, "answer-1-1": {two}}}}}'

    response = ada.client.post(
        ada.url + "autosave/section-1/",
        body.replace('"was": ""', f'"was": "{was}"'),
        content_type="application/json",
    )

    assert response.status_code == 200
    assert ada.answers() == {"1.1": "Second"}


@pytest.mark.parametrize("query", ["title=%00", "q=%00", "p=%00", "o=%00", "x\0=1"])
def test_h24_a_nul_in_a_filter_of_staff_is_refused(admin_client, db, query):
    response = admin_client.generic("GET", ADMIN_LIST, QUERY_STRING=query)

    assert response.status_code in (302, 400)


def test_h26_a_filter_that_the_list_does_not_offer_never_reaches_the_database(
    admin_client, consultation
):
    with CaptureQueriesContext(connection) as queries:
        response = admin_client.get(f"{ADMIN_LIST}?answers__text__regex=(a%2B)%2B$")

    assert response.status_code == 200
    assert [query for query in queries if "(a+)+$" in query["sql"]] == []


@pytest.mark.parametrize(
    "key", ["0" * 32, "nonsense", "%00", "../../etc/passwd", "9" * 80]
)
def test_an_address_of_no_response_is_not_found(client, consultation, key):
    assert client.get(f"/evidence/{key}/").status_code in (400, 404)


@pytest.mark.parametrize(
    "number", ["0", "9", "-1", "1e3", "99999999999999999999", "１"]
)
def test_a_section_that_there_is_not_is_not_found(ada, number):
    assert ada.get(f"section/{number}/").status_code == 404


def test_a_form_beyond_every_limit_gives_its_text_back(ada, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10_000
    text = "An evening's work. " * 1000

    response = post_urlencoded(ada, "section/1/", f"answer-1-4={text}&_end=1")

    page = response.content.decode()
    assert response.status_code == 413
    assert "This was too long to send" in page
    assert "Question 1.4" in page
    assert page.count("An evening&#x27;s work.") == 1000


def test_an_autosave_beyond_every_limit_is_told_so(ada, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10_000

    response = ada.client.post(
        ada.url + "autosave/section-1/",
        '{"fields": {}}' + " " * 10_000,
        content_type="application/json",
    )

    assert response.status_code == 413


class Body:
    """A body of which only a part arrives."""

    def __init__(self, whole, arrives):
        self.left = whole[:arrives]

    def read(self, size=-1):
        size = len(self.left) if size < 0 else size
        read, self.left = self.left[:size], self.left[size:]
        return read

    def readline(self, size=-1):
        line = re.match(rb"[^\n]*\n?", self.left)[0]
        return self.read(len(line) if size < 0 else min(size, len(line)))


WHOLE = b"one\ntwo\nthree"


def body_seen_by_the_application(arrives, read):
    seen = []
    application = WholeBody(lambda environ, _start: seen.append(environ["wsgi.input"]))
    environ = {
        "CONTENT_LENGTH": str(len(WHOLE)),
        "wsgi.input": Body(WHOLE, arrives),
    }
    application(environ, None)
    return read(seen[0])


def by_lines(body):
    return b"".join(iter(body.readline, b""))


def in_pieces(body):
    return b"".join(iter(lambda: body.read(4), b""))


@pytest.mark.parametrize("read", [lambda body: body.read(), by_lines, in_pieces])
def test_a_whole_body_is_read_as_it_is(read):
    assert body_seen_by_the_application(len(WHOLE), read) == WHOLE


@pytest.mark.parametrize("read", [lambda body: body.read(), by_lines, in_pieces])
@pytest.mark.parametrize("arrives", range(len(WHOLE)))
def test_a_body_that_was_cut_off_anywhere_is_not_read(arrives, read):
    with pytest.raises(CutOff):
        body_seen_by_the_application(arrives, read)
