"""What a page weighs on its way to a browser, and how long a browser is too busy to answer.

A real Chromium opens pages of a portal as production has it, each as if it were the first,
and once more with what it has kept. For the time that scripts and layout block, its
processor is made four times slower, the draft holds 27 answers of 10,000 characters, and
somebody types into a box that holds 199,000, nearly the most that it takes.
"""

from collections import defaultdict
from urllib.parse import urlsplit

from tests.browser import MISSING, Browser, find

from .comparing import at_most
from .production import Production

CALL = "/calls/keep-it-local-2018-rehearsal/"
MOST_KILOBYTES = 60
SLOWER = 4
# What browsers themselves call a long task, in milliseconds.
LONG_TASK = 50
# A box takes 200,000 letters; there must be room for a few more.
LONG, LONGEST = 10_000, 199_000
BOX = "#id_answer-1-1"
SENTENCE = "Eleven local agreements became three large contracts, and two closed.\n\n"
WATCH = """
    window.busy = [];
    const note = (list) => list.getEntries().forEach((task) => busy.push(task.duration));
    new PerformanceObserver(note).observe({ type: "longtask", buffered: true });
"""
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
            visit(chromium, lambda page: load_down(page, portal, report))
        finally:
            chromium.stop()


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
    for name, address in begin(page, portal).items():
        traffic.forget()
        first = traffic.of(lambda address=address: page.goto(address))
        again = traffic.of(lambda address=address: page.goto(address))
        say_weight(report, name, first, again)


def say_weight(report, name, first, again):
    weight = report.figure(f"{name}: bytes", "KB", at_most(MOST_KILOBYTES))
    weight.values.append(sum(first.values()) / 1000)
    requests = report.figure(f"{name}: requests", "")
    requests.values.append(len(first))
    others = report.figure(f"{name}: third parties", "", at_most(0))
    others.values.append(sum(urlsplit(one).hostname != "localhost" for one in first))
    second = report.figure(f"{name}, again: bytes", "KB")
    second.values.append(sum(again.values()) / 1000)


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


def load_down(page, portal, report):
    page.add_init_script(WATCH)
    pages = begin(page, portal)
    key = pages["contents page"].split("/")[-2]
    portal.sql(ANSWER, SENTENCE, LONG, key)
    tools = page.context.new_cdp_session(page)
    tools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    for name, address in pages.items():
        page.goto(address)
        say_blocking(report, f"{name}, opened", settled(page))
    portal.sql(WRITE_LONGEST, SENTENCE, LONGEST)
    for characters in (LONG, LONGEST):
        number = 2 if characters == LONG else 1
        type_into(page, pages["section 2"].replace("/2/", f"/{number}/"), number)
        name = f"100 letters typed under an answer of {characters:,}"
        say_blocking(report, name, settled(page))


def type_into(page, address, number):
    page.goto(address)
    box = page.locator(f"#id_answer-{number}-1")
    box.focus()
    settled(page)
    page.evaluate("busy.length = 0")
    page.keyboard.press("End")
    page.keyboard.type("Local people know. " * 5 + "Last.", delay=40)
    page.locator(".saved-state[data-state=saved]").first.wait_for()


def settled(page):
    """Wait until nothing more happens; return how long each long task took."""
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(1000)
    return page.evaluate("busy")


def say_blocking(report, name, tasks):
    long_tasks = report.figure(f"{name}: long tasks", "", at_most(0))
    long_tasks.values.append(len(tasks))
    if tasks:
        longest = report.figure(f"{name}: the longest", "ms", at_most(LONG_TASK))
        longest.values.append(max(tasks))
