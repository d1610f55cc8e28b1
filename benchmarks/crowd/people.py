"""How people answer the call on its last evening, as far as the portal notices.

One person opens the call, reads a little, begins, says who they are, and answers two to
four of the five sections. Under two questions of each they write for 10 to 34 seconds, at
four letters a second; one in two of these answers begins with 500 to 4,000 letters that
were prepared elsewhere and are pasted. The page saves by itself every ten seconds while
they write, what has changed, in whole; then they press the button. They comment on one
sentence of a principle, one in three attaches a file (a text, a PDF, a Word file or a
photograph of a megabyte), one in five asks for a link, leaves, and comes back by it in
another browser. They look at what they are about to send for some seconds, send it, and
look at the receipt.

All of it takes two to five minutes. What people do in hours is left out: they think, and
type nothing, which costs nothing.
"""

import hashlib
import json
import random
import re
from dataclasses import dataclass, field

from .files_to_attach import FILES
from .visitors import Visitor

CALL = "/calls/keep-it-local-2018-rehearsal/"
SECTIONS = [1, 2, 3, 4, 5]
SENTENCES = [f"{number}-v1-1" for number in range(1, 6)]
WAS = re.compile(r'name="was-(answer-[\w-]+)" value="(\w+)"')
REFERENCE = re.compile(r'<p class="reference">([^<]+)</p>')
LINK = re.compile(r"https?://[^/\s]+(/resume/[\w-]{20,}/)")

AUTOSAVED_EVERY = 10
LETTERS_A_SECOND = 4
WRITES_FOR = (10, 34)
ANSWERS_SECTIONS = (2, 4)
WORDS = [
    *["local", "services", "contracts", "commissioning", "council", "community"],
    *["organisations", "charity", "large", "providers", "trust", "funding", "people"],
    *["grants", "procurement", "value", "social", "small", "agreements", "lots"],
    *["tender", "evidence", "neighbourhood", "budget", "closed", "because", "would"],
]


class Over(Exception):
    """The evening has ended: whoever has nothing under way does nothing more."""


@dataclass
class Response:
    """What one person was told is kept."""

    key: str
    email: str
    texts: dict = field(default_factory=dict)
    files: list = field(default_factory=list)
    reference: str = ""


