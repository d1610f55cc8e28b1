"""What a respondent sees when something of ours breaks. Real breaks: tests/faults."""

import html
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.test import Client

from keepitlocal import trouble


@pytest.fixture
def client():
    """A browser: it is shown the page, as a test is not."""
    return Client(raise_request_exception=False)


@pytest.fixture
def breaks(monkeypatch):
    """Have a function of the portal raise something, as often as it is called."""

    def breaks(function, error):
        calls = []

        def broken(*args, **kwargs):
            calls.append(args)
            raise error

        monkeypatch.setattr(function, broken)
        return calls

    return breaks


def test_a_bug_gives_back_every_choice_and_text(ada, breaks):
    breaks("submissions.views.writing.part_page", ZeroDivisionError())
    text = 'A "long" answer </textarea>\n\nin lines'

    response = ada.post("section/1/", answer__1__1=text, parts=["a", "b"])

    page = html.unescape(response.content.decode())
    assert response.status_code == 500
    assert "Retry-After" not in response
    assert f'name="answer-1-1">\n{text}</textarea>' in page
    assert re.findall(r'name="parts" value="(.)"', page) == ["a", "b"]
    assert 'name="_end" value="1"' in page


def test_files_are_asked_for_again(ada, breaks):
    breaks("submissions.views.files.keep_files", OperationalError())

    response = ada.post(
        "files/", files=SimpleUploadedFile("notes.txt", b"Evidence"), name="Our notes"
    )

    assert response.status_code == 503
    assert "attach them once more" in response.content.decode()


def test_a_page_is_made_once_more_and_then_no_more(
    client, transactional_db, consultation, breaks, monkeypatch
):
    monkeypatch.setattr(trouble, "AT_ONCE", 60)
    calls = breaks("submissions.views.public.show_call", OperationalError())

    response = client.get("/")

    assert response.status_code == 503
    assert len(calls) == 2


def test_what_failed_slowly_or_was_posted_is_not_done_again(
    ada, consultation, breaks, monkeypatch
):
    calls = breaks("submissions.views.writing.part_page", OperationalError())
    ada.post("section/1/", answer__1__1="An answer")
    assert len(calls) == 1

    monkeypatch.setattr(trouble, "AT_ONCE", -1)
    ada.get("section/1/")
    assert len(calls) == 2


def test_no_password_or_code_is_given_back(client, db, breaks):
    breaks("django.contrib.auth.forms.AuthenticationForm.clean", OperationalError())

    response = client.post(
        "/admin/login/",
        {"username": "grace", "password": "open sesame 12", "code": "123456"},
    )

    page = response.content.decode()
    assert response.status_code == 503
    assert "grace" in page
    assert "sesame" not in page
    assert "123456" not in page
