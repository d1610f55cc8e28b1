"""Deploys while people send, F31. The long run is `python -m benchmarks.reloads`."""

import time

import pytest

from submissions.models import Submission
from tests.end_to_end.reloading import Crowd, web_server


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
