"""What holds on every page, and the pages that nobody asks for."""

import datetime as dt
import logging
from contextlib import closing
from io import StringIO

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.test import Client

from keepitlocal.celery import app


@pytest.fixture
def client_with_csrf(consultation):
    return Client(enforce_csrf_checks=True)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("get", "/", 200),
        ("head", "/", 200),
        ("post", "/", 405),
        ("get", "/nowhere/", 404),
        ("get", "/?q=%00", 400),
        ("get", "/admin/login/", 200),
        ("get", "/static/portal.css", 200),
        ("get", "/healthz/", 200),
        ("get", "/healthz/outbox/", 200),
        ("options", "/resume/", 405),
    ],
)
def test_every_answer_carries_the_same_protection(
    client, consultation, method, path, status
):
    if path.startswith("/static/"):
        path = call_page_style(client)

    response = getattr(client, method)(path)

    assert response.status_code == status
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in response["Permissions-Policy"]
    assert response["Cache-Control"] != ""
    response.close()


def call_page_style(client):
    page = client.get("/").content.decode()
    return page.split('<link rel="stylesheet" href="')[1].split('"')[0]


def test_pages_are_not_cached_and_static_files_are(client, consultation):
    assert client.get("/")["Cache-Control"] == "no-store"
    with closing(client.get(call_page_style(client))) as style:
        assert "immutable" in style["Cache-Control"]


def test_a_missing_page_says_so_in_words(client, db):
    page = client.get("/nowhere/").content.decode()

    assert "We cannot find that page" in page


def test_a_fault_of_ours_says_what_is_safe(consultation, monkeypatch):
    monkeypatch.setattr("submissions.views.public.show_call", lambda *_: 1 / 0)
    client = Client(raise_request_exception=False)

    response = client.get("/")

    assert response.status_code == 500
    assert "What you saved before is safe" in response.content.decode()


def test_text_in_a_page_that_grew_too_old_is_given_back(client_with_csrf):
    text = 'A "long" answer </textarea><script>alert(1)</script>\n\nwith lines'

    response = client_with_csrf.post(
        "/resume/", {"answer-1-1": text, "email": "a@b.example"}
    )

    page = response.content.decode()
    assert response.status_code == 403
    assert "A &quot;long&quot; answer &lt;/textarea&gt;&lt;script&gt;" in page
    assert '<input type="hidden" name="email" value="a@b.example">' in page


def test_a_page_that_grew_too_old_can_be_sent_again(ada):
    ada.client.handler.enforce_csrf_checks = True
    text = "My answer,\nin two lines"

    refused = ada.post("section/1/", answer__1__1=text)
    token = refused.content.decode().split('csrfmiddlewaretoken" value="')[1]
    ada.post("section/1/", answer__1__1=text, csrfmiddlewaretoken=token.split('"')[0])

    assert ada.answers() == {"1.1": text}


def test_a_form_on_another_site_is_told_nothing(client_with_csrf):
    response = client_with_csrf.post(
        "/resume/", {"email": "a@b.example"}, HTTP_ORIGIN="https://evil.example"
    )

    assert response.status_code == 403
    assert "a@b.example" not in response.content.decode()


def test_a_form_that_arrived_in_part_changes_nothing(ada):
    ada.post("section/1/", answer__1__1="The whole answer")

    response = ada.client.post(
        ada.url + "section/1/", {"answer-1-1": "The who", "go": "contents"}
    )

    assert response.status_code == 422
    assert "Your connection was interrupted" in response.content.decode()
    assert "The who" in response.content.decode()
    assert ada.answers() == {"1.1": "The whole answer"}


def test_links_are_never_built_from_the_host_header(client, consultation):
    response = client.get("/", headers={"host": "evil.example"})

    assert response.status_code == 400


def test_the_log_shows_no_token_even_in_a_traceback():
    out = StringIO()
    logger = logging.getLogger("a.test.of.the.log")
    # The handler as the settings make it, on another stream.
    handler = logging.StreamHandler(out)
    handler.setFormatter(logging.root.handlers[0].formatter)
    logger.addHandler(handler)

    try:
        raise LookupError("/resume/s3cret/")
    except LookupError:
        logger.exception("Not Found: %s", "/reminders/s3cret/stop/")

    logger.removeHandler(handler)
    assert "Not Found: /reminders/…/stop/" in out.getvalue()
    assert "LookupError: /resume/…/" in out.getvalue()
    assert "s3cret" not in out.getvalue()


def test_no_migration_is_missing(db):
    call_command("makemigrations", check=True, dry_run=True, stdout=StringIO())


def test_the_beat_rings_only_bells_that_there_are():
    scheduled = {entry["task"] for entry in app.conf.beat_schedule.values()}
    # As a worker does when it starts.
    app.loader.import_default_modules()

    assert scheduled == {
        "outbox.tasks.deliver_due",
        "outbox.tasks.plan",
        "review.tasks.make_exports",
    }
    assert scheduled <= set(app.tasks)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8000"])
def test_health_can_be_asked_for_on_the_machine_itself(client, db, host):
    assert client.get("/healthz/", headers={"host": host}).status_code == 200


def test_health_does_not_say_who_has_a_draft(client, db):
    assert client.get("/healthz/outbox/").json() == {
        "oldest_due_seconds": 0,
        "undelivered": {},
        "is_circuit_open": False,
    }


def test_what_is_typed_after_the_session_ran_out_is_given_back(ada, client):
    ada.client.cookies.clear()

    response = ada.post("section/1/", answer__1__4="An evening's work")

    page = response.content.decode()
    assert response.status_code == 404
    assert "This browser no longer holds your response" in page
    assert "Question 1.4" in page
    assert "An evening&#x27;s work" in page


def test_writing_keeps_the_session_alive(ada):
    [before] = Session.objects.values_list("expire_date", flat=True)
    Session.objects.update(expire_date=before - dt.timedelta(days=2))

    ada.get("section/1/")
    assert Session.objects.get().expire_date < before
    ada.post("section/1/", answer__1__4="On and on")

    assert Session.objects.get().expire_date > before


def test_writing_all_day_renews_the_session_once(ada):
    [before] = Session.objects.values_list("expire_date", flat=True)

    ada.post("section/1/", answer__1__4="On and on")

    assert Session.objects.get().expire_date == before


def test_a_password_in_a_page_that_grew_too_old_is_not_given_back(client_with_csrf):
    response = client_with_csrf.post(
        "/admin/login/", {"username": "grace", "password": "a long enough password"}
    )

    assert response.status_code == 403
    assert "a long enough password" not in response.content.decode()


def test_a_form_cut_off_on_its_way_is_not_made_whole(client_with_csrf):
    response = client_with_csrf.post("/resume/", {"email": "a@b.example"})

    assert 'name="_end"' not in response.content.decode()
