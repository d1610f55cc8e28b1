"""A member of staff words an email in a real browser."""

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model

from submissions.models import EmailWording
from tests.staff import sign_in

pytestmark = pytest.mark.browser


def test_the_preview_follows_what_is_typed(browser, site, client, consultation):
    staff = get_user_model().objects.create_superuser("grace", "grace@locality.example")
    sign_in(client, staff)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    errors = []

    def word(page):
        page.on("console", lambda said: errors.append(said.text))
        page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}]
        )
        page.goto(f"{site}/admin/emails/{consultation.slug}/acknowledgement/")
        preview = page.locator("#preview")
        page.get_by_label("Subject").fill("Thank you <b>[refrence]</b>")
        preview.get_by_text("[refrence] is not a placeholder").wait_for()
        page.get_by_label("Subject").fill("Thank you – ")
        page.get_by_role("button", name="[reference]", exact=True).click()
        preview.get_by_text("Thank you – KIL-HP4RC7WD").wait_for()
        # By keyboard alone.
        page.get_by_label("Text").focus()
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.get_by_text("Every email of this sort is worded like this").wait_for()
        return page.get_by_label("Subject").input_value()

    assert browser.visit(word) == "Thank you – [reference]"
    assert EmailWording.objects.get().subject == "Thank you – [reference]"
    assert errors == []
