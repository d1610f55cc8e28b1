"""Asks every address of the portal, by every method and as everybody, for what is not asked.

What it does is decided by a seed: the same seed asks the same again.
"""

import json
import re
import time
from dataclasses import dataclass

from django.db import transaction
from django.http import FileResponse
from django.urls import get_resolver

from keepitlocal.encodings import note_other_encoding
from review.finding.selection import ALL_GROUPS
from submissions.data import as_data
from submissions.models import Submission

from . import nasty
from .html_forms import forms_in

METHODS = ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "NONSENSE"]
HEADERS = [
    "Content-Security-Policy",
    "X-Content-Type-Options",
    "Referrer-Policy",
    "Cross-Origin-Opener-Policy",
    "Cross-Origin-Resource-Policy",
    "Permissions-Policy",
    "Cache-Control",
]
FILTERS = [
    *ALL_GROUPS,
    "sort",
    "page",
    "p",
    "o",
    "e",
    "all",
    "before",
    "since",
    "for",
    "q",
]
PARAMETER = re.compile(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)|<(?:\w+:)?(\w+)>")
# What somebody wrote; it must be kept, or be given back.
EVENING = "An evening's work, number {}."


@dataclass(frozen=True)
class Asked:
    """One request, as its report shows it."""

    who: str
    method: str
    path: str
    body: bytes = b""
    content_type: str = ""
    headers: tuple = ()
    # What was written in it, when it is a form that is whole.
    written: str = ""

    def __str__(self):
        body = self.body[:300].decode(errors="replace")
        return f"{self.who}: {self.method} {self.path[:300]} {self.content_type} {dict(self.headers)} {body!r}"


def routes(patterns, before="/"):
    """Yield the whole pattern of every address."""
    for pattern in patterns:
        route = before + str(pattern.pattern).lstrip("^").rstrip("$")
        if hasattr(pattern, "url_patterns"):
            yield from routes(pattern.url_patterns, route)
        else:
            yield route


def close_file(response):
    """Read a download to its end, which closes the file.

    Other streams are left alone: to read them opens transactions of their own.
    """
    if isinstance(response, FileResponse):
        b"".join(response)


