"""Password and code again, before what cannot be taken back."""

import pytest
import time_machine
from django.test import Client

from review.models import AuditEntry
from tests.staff import code_of, sign_in

PASSWORD = "a long enough password"
PAGE = "/admin/recovery-codes/"


@pytest.fixture
def clock():
    with time_machine.travel("2026-03-02T10:00Z", tick=False) as clock:
        yield clock


@pytest.fixture
def grace(clock, settings, django_user_model):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return django_user_model.objects.create_user(
        "grace", password=PASSWORD, is_staff=True
    )


@pytest.fixture
def later(grace, clock):
    """Her browser, eleven minutes after she signed in."""
    client = sign_in(Client(), grace)
    clock.shift(11 * 60)
    return client


def again(client, user, **fields):
    answers = {"again-password": PASSWORD, "again-code": code_of(user)}
    return client.post(PAGE, {"again-method": "GET"} | answers | fields)


def test_signing_in_counts_for_ten_minutes(grace, clock):
    client = sign_in(Client(), grace)
    before = client.get(PAGE).status_code
    clock.shift(10 * 60)

    assert (before, client.get(PAGE).status_code) == (200, 403)


def test_confirming_leads_to_the_page_and_counts_for_ten_minutes(later, grace, clock):
    response = again(later, grace)

    assert response.url == PAGE
    assert later.get(PAGE).status_code == 200
    clock.shift(10 * 60)
    assert later.get(PAGE).status_code == 403


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"again-password": "another long password"}, "This is not your password"),
        ({"again-code": "000000"}, "That code is not right"),
        ({"again-password": ""}, "Enter your password"),
    ],
)
def test_both_must_be_right(later, grace, wrong, words):
    response = again(later, grace, **wrong)

    assert response.status_code == 422
    assert words in response.content.decode()
    assert later.get(PAGE).status_code == 403
    last = AuditEntry.objects.order_by("pk")[0:1].get()
    assert (last.action, last.status) == ("confirmation failed", 422)


def test_a_wrong_password_uses_up_no_code(later, grace):
    again(later, grace, **{"again-password": "another long password"})

    assert again(later, grace).status_code == 302


def test_a_code_that_signed_in_does_not_confirm(later, grace):
    code = code_of(grace)
    again(later, grace)

    assert again(later, grace, **{"again-code": code}).status_code == 422


def test_five_failures_lock_out(later, grace):
    for _ in range(5):
        again(later, grace, **{"again-password": "another long password"})

    response = again(later, grace)

    assert "Wait 15 minutes" in response.content.decode()
    assert later.get(PAGE).status_code == 403


def test_what_was_typed_goes_on(later, grace):
    asked = later.post(PAGE, {"note": "\nTwo\r\nlines <b>", "box": ["a", "b"]})
    page = asked.content.decode()

    assert asked.status_code == 403
    assert 'name="again-method" value="POST"' in page
    assert 'name="note" value="\nTwo\r\nlines &lt;b&gt;"' in page
    assert page.count('name="box"') == 2
    made = again(later, grace, **{"again-method": "POST"})
    assert len(made.context["codes"]) == 10
