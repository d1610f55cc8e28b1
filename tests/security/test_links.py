"""Links that stand for a password: nothing but the whole one opens, and only by a button."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from keepitlocal.sessions import hash_of
from submissions import emails
from tests.stored import everything_stored

SCANNERS = ["104.47.0.1", "66.102.0.1", "17.58.0.1"]


def with_one_bit_turned(token):
    """Yield all tokens that differ from this one in one bit."""
    whole = urlsafe_b64decode(token + "=")
    for bit in range(len(whole) * 8):
        turned = bytearray(whole)
        turned[bit // 8] ^= 1 << bit % 8
        yield urlsafe_b64encode(turned).decode().rstrip("=")


def test_a_link_with_any_bit_turned_opens_nothing(mailed, client):
    tokens = list(with_one_bit_turned(mailed))

    statuses = [client.post(f"/resume/{token}/").status_code for token in tokens]

    assert statuses == [404] * 256
    assert client.post(f"/resume/{mailed}/").status_code == 302


def test_nothing_in_the_database_takes_up_a_session(ada, mailed):
    name = settings.SESSION_COOKIE_NAME
    key = ada.client.cookies[name].value
    words = set(re.findall(r"\w{20,}", everything_stored()))
    answers = set()
    for word in words:
        thief = Client()
        thief.cookies[name] = word
        answers.add(thief.get(ada.url).status_code)

    assert key not in words
    # As a row names it.
    assert hash_of(key) in words
    assert answers == {404}


def test_nothing_in_the_database_is_a_link(mailed, client):
    stored = everything_stored()
    candidates = set(re.findall(r"[\w-]{40,}", stored))

    statuses = {client.post(f"/resume/{one}/").status_code for one in candidates}

    assert mailed not in stored
    # The hash of the link's token is among them.
    assert any(re.fullmatch("[0-9a-f]{64}", one) for one in candidates)
    assert statuses == {404}


def test_a_token_opens_what_it_was_made_for_and_nothing_else(mailed, draft, client):
    stop = emails.stop_token(draft)

    wrong = [f"/resume/{stop}/", f"/reminders/{mailed}/"]

    assert [client.post(address).status_code for address in wrong] == [404, 404]
    assert client.post(f"/reminders/{stop}/").status_code == 200


def test_mail_scanners_change_nothing_and_the_person_gets_in(mailed, draft):
    for visit in range(20):
        scanner = Client(REMOTE_ADDR=SCANNERS[visit % 3])
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert scanner.head(f"/resume/{mailed}/").status_code == 200
            assert scanner.get(f"/resume/{mailed}/").status_code == 200
        verbs = {query["sql"].split()[0] for query in asked.captured_queries}
        # Nothing is written, so nothing can be used up.
        assert verbs == {"SELECT"}
        assert scanner.get(f"/evidence/{draft.key}/").status_code == 404

    person = Client()
    opened = person.post(f"/resume/{mailed}/")

    assert person.get(opened.url).status_code == 200
    assert mailed not in opened.url


def test_a_known_and_an_unknown_address_take_the_same_way(mailed, client):
    # The first of the hour makes the row that counts.
    client.post("/resume/", {"email": "first@nowhere.example", "_end": "1"})
    ways, pages = [], []
    for address in ("ada@riverside.example", "eve@nowhere.example"):
        with CaptureQueriesContext(connection) as asked:
            answer = client.post("/resume/", {"email": address, "_end": "1"})
        texts = [query["sql"] for query in asked.captured_queries]
        # What is asked, without what is asked for.
        ways.append([re.sub(r"'[^']*'|\d+", "?", text) for text in texts])
        pages.append((answer.status_code, answer.url, answer.content))

    assert ways[0] == ways[1]
    assert pages[0] == pages[1]
