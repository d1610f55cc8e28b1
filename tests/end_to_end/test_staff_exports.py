"""A member of staff asks for a workbook, and a worker makes it while the page is open."""

import os
import signal
from contextlib import closing

import psycopg2
import pytest
from django.conf import settings
from django.contrib.auth import get_user_model

from tests.staff import sign_in
from tests.submissions.sent import make_sent

from .conftest import running, wait_until

pytestmark = pytest.mark.browser

WORKER = ["celery", "-A", "keepitlocal.celery", "worker", "--beat", "-c1"]


def test_the_page_says_by_itself_that_a_file_is_ready(
    browser, site, environment, client, consultation
):
    staff = get_user_model().objects.create_superuser("grace", "grace@locality.example")
    sign_in(client, staff)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    make_sent(consultation)
    errors = []

    def export(page):
        page.on("console", lambda said: errors.append(said.text))
        page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}]
        )
        page.goto(f"{site}/admin/exports/")
        with running(*WORKER, **environment) as worker:
            wait_until(lambda: beat_listens(environment["DATABASE_URL"]))
            os.killpg(worker.pid, signal.SIGSTOP)
            page.get_by_role("button", name="Export").click()
            page.get_by_text("Waits for its turn").wait_for()
            # Would be gone if the page were loaded again.
            page.evaluate("() => { window.wasHere = true; }")
            os.killpg(worker.pid, signal.SIGCONT)
            page.get_by_role("link", name="Download").wait_for()
        assert page.evaluate("() => window.wasHere")
        with page.expect_download() as download:
            page.get_by_role("link", name="Download").click()
        return download.value.suggested_filename

    name = browser.visit(export)

    assert name.startswith("keep-it-local-2018-rehearsal")
    assert name.endswith(".xlsx")
    assert errors == []


def beat_listens(database_url):
    # Not on the test's connection, which belongs to another thread.
    with closing(psycopg2.connect(database_url)) as other:
        cursor = other.cursor()
        cursor.execute("SELECT FROM pg_stat_activity WHERE query LIKE 'LISTEN%'")
        return cursor.rowcount
