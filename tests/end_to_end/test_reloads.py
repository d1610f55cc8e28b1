"""Deploys while people send, F31. The long run is `python -m benchmarks.by_hand.reloads`."""

import time

import pytest

from outbox.models import State
from submissions.models import Submission
from tests.end_to_end.conftest import running, wait_until
from tests.end_to_end.reloading import Crowd, web_server
from tests.outbox.enqueued import enqueued
from tests.smtp import HOLD


@pytest.fixture
def server(environment, consultation):
    with web_server(environment) as web:
        yield web


def test_f31_nobody_notices_that_the_web_server_is_reloaded_and_restarted(server):
    with Crowd(server.port, responses_a_second=1) as crowd:
        time.sleep(1)
        server.reload()
        server.restart()
        server.reload()
        time.sleep(1)

    assert crowd.failures == []
    sent = Submission.objects.submitted().values_list("reference", flat=True)
    assert sorted(crowd.references) == sorted(sent) != []


def test_f31_worker_that_is_told_to_stop_finishes_the_email_in_hand(
    environment, smtp_sink
):
    smtp_sink.script("DATA", HOLD)
    celery = ["celery", "--app=keepitlocal.celery", "worker", "--beat", "-c1"]
    with running(*celery, **environment) as worker:
        email = enqueued("erasure-done", key="x", to="x@quagga.example", context={})
        wait_until(lambda: smtp_sink.journal)

        worker.terminate()
        time.sleep(0.5)
        smtp_sink.release()

        assert worker.wait(15) == 0
    email.refresh_from_db()
    assert (email.state, len(smtp_sink.journal)) == (State.SENT, 1)
