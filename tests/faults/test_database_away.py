"""F8, F9: a PostgreSQL that ends connections, restarts or refuses. Nothing typed is lost."""

import html
import json
import re
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client

from submissions.models import Answer
from tests.staff import sign_in

from .conftest import SYNC, THREADS, gunicorn
from .respondents import MULTIPART, SAVED, URLENCODED, Writer, multipart, status

ROUNDS = 25
TEXT = 'In 2009 we had "eleven" agreements – today <three> 🏡.\n' * 30


@pytest.fixture
def writer(environment, database_proxy, consultation):
    with gunicorn(environment, *THREADS) as web:
        yield Writer(web.url)


def fields_in(page):
    """What the button of a page would send."""
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
    long = re.findall(
        r'<textarea [^>]*name="([^"]+)">&#10;(.*?)</textarea>', page, re.S
    )
    return {name: html.unescape(text) for name, text in hidden + long}


def test_f9_a_form_comes_back_whole_and_one_button_sends_it(writer, database_proxy):
    """F9: refused. The page says what is safe, and heals with the database."""
    form = {"answer-1-1": TEXT, "go": "contents", "_end": "1"}
    body = {"csrfmiddlewaretoken": writer.cookies["csrf"]} | form
    database_proxy.refuse()

    pages = [
        writer.ask("POST", writer.page, urlencode(body)),
        writer.ask("POST", writer.page, multipart(body), MULTIPART),
    ]

    for page in pages:
        assert status(page) == 503
        assert "Retry-After: 15" in page
        assert "What you saved before is safe" in page
        given_back = fields_in(page)
        assert given_back.pop("csrfmiddlewaretoken")
        assert given_back == form
    database_proxy.mend()
    assert Answer.objects.get().text == SAVED
    again = fields_in(pages[0])
    assert status(writer.ask("POST", writer.page, urlencode(again))) == 302
    assert Answer.objects.get().text == TEXT


def test_f9_pages_and_autosave_say_so_each_in_its_own_way(writer, database_proxy):
    """F9: whoever reads gets a page, the writing page's script an answer in JSON."""
    grace = get_user_model().objects.create_superuser("grace")
    staff = sign_in(Client(), grace)
    field = {"text": TEXT, "was": "", "length": len(TEXT)}
    database_proxy.refuse()

    read = writer.ask("GET", "/")
    saved = writer.ask(
        "POST",
        writer.autosave,
        json.dumps({"fields": {"answer-1-1": field}}),
        "application/json",
    )
    writer.cookies["session"] = staff.cookies["session"].value
    at_work = writer.ask("GET", "/admin/submissions/submission/?q=what+we+need")

    assert [status(answer) for answer in (read, saved, at_work)] == [503] * 3
    assert "We are having a problem" in read
    assert json.loads(saved.partition("\r\n\r\n")[2]) == {
        "error": "We could not save just now. Your text is still on the page."
    }
    assert 'href="/admin/submissions/submission/?q=what+we+need"' in at_work


def test_f9_a_form_from_elsewhere_is_not_given_back(writer, database_proxy):
    database_proxy.refuse()
    writer.cookies["csrf"] = ""
    body = urlencode({"answer-1-1": TEXT})

    answer = writer.send(
        writer.head(
            "POST",
            writer.page,
            URLENCODED,
            "Origin: https://elsewhere.example",
            f"Content-Length: {len(body)}",
        )
        + body.encode()
    )

    assert status(answer) == 403
    assert "eleven" not in answer


def test_f8_ended_connections_lose_nothing(environment, consultation):
    """F8: all connections are ended, again and again, while three people read and write."""
    with gunicorn(environment, *SYNC) as web, ThreadPoolExecutor() as people:
        writers = [Writer(web.url) for _ in range(3)]
        working = [people.submit(work, writer) for writer in writers]
        times = 0
        while not all(one.done() for one in working):
            end_connections()
            times += 1
            time.sleep(0.15)
        seen = sum((one.result() for one in working), Counter())

    print(f"{seen.total()} requests, all connections ended {times} times: {dict(seen)}")
    assert seen.keys() <= {("GET", 200), ("POST", 302), ("GET", 503), ("POST", 503)}
    last = {answer.submission.key: answer.text for answer in answers()}
    assert last == {writer.key: f"{ROUNDS - 1}: {TEXT}" for writer in writers}


def work(writer):
    """Save text upon text, as a person who presses the button of our page would."""
    seen = Counter()
    for number in range(ROUNDS):
        seen["GET", status(writer.ask("GET", writer.page))] += 1
        answer = writer.save(f"{number}: {TEXT}")
        while status(answer) != 302:
            seen["POST", status(answer)] += 1
            again = urlencode(fields_in(answer))
            answer = writer.ask("POST", writer.page, again)
        seen["POST", 302] += 1
    return seen


def end_connections():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def answers():
    return Answer.objects.select_related("submission")
