import json
import logging

import pytest
from django.test import Client

from keepitlocal.watching import logs, requests


@pytest.fixture
def said(caplog):
    """The lines of requests, as figures."""
    caplog.set_level(logging.INFO, "keepitlocal.requests")
    return lambda: [
        one.figures for one in caplog.records if one.name == "keepitlocal.requests"
    ]


@pytest.mark.parametrize("given", ["0123456789abcdef", "A-well_formed-1"])
def test_the_number_that_a_proxy_gave_is_kept(client, given):
    response = client.get("/healthz/alive/", headers={"X-Request-ID": given})

    assert response["X-Request-ID"] == given


@pytest.mark.parametrize("given", ["", "short", "x" * 65, "a b c d e f", "<b>bold</b>"])
def test_any_other_gets_one_of_ours(client, given):
    response = client.get("/healthz/alive/", headers={"X-Request-ID": given})

    assert response["X-Request-ID"] != given
    assert requests.WELL_FORMED.fullmatch(response["X-Request-ID"])


def test_a_request_leaves_one_line_with_its_route(ada, said):
    ada.get("section/1/?who=ada")

    line = said()[-1]
    assert line.pop("milliseconds") > 0
    assert line == {
        "method": "GET",
        "route": "submissions:section",
        "status": 200,
        "staff": None,
    }


def test_a_line_says_which_member_of_staff_asked(admin_client, admin_user, said):
    admin_client.get("/admin/")

    assert said()[-1]["staff"] == admin_user.pk


def test_nobody_is_looked_up_for_the_line(client, db, said, django_assert_num_queries):
    client.cookies["session"] = "of-somebody"

    with django_assert_num_queries(0):
        client.get("/healthz/alive/")


def test_a_fault_says_its_number_to_whoever_saw_it(consultation, monkeypatch, caplog):
    monkeypatch.setattr("submissions.views.public.show_call", lambda *_: 1 / 0)
    written = []
    handler = logging.Handler()
    handler.emit = lambda record: written.append(json.loads(logs.Json().format(record)))
    logging.getLogger("django.request").addHandler(handler)

    response = Client(raise_request_exception=False).get("/")

    logging.getLogger("django.request").removeHandler(handler)
    number = response["X-Request-ID"]
    assert f"<strong>{number}</strong>" in response.content.decode()
    failed = [line for line in written if "exception" in line]
    assert [line["request_id"] for line in failed] == [number]


def test_a_made_up_method_makes_no_figures_of_its_own(client, settings, db):
    settings.METRICS_TOKEN = "t"
    client.generic("ZEBRA", "/healthz/alive/")

    figures = client.get("/healthz/metrics/", headers={"Authorization": "Bearer t"})

    assert 'method="other",route="health_alive",status="405"' in figures.text
    assert "ZEBRA" not in figures.text


def test_errors_in_the_log_are_counted_by_who_says_so(client, settings, db):
    settings.METRICS_TOKEN = "t"
    logging.getLogger("submissions.of.this.test").error("It is gone.")
    logging.getLogger("submissions.of.another").warning("It may be gone.")

    figures = client.get("/healthz/metrics/", headers={"Authorization": "Bearer t"})

    assert 'errors_total{logger="submissions.of.this.test"} 1.0' in figures.text
    assert "submissions.of.another" not in figures.text
