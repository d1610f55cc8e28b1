"""The ways in which an input can arrive, and what came of it.

A table is a dict: "T01 NUL": (what is sent, what must come), and that is `kept(value)` or
`refused(words)`. `differing` sends all of it and returns what came otherwise.
"""

import html
import json
import re
from urllib.parse import urlencode

from django.forms import BaseForm

from keepitlocal.encodings import note_other_encoding
from submissions.fields import tidy
from submissions.parts import fingerprint

from .tally import BROKEN, CHANGED, LOST

WAYS = ["urlencoded", "multipart", "autosave"]


def kept(value):
    """Say that this is stored, and nothing else."""
    return "kept", value


def refused(*words):
    """Say that nothing is stored, and that the page says this and gives the input back."""
    return "refused", list(words)


def differing(table, send, counted):
    """Send each input of a table; return what came, by its name, where that is wrong."""
    came = {name: send(sent) for name, (sent, _comes) in table.items()}
    wrong = {
        name: found for name, found in came.items() if found != tuple(table[name][1])
    }
    faults = [
        CHANGED if found[0] == "kept" == table[name][1][0] else found[0]
        for name, found in wrong.items()
    ]
    counted(len(table), [fault for fault in faults if fault in (BROKEN, LOST, CHANGED)])
    return wrong


def outcome(response, sent, read, before):
    """Return what came of an input: `read()` is what is stored now, `before` was."""
    if response.status_code >= 500:
        return BROKEN, response.status_code
    stored = read()
    if response.status_code in (200, 302):
        return kept(stored)
    if stored != before:
        return CHANGED, stored
    if response.status_code != 422:
        return "answered", response.status_code
    if response["Content-Type"] != "application/json" and not gives_back(
        response, sent
    ):
        return LOST, sent
    return refused(*errors(response))


def errors(response):
    """Return the words of a refusal, from a page or from autosave's JSON."""
    if response["Content-Type"] == "application/json":
        found = response.json()["errors"].values()
    else:
        found = [
            errors
            for form in refused_forms(response)
            for errors in form.errors.values()
        ]
    return [str(error) for one in found for error in one]


def refused_forms(response):
    """Return the forms that a page shows again because they were refused."""
    found = {
        id(one): one
        for context in response.context
        for one in context.flatten().values()
        if isinstance(one, BaseForm) and one.is_bound and one.errors
    }
    admin = response.context.get("adminform")
    return [*found.values(), *([admin.form] if admin else [])]


def gives_back(response, sent):
    """Whether a page of a refusal says so in its title, and still holds what was typed."""
    page = response.content.decode()
    title = re.search(r"<title>(.*?)</title>", page, re.DOTALL)[1]
    texts = sent if isinstance(sent, tuple) else (sent,)
    shown = html.unescape(page)
    return title.lstrip().startswith("Error:") and all(text in shown for text in texts)


def send(ada, way, typed, part="section-1", was=None):
    """Send some fields of a part as a browser would; `was` is what the page started from."""
    if way == "autosave":
        return autosave(ada, part, typed, was or {})
    page = ada.url + part.replace("section-", "section/") + "/"
    data = typed | {"_end": "1"}
    if way == "multipart":
        return ada.client.post(page, data)
    return ada.client.post(page, urlencode(data), URLENCODED)


URLENCODED = "application/x-www-form-urlencoded"


def post_urlencoded(ada, page, body, charset=""):
    """Post bytes as they are: Django's own client would encode them once more."""
    return post_as(ada, page, body, URLENCODED + charset)


def post_as(ada, page, body, content_type):
    """Post bytes of a content type, through what stands before Django in production."""
    environ = {"CONTENT_TYPE": content_type}
    note_other_encoding(environ)
    content_type = environ.pop("CONTENT_TYPE")
    return ada.client.generic("POST", ada.url + page, body, content_type, **environ)


def autosave(ada, part, texts, was):
    """Send what a page sends while somebody types."""
    fields = {
        name: {
            "text": text,
            "was": fingerprint(was.get(name, "")),
            "length": len(tidy(text)),
        }
        for name, text in texts.items()
    }
    return autosave_json(ada, part, json.dumps({"fields": fields}))


def autosave_json(ada, part, body):
    return ada.client.post(
        f"{ada.url}autosave/{part}/", body, content_type="application/json"
    )