class Fuzzer:
    """`people` are the browsers by who has them, `known` good values by parameter."""

    def __init__(self, people, known, rng):
        self.people, self.known, self.rng = people, known, rng
        self.routes = sorted(set(routes(get_resolver().url_patterns)))
        self.forms = {}
        self.faults = []
        self.count = 0

    def run(self, seconds, at_most=None):
        """Ask until the time is over, or so many times; every address as often as another."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and (at_most is None or self.count < at_most):
            order = list(self.routes)
            self.rng.shuffle(order)
            for route in order[: at_most and max(0, at_most - self.count)]:
                self.ask(self.made_up(route))
                if time.monotonic() > end:
                    break

    def made_up(self, route):
        who = self.who_asks(route)
        path = PARAMETER.sub(lambda found: self.value_of(found[1] or found[2]), route)
        query = self.query() if self.rng.random() < 0.4 else ""
        headers = tuple(self.rng.choice(nasty.HEADERS).items())
        if self.rng.random() < 0.35:
            return Asked(who, self.rng.choice(METHODS), path + query, headers=headers)
        fields, written = self.filled_in(who, path)
        if self.rng.random() < 0.25:
            body, kind = nasty.broken(self.rng, fields)
            return Asked(who, "POST", path + query, body, kind, headers)
        if "/autosave/" in path:
            body, kind = nasty.as_json(fields)
        else:
            body, kind = self.rng.choice([nasty.urlencoded, nasty.multipart])(fields)
        return Asked(who, "POST", path, body, kind, (), written)

    def who_asks(self, route):
        """Return whom an address is for, mostly."""
        staff = [who for who in self.people if who not in ("nobody", "owner", "guest")]
        if self.rng.random() < 0.15:
            return self.rng.choice(list(self.people))
        if route.startswith("/admin/"):
            return self.rng.choice(["superuser", *staff])
        return self.rng.choice(["owner", "owner", "guest", "nobody"])

    def value_of(self, name):
        if self.rng.random() < 0.8 and self.known.get(name):
            return str(self.rng.choice(self.known[name]))
        return nasty.in_address(self.rng, self.rng.choice(nasty.VALUES))

    def query(self):
        names = self.rng.choices(FILTERS, k=self.rng.randint(1, 4))
        pairs = [
            f"{name}={nasty.in_address(self.rng, self.rng.choice(nasty.VALUES))}"
            for name in names
        ]
        return "?" + "&".join(pairs)

    def filled_in(self, who, path):
        """Return the fields of a page's forms with some of them spoiled, and what was written."""
        fields = dict(self.fields_of(who, path))
        for name in [*fields, "unexpected"]:
            if name != "_end" and self.rng.random() < 0.3:
                fields[name] = [self.rng.choice(nasty.VALUES)]
        if fields and self.rng.random() < 0.2:
            name = self.rng.choice(list(fields))
            fields[name] = [*fields[name], self.rng.choice(nasty.VALUES)]
        boxes = [
            name for name in fields if name.startswith(("answer-", "comment", "said-"))
        ]
        if not boxes:
            return fields, ""
        written = EVENING.format(self.count)
        fields[self.rng.choice(boxes)] = [written]
        return fields, written

    def fields_of(self, who, path):
        """Return what a browser would send of the page there, as it is."""
        page = re.sub(r"autosave/section-(\d+)/", r"section/\1/", path)
        if (who, page) not in self.forms:
            response = self.answer(Asked(who, "GET", page))
            close_file(response)
            found = {"_end": ["1"]}
            for form in forms_in(response):
                found |= form.fields
            self.forms[who, page] = found
        return self.forms[who, page]

    def ask(self, asked):
        self.count += 1
        before = self.stored() if asked.method == "POST" else None
        with transaction.atomic():
            response = self.answer(asked)
            found = list(self.faults_of(asked, response, before))
            transaction.set_rollback(True)
        self.faults += [f"{fault}\n    {asked}" for fault in found]

    def answer(self, asked):
        """Return the answer; the browser forgets the cookies it got with it."""
        client = self.people[asked.who]
        client.raise_request_exception = False
        cookies = client.cookies.output()
        environ = dict(asked.headers) | {"CONTENT_TYPE": asked.content_type}
        note_other_encoding(environ)
        content_type = environ.pop("CONTENT_TYPE")
        response = client.generic(
            asked.method, asked.path, asked.body, content_type, **environ
        )
        client.cookies.clear()
        client.cookies.load(cookies.replace("Set-Cookie: ", ""))
        return response

    def faults_of(self, asked, response, before):
        """Yield what does not hold for an answer."""
        close_file(response)
        if response.status_code == 503 and asked.path.startswith("/healthz/"):
            # Nobody is on duty here, and that is what it says.
            return
        if response.status_code >= 500:
            # The transaction that the fault happened in answers no more questions.
            yield f"500: {response.status_code}"
            return
        missing = [name for name in HEADERS if not response.get(name)]
        if missing:
            yield f"headers: {response.status_code} lacks {', '.join(missing)}"
        if response.streaming:
            return
        page = response.content.decode(errors="replace")
        if "Traceback (most recent call last)" in page:
            yield "traceback"
        if before is None:
            return
        after = self.stored()
        # Of several files those that are good are kept, beside a refused one.
        is_refused = response.status_code >= 400 and b"filename=" not in asked.body
        if is_refused and after != before:
            yield f"silent change: {response.status_code}"
        if asked.written and not self.is_safe(asked, response, page, after):
            yield f"text lost: {response.status_code}"

    def is_safe(self, asked, response, page, after):
        """Whether what was written is stored, or stands on the page."""
        text = asked.written.replace("'", "&#x27;")
        if "/autosave/" in asked.path:
            # A page that saves while somebody types still has it in its box.
            return True
        return text in page or json.dumps(asked.written)[1:-1] in after

    def stored(self):
        """Return all that the drafts hold."""
        drafts = Submission.objects.filter(key__in=self.known["key"])
        return json.dumps([as_data(draft) for draft in drafts], default=str)
