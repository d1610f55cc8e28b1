"""The whole way in a real browser and real programs, and what of it leaks where."""

import re
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.contrib.auth import get_user_model

from submissions.models import Submission
from tests.stored import everything_stored

from .conftest import wait_until
from .pages import begin, staff_sign_in

pytestmark = pytest.mark.browser

LINK = re.compile(r"http://localhost:\d+/resume/([^/\s]+)/")
ADDRESS, PASSWORD = "ada@quagga.example", "a long enough password"


@pytest.fixture
def elsewhere():
    """Another site, with the `visits` that it had: what each said of where it came from."""

    class Site(BaseHTTPRequestHandler):
        def do_GET(self):
            if self.path == "/":
                visits.append(self.headers.get("Referer"))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args):
            pass

    visits = []
    with HTTPServer(("127.0.0.1", 0), Site) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        server.visits = visits
        server.url = f"http://127.0.0.1:{server.server_port}/"
        yield server
        server.shutdown()


@pytest.fixture
def log(environment, tmp_path):
    """All that the programs of this test say, in one file."""
    with (tmp_path / "log").open("w") as file:
        # Handed to each with the rest of what it is told.
        environment["output"] = file
        yield tmp_path / "log"


def test_what_a_page_may_not_load_fails_the_test_that_opened_it(browser, site):
    """The watch that every browser test is under works."""

    def put_in_a_script(page):
        page.goto(site)
        page.evaluate(
            "document.body.append(Object.assign(document.createElement('script'),"
            " {text: 'document.title = 1'}))"
        )
        assert page.title() != "1"

    with pytest.raises(AssertionError, match="Content Security Policy"):
        browser.visit(put_in_a_script)


def test_a_link_waits_for_its_button_and_is_told_to_nobody(
    log, browser, site, worker, smtp_sink, elsewhere
):
    """All of a respondent's way and of staff's, then every log and every table."""

    def respond(page):
        draft = begin(page, site)
        page.goto(f"{draft}save/")
        page.get_by_label("email address").fill(ADDRESS)
        page.get_by_role("button", name="Email me the link").click()
        page.wait_for_url("**/resume/sent/")

    def open_link(page):
        page.goto(f"{site}/resume/{token}/")
        page.wait_for_timeout(500)
        waits = page.url.endswith(f"/resume/{token}/")
        # As a click on a link to somewhere else.
        page.evaluate("url => { location.href = url }", elsewhere.url)
        page.wait_for_url(elsewhere.url)
        page.go_back()
        page.get_by_role("button", name="Open it in this browser").click()
        page.wait_for_url("**/evidence/**")
        shows = token in page.content()
        page.goto(f"{page.url}check/")
        page.get_by_role("button", name="Send your evidence").click()
        page.wait_for_url("**/sent/")
        return waits, shows

    def review(page):
        staff_sign_in(page, site, "grace", PASSWORD)
        page.goto(f"{site}/admin/submissions/submission/?q=Ada")
        page.goto(f"{site}/admin/submissions/submission/{sent.pk}/change/")
        return page.inner_text("main")

    browser.visit(respond)
    [mail] = wait_until(lambda: smtp_sink.journal[:1])
    [token] = LINK.findall(mail.get_body(["plain"]).get_content())
    waits, shows = browser.visit(open_link)
    wait_until(lambda: len(smtp_sink.journal) > 1)
    get_user_model().objects.create_superuser("grace", "", PASSWORD)
    sent = Submission.objects.get()

    assert "Eleven became three" in browser.visit(review)
    assert (waits, shows) == (True, False)
    assert elsewhere.visits == [None]
    said = log.read_text()
    assert "gunicorn" in said
    assert "outbox.tasks.deliver_due" in said
    assert [word for word in (token, ADDRESS, "quagga", PASSWORD) if word in said] == []
    assert [word for word in (token, PASSWORD) if word in everything_stored()] == []
