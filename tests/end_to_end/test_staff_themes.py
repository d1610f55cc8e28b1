"""A member of staff themes words in a real browser."""

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.urls import reverse

from review.models import ThemedPassage
from tests.staff import sign_in
from tests.submissions.sent import make_sent

pytestmark = pytest.mark.browser

TEXT = "Lots 😀 help.\nSmall lots help more; small lots help most."
# Marks the words as dragging over them does, and lets go.
MARK = """([place, start, end]) => {
  const node = document.querySelector(`[data-place="${place}"]`).lastChild;
  node.parentElement.scrollIntoView();
  const range = document.createRange();
  range.setStart(node, start);
  range.setEnd(node, end);
  document.getSelection().removeAllRanges();
  document.getSelection().addRange(range);
}"""


def test_marked_words_get_a_theme_by_keyboard(browser, site, client, consultation):
    staff = get_user_model().objects.create_superuser("grace", "grace@locality.example")
    sign_in(client, staff)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    sent = make_sent(consultation, answers={"1.1": TEXT, "1.2": TEXT})
    page_of = reverse("admin:submissions_submission_change", args=[sent.pk])
    errors = []

    def theme(page):
        page.on("console", lambda said: errors.append(said.text))
        page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}]
        )
        page.goto(f"{site}{page_of}")
        # A browser counts the emoji as two, the server as one.
        start = TEXT.rindex("lots") + 1
        page.evaluate(MARK, ["question-1-2", start, start + len("lots ")])
        page.locator(".passage-tools").get_by_role(
            "button", name="Add a theme", exact=True
        ).click()
        page.wait_for_function("() => document.activeElement.name === 'theme'")
        page.keyboard.type("Smaller lots")
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Add “Smaller lots” to the codebook").click()
        page.wait_for_url("**#passage-*")
        return page.inner_text("[data-place='question-1-2'] mark")

    assert browser.visit(theme) == "lots"
    passage = ThemedPassage.objects.get()
    assert (passage.start, passage.quote) == (TEXT.rindex("lots"), "lots")
    assert passage.theme.name == "Smaller lots"
    # The page that asks about the new name answers 422.
    assert [error for error in errors if "422" not in error] == []
