"""Writing in the browser while the network, the server and the session give way."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from playwright.sync_api import TimeoutError

from submissions.models import Answer, Submission

from .conftest import wait_until

pytestmark = pytest.mark.browser

BOX = "#id_answer-1-1"
IS_SAVED = f"""() => {{
  const area = document.querySelector("{BOX}");
  const state = document.querySelector(".saved-state").dataset.state;
  return state === "saved" || area.value === area.defaultValue;
}}"""


def begin(page, site):
    page.goto(f"{site}/calls/keep-it-local-2018-rehearsal/start/")
    page.get_by_role("button", name="Start now").click()
    page.get_by_role("link", name="The trend towards scale").click()
    page.wait_for_url("**/section/1/")
    return page.url


def saved(text):
    return wait_until(lambda: Answer.objects.filter(text=text).exists())


def see(page, text):
    """Wait until the page shows a text; tell what stands beside the boxes if not."""
    try:
        page.get_by_text(text).first.wait_for()
    except TimeoutError as error:
        states = page.locator(".saved-state").all_inner_texts()
        raise AssertionError(f"Not {text!r} but {states}") from error


def test_what_is_typed_is_saved_without_a_button(browser, site):
    def write(page):
        begin(page, site)
        page.fill(BOX, "word " * 1234)
        see(page, "1,234 words")
        page.fill(BOX, "Three contracts 🏡\nnow carry it all")
        see(page, re.compile(r"^Saved at \d\d:\d\d$"))
        see(page, "7 words")

    browser.visit(write)

    saved("Three contracts 🏡\nnow carry it all")


def test_a_crash_with_no_network_loses_nothing(browser, site):
    def write(page):
        url = begin(page, site)
        page.context.set_offline(True)
        page.fill(BOX, "Typed on the train")
        see(page, "we cannot be reached")
        page.close()
        page = page.context.new_page()
        page.context.set_offline(False)
        page.goto(url)
        assert page.input_value(BOX) == "Typed on the train"
        # Brought back from this browser and saved; or the closed page was just quick
        # enough to save it when the network came back.
        page.wait_for_function(IS_SAVED)

    browser.visit(write)

    saved("Typed on the train")


def test_the_network_comes_back_by_itself(browser, site):
    def write(page):
        begin(page, site)
        page.context.set_offline(True)
        page.fill(BOX, "Typed on the train")
        see(page, "we cannot be reached")
        page.context.set_offline(False)
        see(page, "Saved at")

    browser.visit(write)

    saved("Typed on the train")


def test_a_save_button_without_a_server_keeps_the_page(browser, site):
    def write(page):
        url = begin(page, site)
        page.context.set_offline(True)
        page.fill(BOX, "Typed on the train")
        page.get_by_role("button", name="Save and go on").click()
        see(page, "we cannot be reached")
        assert page.url == url
        assert page.input_value(BOX) == "Typed on the train"
        page.context.set_offline(False)
        page.get_by_role("button", name="Save and go on").click()
        page.wait_for_url("**/section/2/")

    browser.visit(write)

    saved("Typed on the train")


def test_a_session_that_ran_out_keeps_the_text_in_the_browser(browser, site):
    def write(page):
        url = begin(page, site)
        cookies = page.context.cookies()
        page.context.clear_cookies()
        page.fill(BOX, "Typed after the session")
        see(page, "no longer holds your response")
        # The cookies come back after that attempt, not in the middle of it.
        with page.expect_response(lambda response: response.status == 404):
            page.get_by_role("button", name="Save and go on").click()
        assert page.url == url
        page.context.add_cookies(cookies)
        page.goto(url)
        assert page.input_value(BOX) == "Typed after the session"
        see(page, "Saved at")

    browser.visit(write)

    saved("Typed after the session")


def test_what_is_typed_after_closing_is_kept_and_it_says_so(browser, site, close):
    def close_the_call():
        close()
        connection.close()

    def write(page):
        begin(page, site)
        # Playwright's own thread may not speak to the database.
        with ThreadPoolExecutor(1) as thread:
            thread.submit(close_the_call).result()
        page.fill(BOX, "Typed too late")
        see(page, "The call has closed. Your text is kept.")
        page.get_by_role("button", name="Save and go on").click()
        see(page, "Ask Locality to accept it late")

    browser.visit(write)

    saved("Typed too late")


@pytest.mark.parametrize(
    ("choice", "kept"),
    [
        ("Keep my text", "From the second window"),
        ("Take this text", "From the first window"),
        ("Put both into the box", "From the first window\n\nFrom the second window"),
    ],
)
def test_two_windows_show_both_texts_and_ask(browser, site, choice, kept):
    def write(first):
        url = begin(first, site)
        second = first.context.new_page()
        second.goto(url)
        first.fill(BOX, "From the first window")
        see(first, "Saved at")
        second.fill(BOX, "From the second window")
        see(second, "From the first window")
        second.get_by_role("button", name=choice).click()
        assert second.input_value(BOX) == kept
        second.get_by_role("button", name="Save and go back").click()
        second.wait_for_url(re.compile(r"/evidence/[^/]+/$"))

    browser.visit(write)

    assert Answer.objects.get().text == kept


def test_a_save_button_leads_to_a_clash_that_is_not_decided(browser, site):
    def write(first):
        url = begin(first, site)
        second = first.context.new_page()
        second.goto(url)
        first.fill(BOX, "From the first window")
        see(first, "Saved at")
        second.fill(BOX, "From the second window")
        see(second, "there are two texts")
        second.get_by_role("button", name="Save and go back").click()
        second.fill("#id_answer-1-2", "Another answer")
        see(second, "Saved at")
        assert second.url == url
        second.get_by_role("button", name="Keep my text").click()
        second.wait_for_function(
            "() => [...document.querySelectorAll('.saved-state')].every("
            "(state) => ['', 'saved'].includes(state.dataset.state || ''))"
        )

    browser.visit(write)

    kept = Answer.objects.order_by("question__code").values_list("text", flat=True)
    assert list(kept) == ["From the second window", "Another answer"]


def test_a_clash_found_by_the_save_button_asks_too(browser, site):
    def write(first):
        url = begin(first, site)
        second = first.context.new_page()
        second.goto(url)
        first.fill(BOX, "From the first window")
        see(first, "Saved at")
        second.fill(BOX, "From the second window")
        second.get_by_role("button", name="Save and go back").click()
        see(second, "From the first window")
        assert second.input_value(BOX) == "From the second window"
        second.get_by_role("button", name="Keep my text").click()
        see(second, "Saved at")

    browser.visit(write)

    saved("From the second window")


def test_a_text_that_is_refused_stays_in_the_box(browser, site):
    def write(page):
        begin(page, site)
        page.evaluate(
            "([box, text]) => { const area = document.querySelector(box);"
            " area.value = text;"
            " area.dispatchEvent(new InputEvent('input', {bubbles: true})); }",
            [BOX, "a" * 200_001],
        )
        see(page, "You have 1 character too many")
        page.get_by_role("button", name="Save and go on").click()
        see(page, "There is a problem")
        return len(page.input_value(BOX))

    assert browser.visit(write) == 200_001
    assert not Answer.objects.exists()


def test_sending_goes_on_from_autosaved_text(browser, site):
    def write(page):
        url = begin(page, site)
        page.fill(BOX, "Saved as I write")
        see(page, "Saved at")
        page.goto(url.replace("section/1/", "about-you/"))
        page.get_by_label("Your name").fill("Ada")
        page.get_by_label("Publish my response with my name").check()
        page.get_by_role("button", name="Save and go on").click()
        page.wait_for_url("**/section/1/**")
        page.goto(url.replace("section/1/", "check/"))
        page.get_by_role("button", name="Send your evidence").click()

    browser.visit(write)

    assert Submission.objects.submitted().get().answers.get().text == "Saved as I write"


def test_a_name_and_choices_are_saved_without_a_button(browser, site):
    def write(page):
        begin(page, site)
        page.goto(page.url.replace("section/1/", "about-you/"))
        page.get_by_label("Your name").fill("Ada")
        page.get_by_label("As an individual").check()
        page.get_by_label("Publish my response with my name").check()
        see(page, re.compile(r"^Saved at \d\d:\d\d$"))
        page.goto(page.url.replace("about-you/", "principles/"))
        page.locator("#id_stance-2-v1").get_by_label("Agree in part").check()
        page.locator("#id_confidence-comment-2-v1").select_option("without-name")

    browser.visit(write)

    draft = Submission.objects.get()
    assert wait_until(lambda: draft.principle_comments.first())
    draft.refresh_from_db()
    assert (draft.name, draft.on_behalf, draft.publication) == (
        "Ada",
        "individual",
        "with-name",
    )
    assert draft.principle_comments.get().stance == "in-part"


def test_a_name_typed_with_no_network_is_brought_back(browser, site):
    def write(page):
        begin(page, site)
        url = page.url.replace("section/1/", "about-you/")
        page.goto(url)
        page.context.set_offline(True)
        page.get_by_label("Your name").press_sequentially("Ada O'Brien")
        page.close()
        page = page.context.new_page()
        page.context.set_offline(False)
        page.goto(url)
        assert page.get_by_label("Your name").input_value() == "Ada O'Brien"
        # Saved by this page, or by the closed one in its last moment.
        page.wait_for_function(
            "() => document.getElementById('id_name').defaultValue !== ''"
            " || document.querySelector('.short [data-state=saved]')"
        )

    browser.visit(write)

    assert Submission.objects.get().name == "Ada O'Brien"


def test_two_windows_with_another_choice_ask_in_words(browser, site):
    def write(first):
        url = begin(first, site).replace("section/1/", "about-you/")
        first.goto(url)
        second = first.context.new_page()
        second.goto(url)
        first.get_by_label("As an individual").check()
        see(first, "Saved at")
        second.get_by_label("For an organisation").check()
        see(second, "there are two texts")
        assert "As an individual" in second.locator(".clash").inner_text()
        second.get_by_role("button", name="Take this text").click()
        assert second.get_by_label("As an individual").is_checked()

    browser.visit(write)

    assert Submission.objects.get().on_behalf == "individual"


def test_a_token_that_another_tab_renewed_is_asked_for_again(browser, site):
    def write(page):
        begin(page, site)
        csrf = [one for one in page.context.cookies() if one["name"] == "csrf"]
        page.context.clear_cookies(name="csrf")
        other = page.context.new_page()
        other.goto(page.url)
        assert page.context.cookies() != csrf
        other.close()
        page.fill(BOX, "Typed before the other tab")
        see(page, "Saved at")

    browser.visit(write)

    saved("Typed before the other tab")


def test_leaving_asks_about_a_tick_that_is_not_saved(browser, site):
    asked = []

    def write(page):
        page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
        begin(page, site)
        page.get_by_label("I have finished this part").check()
        page.get_by_role("link", name="Your response").click()
        page.wait_for_url(re.compile(r"/evidence/[^/]+/$"))

    browser.visit(write)

    assert asked == ["beforeunload"]


def test_a_shared_computer_keeps_nothing(browser, site):
    def write(page):
        url = begin(page, site)
        page.context.set_offline(True)
        page.fill(BOX, "Not for the next reader")
        see(page, "we cannot be reached")
        page.on("dialog", lambda dialog: dialog.accept())
        page.context.set_offline(False)
        page.goto(url.replace("section/1/", "save/"))
        page.get_by_label("Your email address").fill("ada@riverside.example")
        page.get_by_label("Other people use this computer").check()
        page.get_by_role("button", name="Email me the link").click()
        page.wait_for_url("**/resume/sent/")
        return page.evaluate("localStorage.length")

    assert browser.visit(write) == 0
