"""The portal as whoever runs it sees it: its log, its health and its figures."""

import json
import socket
from contextlib import ExitStack, closing
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection

from keepitlocal.models import Duty
from outbox.models import OutgoingEmail, State
from outbox.services import kick
from submissions.models import Submission
from tests.outbox.enqueued import enqueued
from tests.staff import sign_in
from tests.watching.surfing import Surfer, link_in

from .conftest import answers, free_port, running, wait_until

TOKEN = "a-token-for-prometheus"
# In everything that anybody types. Nothing with it may be in a log.
MARK = "Zebra7"
ADDRESS = f"{MARK}.ada@riverside.example"
NUMBER = "sent-by-the-proxy-1"

PROGRAMS = {
    "web": ["gunicorn", "--config=deploy/gunicorn.conf.py", "keepitlocal.wsgi"],
    "worker": ["celery", "--quiet", "-A", "keepitlocal.celery", "worker", "-B", "-c1"],
    "outbox": ["manage", "run_outbox", "--loop", "--every=0.5"],
}


@pytest.fixture
def portal(request, environment, consultation, tmp_path):
    """The programs as in production, where they answer, and what each has logged."""
    programs = getattr(request, "param", PROGRAMS)
    port = free_port()
    url = f"http://localhost:{port}"
    environment |= {
        "BIND": f"127.0.0.1:{port}",
        "SITE_URL": url,
        "WEB_WORKERS": "2",
        "LOG_FORMAT": "json",
        "METRICS_TOKEN": TOKEN,
        "RELEASE": "abc1234",
    }
    portal = SimpleNamespace(url=url, logs={})
    with ExitStack() as stack:
        for name in programs:
            portal.logs[name] = tmp_path / f"{name}.log"
            output = stack.enter_context(portal.logs[name].open("wb"))
            stack.enter_context(running(*PROGRAMS[name], output=output, **environment))
        kick()
        part = "on-duty" if "worker" in programs else "ready"
        wait_until(lambda: answers(f"{url}/healthz/{part}/"), 40)
        yield portal


def logged(portal, name):
    """Return the lines of a program; one that is not JSON fails."""
    return [json.loads(line) for line in portal.logs[name].read_text().splitlines()]


@pytest.fixture
def refusing(transactional_db):
    """A database that refuses some answers, and quotes them where it says why."""
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE submissions_answer ADD CONSTRAINT refuses_some"
            " CHECK (text NOT LIKE '%refused%')"
        )
        yield
        cursor.execute("ALTER TABLE submissions_answer DROP CONSTRAINT refuses_some")


def test_no_log_holds_what_anybody_typed(
    portal, smtp_sink, consultation, refusing, client
):
    surfer = Surfer(portal.url)
    tokens = answer_the_call(surfer, portal, smtp_sink, consultation)
    broken = go_wrong(surfer, portal, smtp_sink)
    grace = work_as_staff(portal, client, consultation)

    said = {name: path.read_text().lower() for name, path in portal.logs.items()}
    secrets = [MARK, "csrf", consultation.submissions.get().reference, *tokens]
    assert [
        (name, secret, text[text.index(secret.lower()) - 300 :][:400])
        for name, text in said.items()
        for secret in secrets
        if secret.lower() in text
    ] == []
    lines = logged(portal, "web")
    assert {line.get("staff") for line in lines} == {None, grace.pk}
    (failure,) = [line for line in lines if line["message"].startswith("Internal")]
    assert failure["request_id"] == broken.headers["X-Request-ID"]
    assert failure["request_id"] in broken.page
    assert failure["message"] == "Internal Server Error: submissions:section"
    assert failure["release"] == "abc1234"
    assert failure["exception"].endswith(
        'IntegrityError: new row for relation "submissions_answer" violates check'
        ' constraint "refuses_some"'
    )


def answer_the_call(surfer, portal, smtp_sink, consultation):
    """Write in every kind of field, ask for a link, come back by it, send; return secrets."""
    surfer.get(f"/calls/{consultation.slug}/start/")
    surfer.post(f"/calls/{consultation.slug}/start/")
    draft = f"/evidence/{Submission.objects.get().key}/"
    surfer.get(draft + "about-you/")
    surfer.post(
        draft + "about-you/",
        name=f"{MARK} Lovelace",
        organisation=f"{MARK} Trust",
        respondent_type="academic",
        on_behalf="individual",
        holds_contracts="no",
        publication="with-name",
        email=ADDRESS,
    )
    surfer.post(draft + "section/1/", answer__1__1=f"{MARK} says so.")
    surfer.post(draft + "principles/", comment=f"{MARK} on principles")
    surfer.post(draft + "items/add/", title=f"{MARK} title", summary=MARK)
    surfer.get(draft + "files/")
    kept = surfer.upload(draft + "files/", "files", f"{MARK}.txt", MARK.encode())
    assert f"{MARK}.txt" in kept.page
    refused = surfer.upload(draft + "files/", "files", f"{MARK}.pdf", MARK.encode())
    assert refused.status == 422
    surfer.get("/resume/")
    surfer.headers = {"X-Request-ID": NUMBER}
    surfer.post("/resume/", email=ADDRESS)
    surfer.headers = {}
    wait_until(lambda: smtp_sink.journal)
    link = link_in(smtp_sink.journal[0], portal.url)
    surfer.get(link)
    surfer.post(link)
    surfer.get(draft + "check/")
    sent = surfer.post(draft + "check/")
    assert sent.path == draft + "sent/"
    wait_until(lambda: len(smtp_sink.journal) == 2)
    wait_until(lambda: NUMBER in portal.logs["worker"].read_text())
    return [link.split("/")[-2]]


