"""A moderator redacts and publishes, and a stranger finds it, in real browsers."""

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model

from tests.staff import sign_in
from tests.submissions.sent import make_sent

pytestmark = pytest.mark.browser

# Marks the second "Bob" of the text, as a mouse does.
MARK = """() => {
  const text = document.querySelector('[data-place="question-1-4"]').firstChild;
  const start = text.data.lastIndexOf("Bob");
  const range = document.createRange();
  range.setStart(text, start);
  range.setEnd(text, start + 3);
  document.getSelection().removeAllRanges();
  document.getSelection().addRange(range);
}"""


def test_marked_words_are_taken_out_before_the_public_reads_them(
    browser, site, client, consultation
):
    staff = get_user_model().objects.create_superuser("mona", "mona@locality.example")
    sign_in(client, staff)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    # An emoji is one character here and two in a browser.
    submission = make_sent(
        consultation, answers={"1.4": "🏡 Bob the dog barked when Bob came."}
    )
    errors = []

    def moderate(page):
        page.on("console", lambda said: errors.append(said.text))
        page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}]
        )
        page.goto(f"{site}/admin/publishing/{submission.pk}/")
        page.evaluate(MARK)
        page.locator(".passage-tools button").click()
        page.get_by_label("Why: the public reads this").select_option("third-party")
        page.get_by_role("button", name="Redact these words").click()
        page.get_by_text("[redacted: about somebody else]").wait_for()
        # By keyboard alone.
        page.get_by_role("button", name="Approve", exact=True).focus()
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Publish", exact=True).focus()
        page.keyboard.press("Enter")
        page.get_by_text("is published").first.wait_for()

    def read(page):
        page.goto(site)
        page.get_by_role("link", name="Read the published responses").click()
        page.get_by_label("Words to find").fill("bark")
        page.get_by_role("button", name="Search").click()
        page.get_by_role("link", name="Riverside Community Trust").click()
        return page.locator("#question-1-4 .answer").inner_text()

    browser.visit(moderate)

    assert browser.visit(read) == (
        "🏡 Bob the dog barked when [redacted: about somebody else] came."
    )
    assert errors == []
