"""What every answer carries, at every address and by every method, as in production."""

import os
import re
import subprocess
import sys
import uuid
from contextlib import closing
from http.cookies import SimpleCookie

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.test import Client
from django.urls import get_resolver

from tests.staff import sign_in

from .conftest import ROOT, documented_environment

HOST = "evidence.example.org"
POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "object-src 'none'",
}
EXACTLY = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
}
INLINE = re.compile(
    rb"<[a-z][^>]* (style|on[a-z]+)=|<style|<script(?![^>]* src=)[^>]*>\s*\S"
)
METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "BREW"]
# Parts of an address that must mean something, or nothing.
PARTS = {
    "uuid": str(uuid.UUID(int=1)),
    "int": "1",
    "slug": "x",
    "str": "x",
    "path": "x",
}


def routes(patterns, before=""):
    """Yield every address that the portal has, as patterns."""
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from routes(pattern.url_patterns, route)
        else:
            yield route


def addresses():
    """Return one address for each pattern, some of which name what there is not."""
    found = []
    for route in routes(get_resolver().url_patterns):
        filled = re.sub(r"\(\?P<\w+>[^)]*\)", "x", route)
        filled = re.sub(r"<(?:(\w+):)?\w+>", lambda m: PARTS[m[1] or "str"], filled)
        found.append("/" + re.sub(r"[\^$]|\\Z", "", filled))
    return found


def faults(response):
    """Return what is wrong with the headers of an answer."""
    wrong = [
        name for name, value in EXACTLY.items() if response.headers.get(name) != value
    ]
    policy = response.headers.get("Content-Security-Policy", "")
    is_file = policy == "sandbox; default-src 'none'"
    if not is_file and set(policy.split("; ")) != POLICY:
        wrong.append("Content-Security-Policy")
    if "camera=()" not in response.headers.get("Permissions-Policy", ""):
        wrong.append("Permissions-Policy")
    kind = response.headers.get("Content-Type", "")
    if kind.startswith("text/") and "charset=utf-8" not in kind.replace('"', ""):
        wrong.append("Content-Type")
    if kind.startswith("text/html") and INLINE.search(response.content):
        wrong.append("something inline")
    if "no-store" not in response.headers.get("Cache-Control", ""):
        wrong.append("Cache-Control")
    return wrong + faults_of_cookies(response.cookies)


def faults_of_cookies(cookies: SimpleCookie):
    return [
        f"cookie {name}"
        for name, cookie in cookies.items()
        if not name.startswith("__Host-")
        or not cookie["secure"]
        # One that is taken back holds nothing to hide.
        or not (cookie["httponly"] or cookie["max-age"] == 0)
        or cookie["samesite"] not in ("Lax", "Strict")
        or cookie["path"] != "/"
        or cookie["domain"]
    ]


def ask(client, method, address):
    response = client.generic(method, address, secure=True, headers={"host": HOST})
    if response.streaming:
        b"".join(response)
    return response


def crawl(client, methods):
    """Return (statuses, faults by address and method) of every address."""
    client.raise_request_exception = False
    statuses, wrong = set(), {}
    for address in addresses():
        for method in methods:
            if (method, address) == ("POST", "/admin/logout/"):
                continue
            response = ask(client, method, address)
            # Where machines ask, 503 says that a part is not well: none runs here.
            if not (response.status_code == 503 and address.startswith("/healthz/")):
                statuses.add(response.status_code)
            if found := faults(response):
                wrong[f"{method} {address} {response.status_code}"] = found
    return statuses, wrong


def test_every_address_answers_a_stranger_with_every_header(consultation, production):
    assert len(addresses()) > 150

    statuses, wrong = crawl(Client(), METHODS)

    assert wrong == {}
    assert statuses >= {200, 302, 404, 405, 422}
    assert not {status for status in statuses if status >= 500}


def test_every_address_answers_an_administrator_with_every_header(
    consultation, production, admin_user
):
    statuses, wrong = crawl(sign_in(Client(), admin_user), ["GET", "POST"])

    assert wrong == {}
    assert statuses >= {200, 302, 403, 404, 405, 422}
    assert not {status for status in statuses if status >= 500}


@pytest.mark.parametrize(
    ("method", "address", "headers", "status"),
    [
        ("GET", "/nowhere/", {}, 404),
        ("GET", "/?q=%00", {}, 400),
        ("GET", "/" + "x" * 5000, {}, 414),
        ("GET", "/", {"host": "evil.example"}, 400),
        ("GET", "/.git/config", {}, 404),
        ("GET", "/media/x", {}, 404),
        ("GET", "/static/../keepitlocal/settings.py", {}, 404),
        ("GET", "/static/", {}, 404),
        ("GET", "/docs/operations.md", {}, 404),
        ("GET", "/healthz/", {}, 200),
    ],
)
def test_refusals_carry_every_header(db, production, method, address, headers, status):
    client = Client(raise_request_exception=False)

    response = client.generic(
        method, address, secure=True, headers={"host": HOST} | headers
    )

    assert (response.status_code, faults(response)) == (status, [])


def test_a_fault_of_ours_carries_every_header(consultation, production, monkeypatch):
    monkeypatch.setattr("submissions.views.public.show_call", lambda *_: 1 / 0)

    response = ask(Client(raise_request_exception=False), "GET", "/")

    assert (response.status_code, faults(response)) == (500, [])


def test_a_form_of_another_site_is_refused_with_every_header(db, production):
    client = Client(enforce_csrf_checks=True)

    response = client.post("/resume/", secure=True, headers={"host": HOST})

    assert (response.status_code, faults(response)) == (403, [])


def test_a_static_file_carries_every_header_and_is_kept_for_long(db, production):
    url = staticfiles_storage.url("portal.css")
    with closing(Client().get(url, secure=True, headers={"host": HOST})) as response:
        assert faults(response) == ["Cache-Control"]
        assert "immutable" in response["Cache-Control"]


def test_plain_http_leads_to_tls(db, production):
    response = Client().get("/resume/", headers={"host": HOST})

    assert (response.status_code, response.url) == (301, f"https://{HOST}/resume/")


def test_cookies_are_of_this_host_over_tls_alone(consultation, production):
    client = Client()
    start = f"/calls/{consultation.slug}/start/"

    client.get(start, secure=True, headers={"host": HOST})
    response = client.post(start, secure=True, headers={"host": HOST})

    assert set(client.cookies) == {"__Host-session", "__Host-csrf"}
    assert faults_of_cookies(response.cookies) == []


def test_the_deployment_checks_find_nothing():
    """As the settings of docs/operations.md stand, before a call is loaded.

    What is provisional in a call, and a privacy notice that is a draft, are warnings of ours.
    """
    ours = {name: os.environ[name] for name in ("DATABASE_URL", "DATA_DIR", "PATH")}
    command = [sys.executable, "manage.py", "check", "--deploy"]

    done = subprocess.run(
        [*command, "--fail-level", "WARNING"],
        cwd=ROOT,
        env=documented_environment() | ours,
        capture_output=True,
        text=True,
    )

    assert (done.returncode, done.stdout) == (
        0,
        "System check identified no issues (1 silenced).\n",
    )