def go_wrong(surfer, portal, smtp_sink):
    """Do what is refused, in every way; return the answer to what broke the portal."""
    surfer.get(f"/{MARK}/nowhere/?q={MARK}")
    surfer.get(f"/?q={MARK}%00")
    surfer.get(f"/?q={MARK * 1000}")
    surfer.get(f"/resume/{MARK}-a-token/")
    surfer.get("/", Host=f"{MARK}.example")
    surfer.post("/admin/login/", username=MARK, password=MARK)
    send_raw(portal, f"GET /{MARK} HTTP/9.9\r\n\r\n")
    send_raw(portal, f"GET / HTTP/1.1\r\n{MARK} {MARK}: {MARK}\r\n\r\n")
    smtp_sink.script("RCPT", f"550 <{ADDRESS}> is unknown here")
    refused = enqueued("resume-link", key="refused", to=ADDRESS, context={})
    poison = enqueued(
        "acknowledgement", key="poison", to=ADDRESS, context={"submission": MARK}
    )
    wait_until(lambda: {state_of(refused), state_of(poison)} == {State.DEAD})
    return break_it(surfer)


def state_of(email):
    return OutgoingEmail.objects.get(pk=email.pk).state


def break_it(surfer):
    """Save an answer in a new draft that the database refuses."""
    (call,) = {one.consultation for one in Submission.objects.all()}
    surfer.get(f"/calls/{call.slug}/start/")
    surfer.post(f"/calls/{call.slug}/start/")
    draft = f"/evidence/{Submission.objects.drafts().get().key}/"
    broken = surfer.post(draft + "section/1/", answer__1__1=f"{MARK} is refused")
    assert broken.status == 500
    Submission.objects.drafts().delete()
    return broken


def send_raw(portal, text):
    address = urlsplit(portal.url)
    with closing(socket.create_connection((address.hostname, address.port))) as wire:
        wire.sendall(text.encode())
        assert b"400" in wire.recv(1000)


def work_as_staff(portal, client, consultation):
    """Sign in, search, read, and write a note."""
    grace = get_user_model().objects.create_superuser(f"{MARK}.grace")
    sign_in(client, grace)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    surfer = Surfer(portal.url)
    surfer.headers = {"Cookie": f"session={session}; csrf={'c' * 32}"}
    submission = consultation.submissions.get()
    surfer.get(f"/admin/submissions/submission/?q={MARK}")
    surfer.get(f"/admin/submissions/submission/{submission.pk}/change/")
    surfer.post(f"/admin/reading/{submission.pk}/notes/", text=f"{MARK} noted")
    assert submission.notes.get().text == f"{MARK} noted"
    return grace


@pytest.mark.parametrize("portal", [["web", "outbox"]], indirect=True)
def test_figures_are_of_all_processes_and_tell_what_happened(
    portal, consultation, smtp_sink
):
    surfer = Surfer(portal.url)
    wait_until(Duty.objects.filter(name="loop.deliver_due").exists)
    for _ in range(20):
        surfer.get("/")
    surfer.get(f"/{MARK}/")
    surfer.get("/resume/")
    surfer.post("/resume/", email=ADDRESS)

    figures = surfer.get("/healthz/metrics/", Authorization=f"Bearer {TOKEN}").page

    told = dict(line.rsplit(" ", 1) for line in figures.splitlines() if line[0] != "#")
    home = 'method="GET",route="submissions:home",status="200"'
    assert told[f"keepitlocal_requests_total{{{home}}}"] == "20.0"
    assert told['keepitlocal_request_seconds_count{route="submissions:home"}'] == "20.0"
    assert told['keepitlocal_requests_total{method="GET",route="none",status="404"}']
    assert told['keepitlocal_submissions{channel="online"}'] == "0.0"
    assert float(told['keepitlocal_duty_done_total{duty="loop.deliver_due"}']) > 0
    assert MARK not in figures
    assert surfer.get("/healthz/metrics/").status == 404
    assert surfer.get("/healthz/metrics/", Authorization="Bearer x").status == 404
