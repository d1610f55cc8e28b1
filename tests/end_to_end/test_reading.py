"""A member of staff who reads with the keyboard."""

import pytest
from django.test import Client
from django.urls import reverse

from review.models import Flag, Note, Reading, StaffPreference
from tests.staff import member_of_staff, sign_in
from tests.submissions.sent import make_sent, minutes_ago

pytestmark = pytest.mark.browser


@pytest.fixture
def three(consultation):
    """Three submissions, the newest first."""
    return [
        make_sent(
            consultation,
            answers={"1.1": f"Words of {name}. " * 300},
            organisation=name,
            submitted_at=minutes_ago(minutes),
        )
        for minutes, name in enumerate(["Ash", "Birch", "Cedar"])
    ]


@pytest.fixture
def read(browser, site, three):
    """Run a journey on the page of the newest, as Ruth."""
    ruth = member_of_staff("ruth", "view_submission", "review_submission")
    cookies = sign_in(Client(), ruth).cookies
    signed_in = [
        {"name": name, "value": morsel.value, "url": site}
        for name, morsel in cookies.items()
    ]
    first = reverse("admin:submissions_submission_change", args=[three[0].pk])

    def visit(journey):
        def run(page):
            page.context.add_cookies(signed_in)
            page.goto(site + first)
            return journey(page)

        return browser.visit(run)

    return visit


def see(page, name):
    page.get_by_role("heading", level=1, name=name).wait_for()


def test_submissions_are_read_with_the_keyboard(read, three):
    def journey(page):
        see(page, "Ash")
        page.keyboard.press("j")
        see(page, "Birch")
        page.keyboard.press("k")
        see(page, "Ash")
        page.keyboard.press("f")
        page.get_by_text("You have flagged it").wait_for()
        page.keyboard.press("r")
        see(page, "Birch")
        page.keyboard.press("t")
        see(page, "Cedar")
        page.get_by_text("It is yours").wait_for()

    read(journey)

    assert Reading.objects.get().submission == three[0]
    assert Flag.objects.get().submission == three[0]


def test_keys_write_in_fields_and_nothing_else(read, three):
    def journey(page):
        page.keyboard.press("n")
        page.keyboard.type("jkrft? not now")
        assert page.evaluate("() => document.activeElement.value") == "jkrft? not now"
        page.get_by_role("button", name="Add note").click()
        page.locator(".note-text").wait_for()
        see(page, "Ash")
        page.keyboard.press("Control+r")
        see(page, "Ash")

    read(journey)

    assert Note.objects.get().text == "jkrft? not now"
    assert Reading.objects.count() == 0


def test_keys_are_explained_and_can_be_turned_off(read, three):
    def journey(page):
        reading = page.url
        page.keyboard.press("?")
        keys = page.get_by_role("dialog", name="Keyboard shortcuts")
        keys.wait_for()
        page.keyboard.press("j")
        page.keyboard.press("Escape")
        keys.wait_for(state="hidden")
        see(page, "Ash")
        page.get_by_role("link", name="Keyboard shortcuts").click()
        keys.get_by_role("link", name="Turn them off").click()
        page.get_by_role("button", name="Turn them off").click()
        page.get_by_text("They are off.").wait_for()
        page.goto(reading)
        see(page, "Ash")
        page.keyboard.press("j")
        page.wait_for_timeout(500)
        assert page.url == reading

    read(journey)
    assert not StaffPreference.objects.get().has_shortcuts
