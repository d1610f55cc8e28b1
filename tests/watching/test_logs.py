"""What a line of the log may say, and what it never does."""

import json
import logging
from pathlib import Path

import psycopg2
import pytest
from django.db import DataError, OperationalError
from django.test import RequestFactory

from keepitlocal.watching import logs


def line(message, *args, error=None, **extra):
    """Return what the log says, as whoever collects it reads it."""
    exc_info = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord(
        "outbox.delivery", logging.ERROR, "f.py", 1, message, args, exc_info
    )
    record.__dict__ |= extra
    return json.loads(logs.Json(release="abc1234").format(record))


def raised(error):
    try:
        raise error
    except Exception as caught:
        return caught


def test_a_line_says_when_where_what_and_in_which_version():
    said = line("Email %s waits.", 12)

    assert said.pop("time").endswith("+00:00")
    assert said == {
        "level": "ERROR",
        "logger": "outbox.delivery",
        "message": "Email 12 waits.",
        "release": "abc1234",
    }


def test_a_line_names_the_request_it_belongs_to():
    token = logs.request_id.set("0123456789abcdef")

    said = line("Saved.", figures={"status": 200})

    logs.request_id.reset(token)
    assert (said["request_id"], said["status"]) == ("0123456789abcdef", 200)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("To ada.l+x@mail.riverside.example: no", "To …@…: no"),
        ("550 <ada@riverside.example> unknown", "550 <…@…> unknown"),
        ("from 192.0.2.17, again", "from (address), again"),
        ("from 2001:db8::1:2:3:ab now", "from (address) now"),
        ("from 2001:db8::1 now", "from (address) now"),
        ("from 2A00:23C4:1:2:3:4:5:6, again", "from (address), again"),
        ("peer [fe80::1]:443", "peer [(address)]:443"),
        ("at 12:30:59: std::fault", "at 12:30:59: std::fault"),
        ("Connection to 127.0.0.1:5432 refused", "Connection to 127.0.0.1:5432 refused"),
        ("Django 5.2.19 at 12:30:59", "Django 5.2.19 at 12:30:59"),
        ("GET /resume/s3cret/ and /reminders/s3cret/", "GET /resume/…/ and /reminders/…/"),
        ("Invalid request from ip=::1: /?q=me", "Invalid request"),
        ("Error handling request GET /?q=me", "Error handling request"),
        ("refused\nDETAIL:  Key (email)=(me) exists.\nmore", "refused"),
        ("refused\nLINE 1: INSERT INTO x VALUES ('me')\n   ^", "refused"),
    ],
)  # fmt: skip
def test_what_may_be_somebodys_is_blacked_out(text, kept):
    assert line("%s", text)["message"] == kept


def test_the_text_of_an_error_is_not_kept():
    said = line("It failed: ada", error=raised(ValueError("no number: 'ada wrote'")))

    assert said["message"] == "It failed: ada"
    assert said["exception"].startswith('  File "')
    assert said["exception"].splitlines()[-1] == "ValueError"
    assert "ada wrote" not in json.dumps(said)


def test_nor_is_it_when_the_message_repeats_it():
    error = raised(ValueError("ada wrote this"))

    said = line("Task raised unexpected: %r (%s)", error, error, error=error)

    assert said["message"] == "Task raised unexpected: ValueError (ValueError)"


@pytest.mark.parametrize(
    ("error", "last"),
    [
        (OSError(28, "No space left on device"), "OSError: [Errno 28] No space left on device"),
        (OperationalError("refused\nLINE 1: 'me'"), "OperationalError: refused"),
        (DataError("invalid input for integer: 'me'"), "DataError"),
        (psycopg2.errors.UndefinedTable('relation "x" is not there\nLINE 1: me'), 'UndefinedTable: relation "x" is not there'),
        (psycopg2.errors.SyntaxError("syntax error in tsquery: me"), "SyntaxError"),
    ],
)  # fmt: skip
def test_errors_of_machines_say_why(error, last):
    assert line("Failed.", error=raised(error))["exception"].splitlines()[-1] == last


def test_what_led_to_an_error_is_told_before_it():
    try:
        try:
            raise KeyError("ada")
        except KeyError as first:
            raise RuntimeError("ada too") from first
    except RuntimeError as error:
        said = line("Failed.", error=error)

    told = [one for one in said["exception"].splitlines() if one and one[0] != " "]
    assert told == ["KeyError", "RuntimeError"]


def test_a_request_is_named_by_its_route():
    request = RequestFactory().get("/somebody/typed/this/")

    said = line("Not Found: %s", request.path, request=request)

    assert said["message"] == "Not Found: none"


def test_plain_lines_stay_as_they_are_for_people():
    formatters = logs.configuration()["formatters"]

    assert formatters["line"]["format"] == "{levelname} {name}: {message}"
    assert logs.configuration("json")["formatters"]["line"]["()"].endswith("Json")


@pytest.mark.parametrize(
    ("folder", "release"),
    [
        ("/srv/keepitlocal/releases/402158f8c0ffee", "402158f8c0ff"),
        ("/home/ada/keepitlocal", ""),
    ],
)
def test_a_version_is_known_by_its_folder(folder, release):
    assert logs.release_of(Path(folder)) == release
