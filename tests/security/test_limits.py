"""How often strangers may ask: enough for an office, too little for a flood."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test import Client

from outbox.models import OutgoingEmail
from submissions import limits
from submissions.models import AskedCount, Submission
from tests.conftest import Respondent

# Addresses of the internet: those of our own machines are not counted.
OFFICE, ELSEWHERE = "81.2.69.142", "81.2.69.143"
NOON = dt.datetime(2026, 3, 2, 12, 0, tzinfo=dt.UTC)


def ask(address, email="ada@riverside.example"):
    client = Client(REMOTE_ADDR=address)
    return client.post("/resume/", {"email": email, "_end": "1"})


@pytest.fixture
def three_an_hour(monkeypatch):
    monkeypatch.setattr(limits, "LINKS", limits.Limit("links", 3, 5))


def test_forty_people_of_one_office_get_their_links_and_responses(consultation):
    for person in range(40):
        client = Client(REMOTE_ADDR=OFFICE)
        client.post(f"/calls/{consultation.slug}/start/")
        respondent = Respondent(client)
        saved = respondent.post("save/", email=f"p{person}@council.example")
        assert saved.status_code == 302

    assert Submission.objects.drafts().count() == 40
    assert OutgoingEmail.objects.count() == 40


def test_the_sixty_first_link_within_an_hour_is_refused_in_words(consultation):
    with time_machine.travel(NOON, tick=False):
        statuses = [ask(OFFICE, f"p{n}@council.example").status_code for n in range(60)]
        refused = ask(OFFICE, "last@council.example")
        other = ask(ELSEWHERE)
    with time_machine.travel(NOON + dt.timedelta(hours=1), tick=False):
        later = ask(OFFICE)

    assert set(statuses) == {302}
    assert refused.status_code == 429
    page = refused.content.decode()
    assert "Nothing is lost" in page
    assert 'value="last@council.example"' in page
    assert [other.status_code, later.status_code] == [302, 302]


def test_a_socket_for_both_versions_keeps_networks_apart(consultation, three_an_hour):
    for _ in range(4):
        first = ask(f"::ffff:{OFFICE}")
    other = ask(f"::ffff:{ELSEWHERE}")

    assert [first.status_code, other.status_code] == [429, 302]


def test_a_limit_tells_nothing_of_an_address(ada, three_an_hour):
    ada.post("about-you/", name="Ada", email="ada@riverside.example")

    known = [ask(OFFICE).status_code for _time in range(4)]
    unknown = [ask(ELSEWHERE, "eve@nowhere.example").status_code for _time in range(2)]

    assert (known, unknown) == ([302, 302, 302, 429], [302, 302])


def test_saving_for_later_counts_too_and_loses_nothing(ada, three_an_hour):
    ada.client.defaults["REMOTE_ADDR"] = OFFICE
    ada.post("section/1/", answer__1__1="Eleven became three.")

    answers = [ada.post("save/", email="ada@riverside.example") for _time in range(4)]

    assert [answer.status_code for answer in answers] == [302, 302, 302, 429]
    assert "ada@riverside.example" in answers[-1].content.decode()
    assert ada.answers() == {"1.1": "Eleven became three."}


def test_a_ceiling_holds_for_everybody_and_raises_an_alarm_once(
    consultation, three_an_hour, caplog
):
    statuses = [ask(f"81.2.69.{n}").status_code for n in range(8)]

    assert statuses == [302] * 5 + [429] * 3
    alarms = [one for one in caplog.records if one.levelname == "ERROR"]
    assert [one.getMessage() for one in alarms] == [
        "More than 5 links within an hour (everywhere)"
    ]


def test_begging_for_drafts_ends_at_three_hundred(consultation, monkeypatch):
    monkeypatch.setattr(limits, "STARTS", limits.Limit("starts", 3))
    start = f"/calls/{consultation.slug}/start/"

    answers = [Client(REMOTE_ADDR=OFFICE).post(start) for _time in range(4)]

    assert [answer.status_code for answer in answers] == [302, 302, 302, 429]
    assert "Nothing is lost" in answers[-1].content.decode()
    assert Submission.objects.count() == 3


@pytest.mark.parametrize(
    ("one", "other", "status"),
    [
        ("2a02:6b8::1", "2a02:6b8::ffff", 429),
        ("2a02:6b8:0:1::1", "2a02:6b8:0:2::1", 302),
    ],
)
def test_a_network_of_the_sixth_version_counts_as_one(
    consultation, three_an_hour, one, other, status
):
    for _time in range(3):
        ask(one)

    assert ask(other).status_code == status


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.7", "nonsense"])
def test_our_own_machines_are_not_counted(consultation, monkeypatch, address):
    monkeypatch.setattr(limits, "LINKS", limits.Limit("links", 1))

    assert [ask(address).status_code for _time in range(3)] == [302] * 3


def test_a_typed_address_helps_nobody(consultation, three_an_hour, settings):
    settings.PROXIES = 1
    client = Client(REMOTE_ADDR="127.0.0.1")

    statuses = [
        client.post(
            "/resume/",
            {"email": "ada@riverside.example", "_end": "1"},
            headers={"x-forwarded-for": f"9.9.9.{typed}, {OFFICE}"},
        ).status_code
        for typed in range(5)
    ]

    assert statuses == [302] * 3 + [429] * 2


def test_no_address_is_kept_and_no_count_beyond_a_day(consultation):
    with time_machine.travel(NOON, tick=False):
        ask(OFFICE)
    with time_machine.travel(NOON + dt.timedelta(hours=2), tick=False):
        ask(OFFICE)

    keys = set(AskedCount.objects.values_list("key", flat=True))
    # Of each hour one for the network and one for all: no two are told to be the same's.
    assert len(keys) == 4
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(t::text, '') FROM submissions_askedcount t")
        assert OFFICE not in cursor.fetchone()[0]

    with time_machine.travel(NOON + limits.KEPT + dt.timedelta(hours=1), tick=False):
        limits.forget()
        assert {row.began_at.hour for row in AskedCount.objects.all()} == {14}
