"""Every page that a respondent can meet, for the tests that look at them all."""

import uuid

from tests.staff import code_for

NOTES = {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"Evidence"}
CALL = "calls/keep-it-local-2018-rehearsal/"
PUBLIC = ["", f"{CALL}text/", f"{CALL}start/", "resume/", "resume/sent/", "nowhere/"]
PUBLIC += [f"{CALL}privacy/", "accessibility/"]
DRAFT = [
    "",
    "about-you/",
    "section/2/",
    "principles/",
    "principles/4-v1-2/",
    "items/",
    f"items/{uuid.UUID(int=1)}/?for=question-1-4",
    "items/add/?for=question-2-1",
    "earlier/section-1/",
    "save/",
    "together/",
    "status/",
    "check/",
]
SENT = ["sent/", "copy/", "status/", "publication/", "withdraw/"]


def begin(page, site):
    """Begin a draft that has something of everything in it; return its address."""
    page.goto(site)
    page.get_by_role("link", name="Give your evidence").click()
    page.get_by_role("button", name="Start now").click()
    draft = page.url
    page.goto(f"{draft}about-you/")
    page.get_by_label("Your name").fill("Ada O'Brien")
    page.get_by_label("Your email address").fill("ada@gmial.com")
    page.get_by_label("Publish my response with my name").check()
    page.get_by_role("button", name="Save and go on").click()
    page.get_by_label("1.4 Are you aware").fill("Eleven became three. " * 40)
    page.get_by_label("May we publish this?").nth(3).select_option("locality-only")
    page.get_by_role("button", name="Add evidence for question 1.4").click()
    page.get_by_label("What would you call this evidence?").fill("Evaluation, 2017")
    page.get_by_label("Evaluation or research").check()
    page.get_by_role("button", name="Save this evidence").click()
    page.wait_for_url("**/section/1/**")
    page.locator("#id_answer-1-5").fill("Ring 020 7946 0018 " + "or" * 200)
    page.get_by_role("button", name="Save and go on").click()
    # The browser takes the fragment of the page before along.
    page.wait_for_url("**/section/2/**")
    page.goto(f"{draft}principles/4-v1-2/")
    page.locator("#id_suggestion-4-v1-2").fill("Instead fund in grants.")
    page.get_by_role("button", name="Save and show the difference").click()
    page.get_by_text("added:").wait_for()
    page.goto(f"{draft}items/")
    page.set_input_files("#upload input[type=file]", NOTES)
    page.get_by_role("link", name="notes.txt", exact=True).wait_for()
    return draft


def send(page, draft):
    page.goto(f"{draft}check/")
    page.get_by_role("button", name="Send your evidence").click()
    page.wait_for_url("**/sent/")


def every_page(page, site):
    """Go to each page in turn and yield its address; the last ones after sending."""
    for path in PUBLIC:
        yield go(page, f"{site}/{path}")
    draft = begin(page, site)
    for path in DRAFT:
        yield go(page, draft + path)
    page.goto(f"{draft}about-you/")
    page.get_by_label("Your email address").fill("nonsense")
    page.get_by_role("button", name="Save and go on").click()
    page.wait_for_function("() => document.activeElement.className == 'errors'")
    yield "an error"
    send(page, draft)
    for path in SENT:
        yield go(page, draft + path)


def staff_sign_in(page, site, username, password):
    """Sign in for the first time as a member of staff does: app, code, recovery codes."""
    page.goto(f"{site}/admin/")
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Code", exact=True).fill(code_for(page.inner_text(".secret")))
    page.get_by_role("button", name="Set up and sign in").click()
    page.get_by_role("link", name="I have kept them: go on").click()
    page.wait_for_url("**/admin/")


def go(page, url):
    page.goto(url)
    return url
