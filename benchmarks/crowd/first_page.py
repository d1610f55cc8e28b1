"""What a page weighs on its way to a browser, and how long a browser is too busy to answer.

A real Chromium opens pages of a portal as production has it, each as if it were the first,
and once more with what it has kept. How often scripts and layout block it for longer than
50 ms is counted as the processor is, and with it made four times slower, as an old
telephone's is. The draft then holds 27 answers of 10,000 characters, and somebody types
into a box that holds 10,000, and into one of 199,000, nearly the most that it takes.
"""

from collections import defaultdict
from urllib.parse import urlsplit

from benchmarks.comparing import at_most
from tests.browser import MISSING, Browser, find

from .production import Production

CALL = "/calls/keep-it-local-2018-rehearsal/"
MOST_KILOBYTES = 60
# How many times slower than it is the processor is made.
SLOWER = [1, 4]
ROUNDS = 5
# A box takes 200,000 letters; there must be room for a few more.
LONG, LONGEST = 10_000, 199_000
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
            blocking = Blocking(report, rounds=1 if quick else ROUNDS)
            visit(chromium, lambda page: load_down(page, portal, blocking))
        finally:
            chromium.stop()
    report.note(
        "A long task is one of 50 ms by the clock: on a machine that is busy with something"
        " else, that counts too."
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


def load_down(page, portal, blocking):
    page.add_init_script(WATCH)
    pages = begin(page, portal)
    key = pages["contents page"].split("/")[-2]
    portal.sql(ANSWER, SENTENCE, LONG, key)
    portal.sql(WRITE_LONGEST, SENTENCE, LONGEST)
    tools = page.context.new_cdp_session(page)
    for _ in range(blocking.rounds):
        for rate in SLOWER:
            tools.send("Emulation.setCPUThrottlingRate", {"rate": rate})
            look_at(page, pages, blocking, f"{rate} × slower" if rate > 1 else "")


def look_at(page, pages, blocking, slower):
    for name, address in pages.items():
        page.goto(address)
        blocking.note(f"{name}, opened", slower, settled(page))
    for number, characters in ((2, LONG), (1, LONGEST)):
        type_into(page, pages["section 2"].replace("/2/", f"/{number}/"), number)
        what = f"100 letters typed below {characters:,}"
        blocking.note(what, slower, settled(page))


def type_into(page, address, number):
    page.goto(address)
    page.locator(f"#id_answer-{number}-1").focus()
    page.keyboard.press("End")
    settled(page)
    page.evaluate("busy.length = 0")
    page.keyboard.type("Local people know. " * 5 + "Last.", delay=40)
    page.locator(".saved-state[data-state=saved]").first.wait_for()


def settled(page):
    """Wait until nothing more happens; return how long each long task took."""
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(500)
    return page.evaluate("busy")


class Blocking:
    """The long tasks of several rounds."""

    def __init__(self, report, rounds):
        self.rounds = rounds
        self._report = report
        self._figures = {}

    def note(self, what, slower, tasks):
        name = f"{what}{', ' if slower else ''}{slower}: long tasks"
        if name not in self._figures:
            self._figures[name] = self._report.figure(name, "", at_most(0))
        self._figures[name].values.append(len(tasks))
