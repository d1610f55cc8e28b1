"""Two people at two browsers, in one response."""

import re

import pytest

from submissions.models import Answer, Submission

from .conftest import wait_until
from .test_journey import look_at, press_tab_until
from .test_writing import begin, saved, see

pytestmark = pytest.mark.browser

FIRST, SECOND = "#id_answer-1-1", "#id_answer-1-2"


@pytest.fixture
def two(browser, site):
    """Give a journey the pages of the owner and of Bo, both in section 1."""

    def visit(journey, **options):
        def run(owner):
            url = begin(owner, site)
            owner.goto(url.replace("section/1/", "together/"))
            owner.get_by_label("Your colleague's name").fill("Bo")
            owner.get_by_label("1. The trend towards scale").check()
            owner.get_by_role("button", name="Invite").click()
            link = owner.inner_text(".link-to-pass-on")
            guest = owner.context.browser.new_context(**options).new_page()
            guest.set_default_timeout(40_000)
            guest.goto(link)
            guest.get_by_role("button", name="Open it in this browser").click()
            guest.get_by_role("link", name="The trend towards scale").click()
            guest.wait_for_url("**/section/1/")
            assert "/resume/" not in guest.url
            owner.goto(url)
            try:
                return journey(owner, guest)
            finally:
                guest.context.close()

        return browser.visit(run, **options)

    return visit


def withdraw(owner):
    owner.goto(owner.url.replace("section/1/", "together/"))
    owner.get_by_role("link", name="Withdraw the invitation of Bo").click()
    owner.get_by_role("button", name="Withdraw it").click()


def test_two_people_answer_different_questions_of_one_section(two):
    def write(owner, guest):
        owner.fill(FIRST, "From Ada")
        guest.fill(SECOND, "From Bo")
        see(owner, re.compile("^Saved at"))
        see(guest, re.compile("^Saved at"))
        for page in (owner, guest):
            page.get_by_role("button", name="Save and go back").click()
            page.wait_for_url(re.compile(r"/evidence/[^/]+/$"))

    two(write)

    assert sorted(Answer.objects.values_list("text", flat=True)) == [
        "From Ada",
        "From Bo",
    ]


def test_two_people_who_answer_the_same_question_see_both_texts(two):
    def write(owner, guest):
        guest.fill(FIRST, "From Bo")
        see(guest, re.compile("^Saved at"))
        owner.fill(FIRST, "From Ada")
        see(owner, "Saved in the meantime, in another window or by somebody else")
        assert "From Bo" in owner.inner_text(".clash")
        owner.get_by_role("button", name="Put both into the box").click()
        see(owner, re.compile("^Saved at"))

    two(write)

    saved("From Bo\n\nFrom Ada")


def test_a_guest_who_is_withdrawn_while_typing_keeps_the_text(two):
    def write(owner, guest):
        guest.fill(FIRST, "Before")
        see(guest, re.compile("^Saved at"))
        withdraw(owner)
        guest.fill(FIRST, "Before, and half an evening more")
        see(guest, "Not saved: this browser can no longer open this part.")
        guest.get_by_role("button", name="Save and go back").click()
        wait_until(lambda: "no longer open" in guest.inner_text("#writing-said"))
        assert guest.url.endswith("/section/1/")
        assert guest.input_value(FIRST) == "Before, and half an evening more"

    two(write)

    assert Answer.objects.get().text == "Before"


def test_without_javascript_the_text_comes_back_on_the_page(two):
    def write(owner, guest):
        withdraw(owner)
        guest.fill(FIRST, "Half an evening")
        guest.get_by_role("button", name="Save and go back").click()
        assert "This invitation was withdrawn" in guest.inner_text("h1")
        assert guest.get_by_label("Question 1.1").input_value() == "Half an evening"

    two(write, java_script_enabled=False)

    assert not Answer.objects.exists()


def test_the_pages_are_accessible_and_go_by_keyboard(browser, site):
    def look(page):
        contents = begin(page, site).removesuffix("section/1/")
        page.goto(contents)
        press_tab_until(page, "Write together")
        page.keyboard.press("Enter")
        page.wait_for_url("**/together/")
        press_tab_until(page, "Invite")
        page.keyboard.press("Enter")
        page.wait_for_function("() => document.activeElement.className == 'errors'")
        faults = look_at(page)
        press_tab_until(page, "Enter your colleague's name")
        page.keyboard.press("Enter")
        page.keyboard.type("Bo")
        press_tab_until(page, "1. The trend towards scale")
        page.keyboard.press("Space")
        press_tab_until(page, "Invite")
        page.keyboard.press("Enter")
        page.wait_for_selector(".link-to-pass-on")
        link = page.inner_text(".link-to-pass-on")
        faults += look_at(page) + look_at(page, contents)
        # Another person's computer, for all that the site can tell.
        page.context.clear_cookies()
        faults += look_at(page, link)
        press_tab_until(page, "Open it in this browser")
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(r"/evidence/[^/]+/$"))
        faults += look_at(page) + look_at(page, f"{contents}items/")
        return faults

    assert browser.visit(look, viewport={"width": 320, "height": 640}) == []
    assert Submission.objects.get().invitations.get().opened_at
