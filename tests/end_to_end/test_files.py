"""Files in the browser: chosen, dropped, refused, tried again; and without JavaScript."""

import re

import pytest

from submissions.models import Attachment

from .conftest import wait_until
from .test_writing import begin

pytestmark = pytest.mark.browser

INPUT = "#upload input[type=file]"
DROP = """([name, text]) => {
  const carried = new DataTransfer();
  carried.items.add(new File([text], name, { type: "text/plain" }));
  const form = document.getElementById("upload");
  for (const type of ["dragover", "drop"]) {
    form.dispatchEvent(new DragEvent(type, { dataTransfer: carried, bubbles: true }));
  }
}"""


def file(name, content=b"Evidence"):
    return {"name": name, "mimeType": "text/plain", "buffer": content}


def begin_with_files(page, site):
    page.goto(begin(page, site).replace("section/1/", "items/"))


def names():
    return sorted(Attachment.objects.values_list("name", flat=True))


def test_files_are_chosen_or_dropped_and_listed_without_leaving(browser, site):
    def attach(page):
        begin_with_files(page, site)
        page.set_input_files(INPUT, [file("one.txt"), file("two.txt", b"Two")])
        page.get_by_role("link", name="two.txt", exact=True).wait_for()
        page.evaluate(DROP, ["three.txt", "Three"])
        page.get_by_role("link", name="three.txt", exact=True).wait_for()
        return page.inner_text("#uploads-said")

    said = browser.visit(attach)

    assert said == "three.txt: Attached"
    assert names() == ["one.txt", "three.txt", "two.txt"]


@pytest.mark.parametrize("is_loaded_again", [True, False])
def test_a_choice_about_a_file_is_saved_without_a_button(
    browser, site, is_loaded_again
):
    def choose(page):
        begin_with_files(page, site)
        page.set_input_files(INPUT, file("one.txt"))
        page.get_by_role("link", name="one.txt", exact=True).wait_for()
        if is_loaded_again:
            page.reload()
        page.get_by_label("May we publish this?").select_option("locality-only")
        page.get_by_text(re.compile("^Saved at")).first.wait_for()

    browser.visit(choose)

    assert Attachment.objects.get().confidence == "locality-only"


def test_a_refused_file_says_why_beside_its_name(browser, site):
    def attach(page):
        begin_with_files(page, site)
        page.set_input_files(INPUT, [file("run.exe"), file("good.txt")])
        page.get_by_role("link", name="good.txt", exact=True).wait_for()
        return page.inner_text("#uploads")

    shown = browser.visit(attach)

    assert "run.exe" in shown
    assert "The selected file must be a PDF" in shown
    assert names() == ["good.txt"]


def test_a_file_that_met_no_network_is_tried_again(browser, site):
    def attach(page):
        begin_with_files(page, site)
        page.context.set_offline(True)
        page.set_input_files(INPUT, file("notes.txt"))
        page.locator("#uploads .failed").wait_for()
        page.context.set_offline(False)
        page.get_by_role("button", name="Try again").click()
        page.get_by_role("link", name="notes.txt", exact=True).wait_for()

    browser.visit(attach)

    assert names() == ["notes.txt"]


def test_files_need_no_javascript(browser, site):
    def attach(page):
        begin_with_files(page, site)
        page.set_input_files(INPUT, [file("one.txt"), file("run.exe")])
        page.get_by_role("button", name="Upload").click()
        page.get_by_text("There is a problem").wait_for()
        page.get_by_label("May we publish this?").select_option("locality-only")
        page.get_by_role("button", name="Save these choices").click()
        page.wait_for_url(re.compile(r"/items/$"))
        with page.expect_download() as download:
            page.get_by_role("link", name="one.txt", exact=True).first.click()
        return download.value.path().read_bytes()

    content = browser.visit(attach, java_script_enabled=False)

    assert content == b"Evidence"
    assert wait_until(lambda: names() == ["one.txt"])
    assert Attachment.objects.get().confidence == "locality-only"
