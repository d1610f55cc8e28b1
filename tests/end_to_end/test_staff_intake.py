"""A letter is placed under the questions in a real browser."""

import pytest
from django.conf import settings

from review.models import PlacedParagraph
from tests.review.intakes import make_intake, moderator
from tests.staff import sign_in

pytestmark = pytest.mark.browser


@pytest.fixture
def at_desk(browser, site, client, consultation):
    """Run a journey of a moderator's on the page of an intake."""
    staff = moderator("mo")
    intake = make_intake(staff)
    sign_in(client, staff)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value

    def visit(journey):
        def signed_in(page):
            errors = []
            page.on("console", lambda said: errors.append(said.text))
            page.on("pageerror", lambda error: errors.append(str(error)))
            page.context.add_cookies(
                [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}]
            )
            page.goto(f"{site}/admin/intake/{intake.pk}/")
            journey(page)
            return errors

        assert browser.visit(signed_in) == []
        return intake

    return visit


def test_passages_are_placed_by_keyboard_alone(at_desk):
    def place(page):
        page.get_by_label("Paragraph 2").focus()
        page.keyboard.press("Space")
        page.keyboard.press("Shift+ArrowDown")
        page.get_by_text("2 paragraphs selected").wait_for()
        page.keyboard.press("Enter")
        page.keyboard.type("1.4")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.get_by_text("2 paragraphs are now under 1.4.").wait_for()
        # The next that is not placed is where it goes on.
        page.wait_for_function("() => document.activeElement.name === 'paragraph'")
        page.keyboard.press("ArrowDown")

    intake = at_desk(place)

    assert intake.transcriptions.get().place == "question-1-4"
    assert list(PlacedParagraph.objects.values_list("number", flat=True)) == [2, 3]


def test_selected_words_are_placed_as_a_part(at_desk):
    def place(page):
        words = page.locator(".words").nth(1)
        words.evaluate(
            "one => getSelection().setBaseAndExtent("
            "one.firstChild, 0, one.firstChild, 16)"
        )
        words.dispatch_event("mouseup", {"bubbles": True})
        page.get_by_text("A part is selected").wait_for()
        page.get_by_role("button", name="Put under 1.1", exact=True).click()
        page.get_by_text("1 paragraph is now under 1.1.").wait_for()

    intake = at_desk(place)

    assert intake.transcriptions.get().text == "Eleven contracts"
    assert PlacedParagraph.objects.get().is_part
