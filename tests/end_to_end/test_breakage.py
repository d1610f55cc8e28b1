"""A long response, written while server, network, session and database give way at random."""

import os
import random
import signal
from contextlib import closing

import psutil
import psycopg2
import pytest
from django.db import connection

from submissions.models import Answer

from .conftest import wait_until
from .test_writing import begin

pytestmark = pytest.mark.browser

FAULTS_IN_ALL = 24
SENTENCE = "In 2009 we had eleven agreements – today three 🏡. "


def kill_a_web_worker(page, web):
    workers = psutil.Process(web.pid).children()
    if workers:
        os.kill(random.choice(workers).pid, signal.SIGKILL)


def end_database_connections(page, web):
    # Not Django's: it refuses to work in the thread of the browser.
    with closing(psycopg2.connect(web.database_url)) as connection:
        connection.cursor().execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def lose_the_network(page, web):
    page.context.set_offline(True)
    page.wait_for_timeout(1200)
    page.context.set_offline(False)


def lose_the_token(page, web):
    page.context.clear_cookies(name="csrf")


def lose_the_session_for_a_while(page, web):
    cookies = page.context.cookies()
    page.context.clear_cookies()
    page.wait_for_timeout(1200)
    page.context.add_cookies(cookies)


FAULTS = [
    kill_a_web_worker,
    end_database_connections,
    lose_the_network,
    lose_the_token,
    lose_the_session_for_a_while,
]


@pytest.mark.timeout(300)
def test_nothing_typed_is_lost_whatever_breaks(browser, site, web):
    choose = random.Random(24112026)
    typed = {}

    def write(page):
        url = begin(page, site)
        for number in range(FAULTS_IN_ALL):
            box = f"answer-1-{number % 6 + 1}"
            text = f"{number}: " + SENTENCE * choose.randrange(1, 60)
            page.locator(f"#id_{box}").fill(text)
            typed[box] = text
            page.wait_for_timeout(choose.randrange(2500))
            choose.choice(FAULTS)(page, web)
            if choose.random() < 0.25:
                page = crash(page, url)
        # A session that was lost is back only for a page that asks again.
        page = crash(page, url)
        page.wait_for_function(
            "() => [...document.querySelectorAll('textarea')].every((area, place) =>"
            " area.value === area.defaultValue || document.querySelectorAll("
            "'textarea + .under .saved-state')[place].dataset.state === 'saved')"
        )
        return {box: page.input_value(f"#id_{box}") for box in typed}

    shown = browser.visit(write)

    # The test's own connection was ended with the others.
    connection.close()
    assert shown == typed
    assert wait_until(lambda: kept() == typed)


def crash(page, url):
    """End the page without a word to it, and open it again."""
    fresh = page.context.new_page()
    page.close(run_before_unload=False)
    wait_until(lambda: opens(fresh, url))
    return fresh


def opens(page, url):
    answer = page.goto(url)
    return answer is not None and answer.status == 200


def kept():
    return {
        f"answer-{answer.question.slug}": answer.text
        for answer in Answer.objects.select_related("question")
    }
