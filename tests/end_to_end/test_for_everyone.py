"""Every page for everyone: assistive technology, small screens, zoom, colours, print."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from .pages import begin, every_page, go, send

pytestmark = pytest.mark.browser

TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
FIRST_LOAD = 60 * 1024


@pytest.mark.timeout(400)
def test_every_page_is_for_everyone(browser, site):
    def look(page):
        return [
            f"{url}, {how}: {fault}"
            for url in every_page(page, site)
            for how, look in WAYS_TO_LOOK.items()
            for fault in look(page)
        ]

    assert browser.visit(look) == []


def on_a_phone(page):
    page.set_viewport_size({"width": 320, "height": 640})
    return [*axe(page), *sideways(page)]


def on_a_desk(page):
    page.set_viewport_size({"width": 1280, "height": 800})
    return [*axe(page), *sideways(page)]


def at_200_percent(page):
    """A window of 1280 pixels at 200% is 640 wide; some enlarge only the text."""
    page.set_viewport_size({"width": 640, "height": 400})
    faults = sideways(page)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    faults += sideways(page)
    page.evaluate("document.documentElement.style.fontSize = ''")
    return faults


def in_forced_colours(page):
    page.emulate_media(forced_colors="active", color_scheme="dark")
    # The colours are the person's own then, and not ours to judge.
    faults = [fault for fault in axe(page) if not fault.startswith("color-contrast")]
    page.emulate_media(forced_colors="none", color_scheme="light")
    return faults


def with_reduced_motion(page):
    page.emulate_media(reduced_motion="reduce")
    return [f"{element} moves" for element in page.evaluate(MOVING)]


WAYS_TO_LOOK = {
    look.__name__: look
    for look in (
        on_a_phone,
        on_a_desk,
        at_200_percent,
        in_forced_colours,
        with_reduced_motion,
    )
}


def axe(page):
    return [
        f"{violation['id']}: {violation['help']} {violation['nodes'][0]['html']}"
        for violation in Axe().run(page).response["violations"]
    ]


def sideways(page):
    return ["scrolls sideways"] if page.evaluate(TOO_WIDE) else []


MOVING = """[...document.querySelectorAll('*')].filter((element) => {
  const style = getComputedStyle(element);
  return parseFloat(style.transitionDuration) || parseFloat(style.animationDuration)
    || style.scrollBehavior === 'smooth';
}).map((element) => element.tagName)"""


def test_nothing_depends_on_background_colours(browser, site):
    """With forced colours backgrounds go: what they marked needs a border."""

    def look(page):
        draft = begin(page, site)
        page.goto(draft)
        return page.evaluate(
            """[...document.querySelectorAll('.button, .going, .new, .when')].filter(
              (element) => getComputedStyle(element).borderTopStyle === 'none'
            ).map((element) => element.className)"""
        )

    assert browser.visit(look, forced_colors="active") == []


def test_what_was_sent_prints_whole_and_without_the_frame(browser, site):
    def look(page):
        draft = begin(page, site)
        send(page, draft)
        page.goto(f"{draft}copy/")
        page.emulate_media(media="print")
        shown = [
            selector
            for selector in (".masthead", "footer", ".back", ".skip", "button")
            for element in page.locator(selector).all()
            if element.is_visible()
        ]
        cut = page.evaluate(
            """[...document.querySelectorAll('.answer')].filter(
              (answer) => answer.scrollHeight > answer.clientHeight + 2
            ).length"""
        )
        return shown, cut, page.pdf()[:5]

    assert browser.visit(look) == ([], 0, b"%PDF-")


@pytest.mark.timeout(400)
def test_first_load_of_every_page_is_small_and_from_here_alone(browser, site):
    def look(page):
        loads = {}
        for url in [site, *every_page(page, site)]:
            if url.startswith("http"):
                loads[url] = first_load(page, url)
        return loads

    loads = browser.visit(look)

    assert {url: size for url, (size, _) in loads.items() if size > FIRST_LOAD} == {}
    hosts = {host for _size, requested in loads.values() for host in requested}
    assert hosts == {site}


def first_load(page, url):
    """Return the bytes over the wire without any cache, and the hosts asked."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    sizes, hosts = [], set()
    session.on(
        "Network.loadingFinished",
        lambda event: sizes.append(event["encodedDataLength"]),
    )
    session.on(
        "Network.requestWillBeSent",
        lambda event: hosts.add("/".join(event["request"]["url"].split("/")[:3])),
    )
    go(page, url)
    page.wait_for_timeout(500)
    session.detach()
    return sum(sizes), hosts