class Person:
    def __init__(self, site, notes, inbox, number, wait):
        """`wait(seconds)` is how they let time pass; it may raise Over."""
        self.site, self.notes, self.inbox = site, notes, inbox
        self.choose = random.Random(number)
        self.email = f"person-{number}@example.org"
        self.wait = wait
        self.browser = Visitor(site, notes, self.address())

    def address(self):
        """One of a street's or an office's: three people share a network at most."""
        return f"81.{self.choose.randrange(2, 250)}.{self.choose.randrange(250)}.7"

    def steps(self):
        """Return what they do, one thing after the other."""
        sections = sorted(
            self.choose.sample(SECTIONS, self.choose.randint(*ANSWERS_SECTIONS))
        )
        yield self.begin
        yield self.say_who_they_are
        for number in sections:
            yield lambda number=number: self.write_section(number)
        yield self.comment
        if self.choose.random() < 1 / 3:
            yield self.attach
        if self.choose.random() < 1 / 5:
            yield self.leave_and_come_back
        yield self.send

    def close(self):
        self.browser.close()

    def pause(self, shortest, longest):
        self.wait(self.choose.uniform(shortest, longest))

    def begin(self):
        self.browser.open("the call", CALL)
        self.pause(2, 6)
        self.browser.open("start page", f"{CALL}start/")
        self.pause(2, 6)
        self.url = self.browser.send("begin", f"{CALL}start/", {})
        self.response = Response(self.url.split("/")[2], self.email)
        self.notes.responses.append(self.response)
        self.browser.open("contents page", self.url)
        self.pause(2, 6)

    def say_who_they_are(self):
        page = f"{self.url}about-you/"
        self.browser.open("about you page", page)
        self.pause(10, 20)
        fields = {
            "on_behalf": "organisation",
            "name": "Ada Hill",
            "organisation": f"Trust {self.email.partition('@')[0]}",
            "respondent_type": "community-organisation",
            "email": self.email,
            "publication": "with-name",
            "go": "contents",
        }
        self.browser.open("contents page", self.browser.send("save", page, fields))

    def write_section(self, number):
        self.open_section(number)
        for name in self.choose.sample(sorted(self.texts), 2):
            self.write(name)
        self.save_section()

    def open_section(self, number):
        self.section = number
        page = self.browser.open("section page", f"{self.url}section/{number}/")
        self.was = dict(WAS.findall(page))
        self.texts = dict.fromkeys(self.was, "")

    def write(self, name):
        """Write under one question for a while, as writing.js saves it."""
        if self.choose.random() < 0.5:
            self.texts[name] = self.text(self.choose.randrange(500, 4000))
        for seconds in between(self.choose.randint(*WRITES_FOR), AUTOSAVED_EVERY):
            self.wait(seconds)
            self.autosave(name, self.text(seconds * LETTERS_A_SECOND))

    def autosave(self, name, more):
        """Add to a text, and have all of it saved."""
        text = self.texts[name] = f"{self.texts[name]} {more}".strip()
        typed = {"text": text, "was": self.was[name], "length": len(text)}
        path = f"{self.url}autosave/section-{self.section}/"
        body = json.dumps({"fields": {name: typed}})
        answer = json.loads(self.browser.send_json("autosave", path, body))
        self.was[name] = answer["fields"][name]["was"]
        self.response.texts[name] = text

    def save_section(self):
        was = {f"was-{name}": it for name, it in self.was.items()}
        page = f"{self.url}section/{self.section}/"
        fields = was | self.texts | {"go": "contents"}
        answer = self.browser.send("save", page, fields)
        self.response.texts |= {name: it for name, it in self.texts.items() if it}
        self.browser.open("contents page", answer)

    def text(self, length):
        words = self.choose.choices(WORDS, k=int(length) // 6 + 1)
        return " ".join(words)[: int(length)].strip()

    def comment(self):
        page = f"{self.url}principles/{self.choose.choice(SENTENCES)}/"
        self.browser.open("sentence page", page)
        self.pause(8, 16)
        fields = {f"said-{page.split('/')[-2]}": self.text(120)}
        self.browser.open("principles page", self.browser.send("save", page, fields))

    def attach(self):
        self.browser.open("files page", f"{self.url}items/")
        self.pause(3, 8)
        name, content = self.choose.choice(FILES)()
        answer = self.browser.attach("upload", f"{self.url}files/", name, content)
        if not name.endswith(".jpg"):
            # Of a photograph its place and its camera are taken out.
            self.response.files.append(hashlib.sha256(content).hexdigest())
        self.browser.open("files page", answer)

    def leave_and_come_back(self):
        page = f"{self.url}save/"
        self.browser.open("save and return page", page)
        self.pause(3, 8)
        fields = {"email": self.email, "leave": "on"}
        self.browser.open("link sent page", self.browser.send("ask link", page, fields))
        self.browser.close()
        self.notes.links.append(self.email)
        while (link := self.inbox.link_for(self.email)) is None:
            self.wait(1)
        self.browser = Visitor(self.site, self.notes, self.address())
        self.browser.open("link page", link)
        self.pause(1, 3)
        self.browser.open("contents page", self.browser.send("come back", link, {}))

    def send(self):
        page = f"{self.url}check/"
        self.browser.open("check page", page)
        self.pause(5, 12)
        # Nothing comes between the button and the receipt.
        receipt = self.browser.send("send", page, {})
        text = self.browser.open("receipt page", receipt)
        self.response.reference = REFERENCE.search(text)[1]
        self.browser.close()


def between(whole, part):
    """Return so many parts, and what is left."""
    return [part] * (whole // part) + ([whole % part] if whole % part else [])
