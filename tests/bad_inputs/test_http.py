"""Requests as no browser of ours sends them. Class H; H12 and H28 need a real server."""

import re
import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from keepitlocal.whole import CutOff, WholeBody

from .ways import post_urlencoded

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


def test_h10_a_boundary_of_300_characters_gets_a_page_of_ours(ada):
    boundary = "b" * 300

    response = ada.client.generic(
        "POST",
        ada.url + "section/1/",
        f"--{boundary}--\r\n",
        f"multipart/form-data; boundary={boundary}",
    )

    assert response.status_code == 400
    assert "We could not read that request" in response.content.decode()


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


@pytest.mark.parametrize("method", ["PUT", "DELETE", "TRACE", "PATCH", "NONSENSE"])
@pytest.mark.parametrize("page", ["", "section/1/", "check/", "autosave/section-1/"])
def test_h16_other_methods_are_refused(ada, method, page):
    response = ada.client.generic(method, ada.url + page)

    assert response.status_code == 405


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
