"""What a page weighs on its way to a browser, and how long a browser is too busy to answer.

A real Chromium opens pages of a portal as production has it, each as if it were the first,
and once more with what it has kept. How long scripts and layout keep it from taking a key
is the CPU time of its longest task, which 50 ms make a long one: with the processor as it
is, and made four times slower, as an old telephone's is; with a draft that has just been
begun, and with one as full as they come, 27 answers of 10,000 characters; then with one of
them as long as a box takes, 199,000. Somebody types into a box that holds 10,000, and into
that one.
"""

import json
from collections import defaultdict
from urllib.parse import urlsplit

from benchmarks.comparing import at_most
from tests.browser import MISSING, Browser, find

from .production import Production

CALL = "/calls/keep-it-local-2018-rehearsal/"
MOST_KILOBYTES = 60
# Milliseconds. What takes more is a "long task".
LONGEST_TASK = at_most(50)
# How many times slower than it is the processor is made.
SLOWER = [1, 4]
ROUNDS = 3
# A box takes 200,000 letters; there must be room for a few more.
LONG, LONGEST = 10_000, 199_000
TYPED = "Local people know. " * 2
SENTENCE = "Eleven local agreements became three large contracts, and two closed.\n\n"
ANSWER = """
    INSERT INTO submissions_answer (submission_id, question_id, text, confidence)
    SELECT s.id, q.id, left(repeat(%s, 3000), %s), 'publish'
    FROM submissions_submission s
    JOIN consultations_section c ON c.consultation_id = s.consultation_id
    JOIN consultations_question q ON q.section_id = c.id
    WHERE s.key::text = %s
"""
WRITE_LONGEST = """
    UPDATE submissions_answer a SET text = left(repeat(%s, 3000), %s)
    FROM consultations_question q WHERE q.id = a.question_id AND q.code = '1.1'
"""


def measure(report, quick=False):
    chromium = Browser()
    path = find()
    assert path, MISSING
    with Production() as portal:
        chromium.start(path)
        try:
            visit(chromium, lambda page: weigh(page, portal, report))
            rounds = 1 if quick else ROUNDS
            visit(chromium, lambda page: block(page, portal, report, rounds))
        finally:
            chromium.stop()
    report.note(
        "A task is as long as the processor works on it: by the clock, what else a busy"
        " machine does would count too. None above 50 ms are no long tasks. To be slower"
        " Chromium stops itself by the clock, so these say too much of a busy machine."
    )


def visit(chromium, journey):
    return chromium.visit(journey, is_probed=True, ignore_https_errors=True)


def begin(page, portal):
    """Begin a draft; returns its address and what pages there are to look at."""
    site = f"https://localhost:{portal.place.port}"
    page.goto(f"{site}{CALL}start/")
    page.get_by_role("button", name="Start now").click()
    page.wait_for_url("**/evidence/**")
    draft = page.url
    return {
        "home page": f"{site}/",
        "the call and its questions": f"{site}{CALL}text/",
        "start page": f"{site}{CALL}start/",
        "contents page": draft,
        "about you": f"{draft}about-you/",
        "section 2": f"{draft}section/2/",
        "principles": f"{draft}principles/",
        "files": f"{draft}items/",
        "check answers": f"{draft}check/",
    }


# What pages weigh


def weigh(page, portal, report):
    traffic = Traffic(page)
    requests = report.figure("requests of a page, at most", "")
    others = report.figure("requests to third parties", "", at_most(0))
    for name, address in begin(page, portal).items():
        traffic.forget()
        first = traffic.of(lambda address=address: page.goto(address))
        again = traffic.of(lambda address=address: page.goto(address))
        weight = report.figure(name, "KB", at_most(MOST_KILOBYTES))
        weight.values.append(sum(first.values()) / 1000)
        second = report.figure(f"{name}, a second time", "KB")
        second.values.append(sum(again.values()) / 1000)
        requests.values = [max(len(first), *requests.values, 0)]
        others.values = [sum(others.values) + len(third_parties(first))]


def third_parties(addresses):
    return [one for one in addresses if urlsplit(one).hostname != "localhost"]


