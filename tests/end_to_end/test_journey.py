"""The whole way on the real parts: browser, web server, worker, mail server, staff, CSV."""

import csv
import io
import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth import get_user_model
from django.db import connection

from outbox.models import OutgoingEmail, State
from submissions.models import Submission

from .conftest import wait_until
from .pages import staff_sign_in

pytestmark = pytest.mark.browser

EVIDENCE = (
    'In 2009 we had eleven "local" agreements, today three 🏡.\n\n=SUM(A1) – no less.'
)
LINK = re.compile(r"http://localhost:\d+/resume/[^/\s]+/")


def write_evidence(page, site):
    """Go from the home page to the contents page, writing on the way."""
    page.goto(site)
    page.get_by_role("link", name="Give your evidence").click()
    page.get_by_role("button", name="Start now").click()
    page.get_by_role("link", name="About you").click()
    page.get_by_label("For an organisation").check()
    page.get_by_label("Your name").fill("Ada O'Brien")
    page.get_by_label("Name of your organisation").fill("Riverside Community Trust")
    page.get_by_label("Your email address").fill("ada@riverside.example")
    page.get_by_label("Publish my response with my name").check()
    page.get_by_label("I have finished this part").check()
    page.get_by_role("button", name="Save and go on").click()
    page.get_by_label("1.4 Are you aware").fill(EVIDENCE)
    page.get_by_role("button", name="Save and go back").click()
    page.wait_for_url(re.compile(r"/evidence/[^/]+/$"))


def write_the_rest(page):
    """Answer every question of the call but 1.4, and comment on every principle."""
    page.get_by_role("link", name="The trend towards scale").click()
    for number in (1, 2, 3, 4, 5):
        page.wait_for_url(f"**/section/{number}/")
        for box in page.locator("textarea").all():
            code = box.get_attribute("name").removeprefix("answer-").replace("-", ".")
            if code != "1.4":
                box.fill(f"Evidence on {code}")
        page.get_by_role("button", name="Save and go on").click()
    page.wait_for_url("**/principles/")
    for number in (1, 2, 3, 4, 5):
        page.locator(f"#id_stance-{number}-v1").get_by_label("Agree in part").check()
        page.locator(f"#id_comment-{number}-v1").fill(f"On principle {number}.")
    page.locator("#id_comment").fill("On them all.")
    page.get_by_role("button", name="Save and go on").click()
    page.get_by_role("link", name="Go on to check your answers").click()
    page.wait_for_url("**/check/")


EVERYTHING = [
    EVIDENCE,
    *(f"Evidence on 1.{number}" for number in (1, 2, 3, 5, 6)),
    *(f"Evidence on 2.{number}" for number in range(1, 8)),
    *(f"Evidence on 3.{number}" for number in range(1, 6)),
    *(f"Evidence on 4.{number}" for number in range(1, 5)),
    *(f"Evidence on 5.{number}" for number in range(1, 6)),
    *(f"On principle {number}." for number in range(1, 6)),
    "On them all.",
]


@pytest.mark.parametrize("has_javascript", [True, False])
def test_evidence_travels_from_the_browser_to_the_csv(
    browser, site, worker, smtp_sink, has_javascript
):
    def respond(page):
        write_evidence(page, site)
        assert "1 of 6 questions answered" in page.inner_text("main")
        write_the_rest(page)
        shown = page.inner_text("main")
        assert [text for text in EVERYTHING if text not in shown] == []
        page.get_by_role("button", name="Send your evidence").click()
        page.wait_for_url("**/sent/")
        return page.inner_text(".reference")

    def review(page):
        staff_sign_in(page, site, "grace", "a long enough password")
        page.goto(f"{site}/admin/submissions/submission/")
        page.get_by_role("link", name="Export these").click()
        page.get_by_label("CSV", exact=True).check()
        page.get_by_label("One row an answer or comment").check()
        with page.expect_download() as download:
            page.get_by_role("button", name="Export").click()
        page.goto(f"{site}/admin/submissions/submission/?q={reference}")
        page.get_by_role("link", name="Riverside").first.click()
        page.wait_for_url("**/change/**")
        return page.inner_text("body"), download.value.path().read_bytes()

    reference = browser.visit(respond, java_script_enabled=has_javascript)
    wait_until(lambda: smtp_sink.journal)
    get_user_model().objects.create_superuser("grace", "", "a long enough password")
    shown, exported = browser.visit(review)

    [mail] = smtp_sink.journal
    assert mail["To"] == "ada@riverside.example"
    assert reference in mail["Subject"]
    assert [text for text in EVERYTHING if text not in shown] == []
    rows = list(csv.reader(io.StringIO(exported.decode("utf-8-sig"))))
    cells = Counter(cell for row in rows for cell in row)
    assert [text for text in EVERYTHING if cells[text] != 1] == []


def test_a_response_goes_on_from_another_device(browser, site, worker, smtp_sink):
    def leave(page):
        write_evidence(page, site)
        page.get_by_role("link", name="Email me a link to come back").click()
        page.get_by_label("Other people use this computer").check()
        page.get_by_role("button", name="Email me the link").click()
        assert "ada@riverside.example" in page.inner_text("main")
        page.go_back()
        page.reload()
        assert "We cannot find that page" in page.inner_text("main")

    def carry_on(page):
        page.goto(link)
        page.get_by_role("button", name="Open it in this browser").click()
        assert "/resume/" not in page.url
        page.get_by_role("link", name="The trend towards scale").click()
        return page.get_by_label("1.4 Are you aware").input_value()

    browser.visit(leave)
    wait_until(lambda: smtp_sink.journal)
    [mail] = smtp_sink.journal
    [link] = LINK.findall(mail.get_body(["plain"]).get_content())

    assert browser.visit(carry_on, viewport={"width": 320, "height": 640}) == EVIDENCE


