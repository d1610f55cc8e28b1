"""A member of staff finds submissions in a real browser, and works through them."""

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model

from review.models import Reading, SavedSelection
from tests.staff import sign_in
from tests.submissions.sent import make_sent, minutes_ago

pytestmark = pytest.mark.browser


def test_a_search_is_filtered_read_and_saved(browser, site, client, consultation):
    staff = get_user_model().objects.create_superuser("grace", "grace@locality.example")
    sign_in(client, staff)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    for number, kind in enumerate(["academic", "councillor", "academic"]):
        make_sent(
            consultation,
            respondent_type=kind,
            answers={"1.1": f"Smaller lots helped us in year {number}."},
            submitted_at=minutes_ago(number),
        )
    errors = []

    def find(page):
        page.on("console", lambda said: errors.append(said.text))
        page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}]
        )
        page.goto(f"{site}/admin/submissions/submission/")
        page.get_by_label("Search everything that was sent").fill('"smaller lots"')
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="3 submissions").wait_for()
        page.get_by_label("Academic").check()
        page.get_by_role("button", name="Apply filters").click()
        page.get_by_role("heading", name="2 submissions").wait_for()
        marked = page.locator("mark").all_inner_texts()
        page.get_by_label("Tick all").check()
        page.get_by_role("button", name="Mark as read").click()
        page.get_by_text("2 submissions are marked as read by you.").wait_for()
        saved = page.locator("details.saved")
        saved.locator("summary").click()
        page.keyboard.press("Escape")
        is_closed = saved.get_attribute("open") is None
        saved.locator("summary").click()
        saved.get_by_label("Name").fill("Academics on lots")
        page.get_by_role("button", name="Save", exact=True).click()
        page.get_by_text("“Academics on lots” is saved.").wait_for()
        # The filters of a narrow window are closed, and open by keyboard.
        page.set_viewport_size({"width": 768, "height": 900})
        page.reload()
        page.get_by_text("Filters", exact=True).focus()
        was_open = page.get_by_label("Academic").is_visible()
        page.keyboard.press("Enter")
        return marked, is_closed, was_open, page.get_by_label("Academic").is_visible()

    assert browser.visit(find) == (["Smaller", "lots"] * 2, True, False, True)
    assert Reading.objects.filter(user=staff).count() == 2
    query = "type=academic&q=%22smaller+lots%22"
    assert SavedSelection.objects.get().query == query
    assert errors == []
