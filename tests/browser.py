"""Chromium for the browser tests: `python -m tests.browser --install` gets it where it can."""

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from playwright.sync_api import Error, sync_playwright

NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
ARGUMENTS = [
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    # It would look up its maker's hosts at every start.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
MISSING = (
    "No Chromium was found or could be installed, so the browser tests are skipped. "
    "Install Chromium, or name one in the variable CHROMIUM."
)


def find():
    """Return the path of a Chromium that starts, or None."""
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
        named = os.environ.get("CHROMIUM")
        paths = [named] if named else [*map(shutil.which, NAMES), own]
        return next((path for path in paths if _starts(playwright, path)), None)


def _starts(playwright, path):
    """Whether it runs: one may lack libraries that only the system's packages bring."""
    if not path or not Path(path).exists():
        return False
    try:
        _launch(playwright, path).close()
    except Error as error:
        print(f"{path} does not start: {error.message.splitlines()[0]}")
        return False
    return True


def _launch(playwright, path):
    arguments = [*ARGUMENTS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    return playwright.chromium.launch(executable_path=path, args=arguments)


def install():
    """Try Debian's package when we may, then Playwright's own build."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        _run("apt-get", "update", "-qq")
        _run("apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium")
    if not find():
        _run(sys.executable, "-m", "playwright", "install", "chromium")


def _run(*command):
    print("Installing a browser:", *command, flush=True)
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        print(done.stdout[-500:], done.stderr[-500:])


class Browser:
    """One Chromium, driven from a thread of its own.

    Playwright's loop would make Django refuse the database in the test's own thread.
    """

    def __init__(self):
        self._thread = ThreadPoolExecutor(1)

    def start(self, executable):
        self._thread.submit(self._start, executable).result()

    def _start(self, executable):
        self._playwright = sync_playwright().start()
        self._chromium = _launch(self._playwright, executable)

    def stop(self):
        self._thread.submit(self._stop).result()
        self._thread.shutdown()

    def _stop(self):
        self._chromium.close()
        self._playwright.stop()

    def visit(self, journey, *, is_probed=False, **options):
        """Run `journey(page)` in a fresh context, such as another person's computer.

        A page that is probed by a tool of ours, which styles it, is not watched for what
        its own policy refuses.
        """
        visit = self._thread.submit(self._visit, journey, is_probed, options)
        return visit.result()

    def _visit(self, journey, is_probed, options):
        context = self._chromium.new_context(**options)
        # Machines that test are slow, and a save that hangs is given up after 20 s.
        context.set_default_timeout(40_000)
        said = []
        context.on("console", lambda message: said.append(message.text))
        try:
            result = journey(context.new_page())
        finally:
            context.close()
        # No page of ours may ask for what its own policy forbids.
        refused = [text for text in said if "Content Security Policy" in text]
        assert is_probed or not refused, refused
        return result


if __name__ == "__main__":
    if "--install" in sys.argv and not find():
        install()
    if found := find():
        print(f"Browser tests will use {found}")
    elif os.environ.get("CI") == "true":
        sys.exit(
            "No Chromium was found or could be installed, and CI=true asks for it."
        )
    else:
        print(MISSING)
