"""People who answer the call, over HTTP, and do not give up when it breaks."""

import hashlib
import random
import re
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from .browser import Browser, GaveUp

CALL = "/calls/keep-it-local-2018-rehearsal"
QUESTIONS = [f"answer-1-{number}" for number in range(1, 7)]
SENTENCES = [f"{number}-v1-1" for number in range(1, 6)]
WORDS = [
    "eleven",
    "agreements",
    "today",
    "three",
    "🏡",
    "café",
    "£450,000",
    "–",
    "we’re",
    "local,",
    "Łódź",
    "中文",
    "ﷺ",
    "'x'",
    "\\",
]
CUT = "This text was cut off on its way."
LINK = re.compile(r"https?://[^/\s]+(/resume/[\w-]{20,}/)")
REFERENCE = re.compile(
    r'<p class="reference">([^<]+)</p>|<strong>([A-Z]{2,4}-[^<]+)</strong>'
)


class Crowd:
    """Several respondents at once, one response after another until `finish`."""

    def __init__(self, place, notebook, sink, seed):
        self.site, self.web_port = place.url, place.web_port
        self.notebook, self.sink = notebook, sink
        self._seed = seed
        self._is_over = threading.Event()
        self._threads = []
        self._asked = Counter()
        self._lock = threading.Lock()

    def start(self, number):
        for place in range(number):
            thread = threading.Thread(target=self._live, args=[place], daemon=True)
            thread.start()
            self._threads.append(thread)

    def finish(self, seconds):
        """Let everybody end what they began; returns how many did not manage to."""
        self._is_over.set()
        ends_at = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0, ends_at - time.monotonic()))
        return sum(thread.is_alive() for thread in self._threads)

    def ask(self, what):
        """Have the next respondent who can do something out of the ordinary: "cut", "double"."""
        with self._lock:
            self._asked[what] += 1

    def is_asked(self, what):
        with self._lock:
            if self._asked[what] == 0:
                return False
            self._asked[what] -= 1
            return True

    def _live(self, place):
        choose = random.Random(f"{self._seed} {place}")
        number = 0
        while not self._is_over.is_set():
            number += 1
            try:
                Respondent(self, choose, f"r{place}-{number}@example.org").respond()
            except GaveUp:
                self.notebook.count("gave up")


class Respondent:
    def __init__(self, crowd, choose, email):
        self.crowd, self.choose, self.email = crowd, choose, email
        self.notebook = crowd.notebook
        self.browser = Browser(crowd.site, crowd.notebook)

    def respond(self):
        self.begin()
        self.say_who_they_are()
        steps = [
            *[self.autosave] * 4,
            *[self.save_section] * 2,
            self.comment,
            self.upload,
        ]
        self.choose.shuffle(steps)
        for step in steps:
            step()
        if self.choose.random() < 0.4:
            self.come_back_by_link()
        self.send()

    def begin(self):
        self.browser.get(f"{CALL}/start/")
        answer = self.browser.post(f"{CALL}/start/", {})
        key = answer.location.rstrip("/").rpartition("/")[2]
        self.url = f"/evidence/{key}/"
        self.draft = self.notebook.begin(key, self.email)
        self.was = {}

    def say_who_they_are(self):
        fields = {
            "on_behalf": "organisation",
            "name": "Ada Chaos",
            "organisation": f"Trust of {self.email.partition('@')[0]}",
            "respondent_type": "community-organisation",
            "email": self.email,
            "publication": "with-name",
        }
        self.expect(
            302, "about you", self.browser.post(f"{self.url}about-you/", fields)
        )

    def text(self):
        length = self.choose.choice([5, 50, 500])
        return " ".join(self.choose.choice(WORDS) for _ in range(length))

    def autosave(self):
        name, text = self.choose.choice(QUESTIONS), self.text()
        was = self.was.get(name, fingerprint(self.draft.texts.get(name, "")))
        typed = {"fields": {name: {"text": text, "was": was, "length": len(text)}}}
        answer = self.browser.post_json(f"{self.url}autosave/section-1/", typed)
        if self.expect(200, "autosave", answer):
            self.draft.texts[name] = text
            self.notebook.count("autosaves")

    def save_section(self):
        texts = {name: self.text() for name in self.choose.sample(QUESTIONS, 2)}
        page = f"{self.url}section/1/"
        if self.crowd.is_asked("cut"):
            self.cut_off(page)
        if self.expect(302, "section", self.browser.post(page, texts)):
            self.draft.texts |= texts

    def cut_off(self, page):
        fields = dict.fromkeys(QUESTIONS, CUT) | {"padding": "x" * 5000}
        try:
            share = self.choose.uniform(0.02, 0.99)
            self.browser.send_part_of_form(page, fields, share, self.crowd.web_port)
        except OSError:
            self.notebook.count("connection broke")

    def comment(self):
        name, text = self.choose.choice(SENTENCES), self.text()
        fields = {f"said-{name}": text}
        answer = self.browser.post(f"{self.url}principles/{name}/", fields)
        if self.expect(302, "comment", answer):
            self.draft.texts[f"said-{name}"] = text

    def upload(self):
        content = f"{self.email} {self.text()}\n".encode()
        answer = self.browser.upload(f"{self.url}files/", "figures.txt", content)
        if self.expect(302, "upload", answer):
            self.draft.files.add(hashlib.sha256(content).hexdigest())

    def come_back_by_link(self):
        """Ask for a link, and carry on with it at another computer if it comes soon."""
        fields = {"email": self.email}
        if self.expect(302, "link", self.browser.post("/resume/", fields)):
            self.draft.is_link_promised = True
        if link := self.wait_for_link(5):
            self.browser = Browser(self.crowd.site, self.notebook)
            self.browser.get(link)
            answer = self.browser.post(link, {})
            if self.expect(302, "resume", answer):
                self.notebook.count("came back by link")

    def wait_for_link(self, seconds):
        ends_at = time.monotonic() + seconds
        while time.monotonic() < ends_at:
            for message in reversed(self.crowd.sink.journal[-200:]):
                if self.email in message["To"]:
                    text = message.get_body(("plain",)).get_content()
                    if found := LINK.search(text):
                        return found[1]
            time.sleep(0.2)
        return None

    def send(self):
        """Press the button, often more than once, and write down every receipt."""
        self.browser.get(f"{self.url}check/")
        presses = 4 if self.crowd.is_asked("double") else self.choose.choice([1, 1, 2])
        asked_at = time.monotonic()
        with ThreadPoolExecutor(presses) as fingers:
            for _ in range(presses):
                fingers.submit(self.press, asked_at, presses)

    def press(self, asked_at, presses):
        try:
            answer = self.browser.post(f"{self.url}check/", {})
            if answer.status == 302:
                answer = self.browser.get(f"{self.url}sent/")
        except GaveUp:
            self.notebook.count("gave up")
            return
        if found := REFERENCE.search(answer.text):
            reference = found[1] or found[2]
            self.notebook.note_receipt(self.draft, reference, asked_at, presses)
        else:
            self.notebook.surprise(self.draft, "no receipt", answer)

    def expect(self, status, what, answer):
        if answer.status != status:
            self.notebook.surprise(self.draft, what, answer)
        return answer.status == status


def fingerprint(text):
    return hashlib.sha256(text.encode()).hexdigest()[:16]