class Traffic:
    """The bytes that a browser receives, heads and all, by address."""

    def __init__(self, page):
        self._page = page
        self._tools = page.context.new_cdp_session(page)
        self._tools.send("Network.enable")
        self._tools.on("Network.requestWillBeSent", self._note_request)
        self._tools.on("Network.loadingFinished", self._note_end)
        self._tools.on("Network.requestServedFromCache", self._note_cached)
        self._addresses, self._received = {}, defaultdict(int)
        self._cached = set()

    def forget(self):
        """Have the browser forget every file that it keeps."""
        self._tools.send("Network.clearBrowserCache")

    def of(self, happen):
        self._addresses.clear()
        self._received.clear()
        happen()
        self._page.wait_for_load_state("networkidle")
        return dict(self._received)

    def _note_request(self, event):
        if not event["request"]["url"].startswith("data:"):
            self._addresses[event["requestId"]] = event["request"]["url"]

    def _note_cached(self, event):
        self._addresses.pop(event["requestId"], None)

    def _note_end(self, event):
        # What comes out of the browser's own cache has no bytes.
        address = self._addresses.get(event["requestId"])
        if address and event["encodedDataLength"]:
            self._received[address] += event["encodedDataLength"]


# How long pages block


def block(page, portal, report, rounds):
    pages = begin(page, portal)
    blocking = Blocking(report, page, rounds)
    blocking.in_rounds(lambda: look_at(page, pages, blocking))
    key = pages["contents page"].split("/")[-2]
    portal.sql(ANSWER, SENTENCE, LONG, key)
    blocking.in_rounds(lambda: look_at_full(page, pages, blocking))
    portal.sql(WRITE_LONGEST, SENTENCE, LONGEST)
    blocking.in_rounds(lambda: look_at_longest(page, pages, blocking))


def look_at(page, pages, blocking):
    """Open every page of a draft that has just been begun, as most people see them."""
    for name, address in pages.items():
        open_with(page, address, name, blocking)


def look_at_full(page, pages, blocking):
    """Open what is longest with a full draft, and type into it."""
    for name in ("section 2", "check answers"):
        open_with(page, pages[name], f"{name} of a full draft", blocking)
    type_below(page, pages, 2, LONG, blocking)


def look_at_longest(page, pages, blocking):
    """The same with one answer of nearly all that a box takes, which has no bound to reach."""
    what = f"check answers, one of them {LONGEST:,} letters"
    open_with(page, pages["check answers"], what, blocking, to_reach=None)
    type_below(page, pages, 1, LONGEST, blocking)


def open_with(page, address, what, blocking, to_reach=LONGEST_TASK):
    took = longest_task(page, lambda: page.goto(address))
    blocking.note(f"{what}, opened", took, to_reach)


def type_below(page, pages, section, characters, blocking):
    """Type at the end of the first answer of a section, which holds as many characters."""
    page.goto(pages["section 2"].replace("/2/", f"/{section}/"))
    page.locator(f"#id_answer-{section}-1").focus()
    page.keyboard.press("End")
    settle(page)
    what = f"{len(TYPED)} letters typed below {characters:,}"
    blocking.note(what, longest_task(page, lambda: type_and_be_saved(page)))


def type_and_be_saved(page):
    page.keyboard.type(TYPED, delay=40)
    page.locator(".saved-state[data-state=saved]").first.wait_for()


def settle(page):
    """Wait until nothing more happens."""
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(200)


def longest_task(page, happen):
    """Have something happen; return the CPU time of the page's longest task, in ms."""
    browser = page.context.browser
    browser.start_tracing(page=page, categories=["toplevel"])
    happen()
    settle(page)
    events = json.loads(browser.stop_tracing())["traceEvents"]
    pages = {
        event["tid"]
        for event in events
        if event["name"] == "thread_name" and event["args"]["name"] == "CrRendererMain"
    }
    tasks = [event for event in events if event["tid"] in pages and "tdur" in event]
    return max(event["tdur"] for event in tasks) / 1000


class Blocking:
    """The longest tasks of several rounds, on the processor as it is and on a slower one."""

    def __init__(self, report, page, rounds):
        self._report = report
        # Another session would be slowed down beside this one, not instead of it.
        self._tools = page.context.new_cdp_session(page)
        self._rounds = rounds
        self._rate = 1
        self._figures = {}

    def in_rounds(self, look):
        for _ in range(self._rounds):
            for self._rate in SLOWER:
                rate = {"rate": self._rate}
                self._tools.send("Emulation.setCPUThrottlingRate", rate)
                look()

    def note(self, what, took, to_reach=LONGEST_TASK):
        is_slower = self._rate > 1
        name = f"{what}{f', {self._rate} × slower' if is_slower else ''}: longest task"
        if name not in self._figures:
            to_reach = None if is_slower else to_reach
            self._figures[name] = self._report.figure(name, "ms", to_reach)
        self._figures[name].values.append(took)