def test_without_a_worker_the_loop_delivers(browser, site, outbox_loop, smtp_sink):
    def respond(page):
        write_evidence(page, site)
        page.get_by_role("link", name="Check your answers").click()
        page.get_by_role("button", name="Send your evidence").click()
        return page.inner_text(".reference")

    reference = browser.visit(respond)

    wait_until(lambda: smtp_sink.journal)
    assert reference in smtp_sink.journal[0]["Subject"]
    wait_until(lambda: OutgoingEmail.objects.filter(state=State.SENT).exists())


def test_every_page_is_accessible_and_as_wide_as_the_screen(browser, site):
    def look(page):
        write_evidence(page, site)
        contents = page.url
        paths = ["", "about-you/", "section/2/", "principles/", "save/", "check/"]
        urls = [site, f"{site}/resume/", f"{site}/resume/sent/", f"{site}/nowhere/"]
        call = "calls/keep-it-local-2018-rehearsal"
        urls += [f"{site}/{call}/{page}/" for page in ("text", "start", "privacy")]
        urls.append(f"{site}/accessibility/")
        faults = [look_at(page, url) for url in urls]
        faults += [look_at(page, contents + path) for path in paths]
        page.goto(f"{contents}about-you/")
        page.get_by_label("Your email address").fill("nonsense")
        page.get_by_role("button", name="Save and go on").click()
        page.wait_for_function("() => document.activeElement.className == 'errors'")
        faults.append(look_at(page))
        page.goto(f"{contents}check/")
        page.get_by_role("button", name="Send your evidence").click()
        after = ["copy/", "status/", "publication/", "withdraw/", "sent/"]
        faults += [look_at(page, contents + path) for path in after]
        page.get_by_role("button", name="Change what you sent").click()
        faults += [look_at(page), look_at(page, f"{page.url}discard/")]
        return [fault for found in faults for fault in found]

    assert browser.visit(look, viewport={"width": 320, "height": 640}) == []
    assert Submission.objects.submitted().count() == 1


def test_the_page_of_a_closed_call_is_accessible(browser, site, close):
    def close_the_call():
        close()
        connection.close()

    def look(page):
        write_evidence(page, site)
        # Playwright's own thread may not speak to the database.
        with ThreadPoolExecutor(1) as thread:
            thread.submit(close_the_call).result()
        faults = look_at(page, page.url)
        page.get_by_role("button", name="Ask for more time").click()
        page.wait_for_function("() => document.activeElement.className == 'errors'")
        faults += look_at(page)
        page.get_by_label("Why do you need more time?").fill("Ill")
        page.get_by_role("button", name="Ask for more time").click()
        page.get_by_text("It is not decided yet.").wait_for()
        return faults + look_at(page)

    assert browser.visit(look, viewport={"width": 320, "height": 640}) == []


def look_at(page, url=None):
    """Return what axe-core finds on a page, and whether it scrolls sideways."""
    if url:
        page.goto(url)
    found = [
        f"{page.url} {violation['id']}: {violation['help']}"
        for violation in Axe().run(page).response["violations"]
    ]
    width = page.evaluate("document.documentElement.scrollWidth")
    if width > 320:
        found.append(f"{page.url} is {width} px wide")
    return found


def test_the_journey_goes_by_keyboard(browser, site):
    def respond(page):
        page.goto(site)
        press_tab_until(page, "Give your evidence")
        page.keyboard.press("Enter")
        page.wait_for_url("**/start/")
        press_tab_until(page, "Start now")
        page.keyboard.press("Enter")
        page.wait_for_url("**/evidence/**")
        press_tab_until(page, "About you")
        page.keyboard.press("Enter")
        page.wait_for_url("**/about-you/")
        page.get_by_label("Your name").focus()
        page.keyboard.type("Ada")
        press_tab_until(page, "Publish my response with my name")
        page.keyboard.press("Space")
        press_tab_until(page, "Save and go on")
        page.keyboard.press("Enter")
        page.wait_for_url("**/section/1/")
        press_tab_until(page, "1.1")
        page.keyboard.type("Yes: three contracts.")
        press_tab_until(page, "Save and go back")
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(r"/evidence/[^/]+/$"))
        press_tab_until(page, "Check your answers")
        page.keyboard.press("Enter")
        page.wait_for_url("**/check/")
        press_tab_until(page, "Send your evidence")
        page.keyboard.press("Enter")
        page.wait_for_url("**/sent/")

    browser.visit(respond)

    assert Submission.objects.submitted().get().name == "Ada"


def press_tab_until(page, name):
    """Go on by Tab until the thing in focus has a name that starts so."""
    for _press in range(60):
        page.keyboard.press("Tab")
        if page.evaluate(NAME_IN_FOCUS).startswith(name):
            return
    raise AssertionError(f"Tab never comes to {name}")


NAME_IN_FOCUS = """() => {
  const element = document.activeElement;
  const label = element.labels && element.labels[0];
  return (label || element).innerText.trim();
}"""
