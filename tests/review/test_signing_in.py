"""Password, then code: the one way in, and what does not lead in."""

from io import StringIO

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice

from review.door import second_factor
from review.models import AuditEntry, RecoveryCodes
from tests.staff import code_for, code_of

LOGIN, CODE, SET_UP = "/admin/login/", "/admin/login/code/", "/admin/login/set-up/"
PASSWORD = "a long enough password"


@pytest.fixture(autouse=True)
def quick_hashes(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def grace(db):
    """Grace, who has an account and has never signed in."""
    return User.objects.create_user("grace", password=PASSWORD, is_staff=True)


@pytest.fixture
def app(grace):
    """Her authenticator app, set up."""
    return TOTPDevice.objects.create(user=grace, name="app")


def give_password(client, password=PASSWORD, **more):
    return client.post(LOGIN, {"username": "grace", "password": password} | more)


def give_code(client, code):
    return client.post(CODE, {"code": code})


def is_in(client):
    return client.get("/admin/").status_code == 200


def actions():
    return list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))


def test_first_sign_in_leads_through_setting_up_an_app(client, grace):
    password_given = give_password(client)
    sent_on = client.get(password_given.url)
    page = client.get(sent_on.url)
    shown = client.post(SET_UP, {"code": code_for(page.context["secret"])})

    assert (password_given.url, sent_on.url) == (CODE, SET_UP)
    assert "<svg" in page.content.decode()
    assert len(shown.context["codes"]) == 10
    assert is_in(client)
    assert actions() == ["second factor set up", "view"]


def test_a_password_alone_lets_nobody_in(client, grace, app):
    give_password(client)

    assert client.get("/admin/").status_code == 302
    assert "_auth_user_id" not in client.session
    assert actions() == []


def test_password_and_code_let_in_to_the_page_that_was_asked_for(client, grace, app):
    asked = client.get("/admin/password_change/").url
    client.post(asked, {"username": "grace", "password": PASSWORD})

    response = give_code(client, code_of(grace))

    assert response.url == "/admin/password_change/"
    assert is_in(client)
    assert actions() == ["signed in", "view"]


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\\e"])
def test_signing_in_leads_to_no_other_site(client, grace, app, target):
    give_password(client, next=target)

    assert give_code(client, code_of(grace)).url == "/admin/"


def test_a_slip_while_setting_up_is_no_failed_attempt(client, grace):
    give_password(client)

    page = client.post(SET_UP, {"code": "123"})

    assert "Enter the six digits that the app shows" in page.content.decode()
    assert TOTPDevice.objects.get().throttling_failure_count == 0


def test_whoever_has_an_app_cannot_set_up_another_with_a_password(client, grace, app):
    give_password(client)

    assert client.get(SET_UP).url == CODE
    assert client.post(SET_UP, {"code": code_of(grace)}).url == CODE
    assert TOTPDevice.objects.get() == app


@pytest.mark.parametrize("address", [CODE, SET_UP])
def test_a_code_is_nothing_without_a_password_before(client, grace, app, address):
    assert client.get(address).url == LOGIN
    assert client.post(address, {"code": code_of(grace)}).url == LOGIN


def test_a_password_counts_for_ten_minutes(client, grace, app):
    with time_machine.travel("2026-03-02T10:00Z", tick=False) as clock:
        give_password(client)
        clock.shift(10 * 60 + 1)

        assert give_code(client, code_of(grace)).url == LOGIN


@pytest.mark.parametrize("field", ["is_active", "is_staff"])
def test_who_left_between_password_and_code_stays_out(client, grace, app, field):
    give_password(client)
    User.objects.update(**{field: False})

    assert give_code(client, code_of(grace)).url == LOGIN


@pytest.mark.parametrize(
    ("steps", "is_right"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
def test_a_code_may_be_one_step_off(client, grace, app, steps, is_right):
    with time_machine.travel("2026-03-02T10:00:15Z", tick=False):
        give_password(client)
        give_code(client, code_of(grace, steps))

        assert is_in(client) is is_right


def test_a_code_works_once(client, grace, app):
    code = code_of(grace)
    give_password(client)
    give_code(client, code)
    other = Client()
    give_password(other)

    response = give_code(other, code)

    assert response.status_code == 422
    assert "Each code works once" in response.content.decode()
    assert not is_in(other)


def test_a_recovery_code_works_once_and_stands_in_no_table(client, grace, app):
    code = second_factor.renew_recovery_codes(grace)[0]
    give_password(client)
    give_code(client, code.upper().replace("-", " "))
    other = Client()
    give_password(other)

    response = give_code(other, code)

    assert is_in(client)
    assert response.status_code == 422
    kept = RecoveryCodes.objects.get().token_set.values_list("token", flat=True)
    assert len(kept) == 9
    assert not {code, code.replace("-", "")} & set(kept)


def test_new_recovery_codes_take_the_place_of_the_old(client, grace, app):
    old = second_factor.renew_recovery_codes(grace)[0]
    second_factor.renew_recovery_codes(grace)
    give_password(client)

    assert give_code(client, old).status_code == 422


def test_ten_wrong_codes_lock_until_an_administrator_resets(client, grace, app):
    with time_machine.travel("2026-03-02T10:00Z", tick=False) as clock:
        for _ in range(10):
            # Long enough for every delay.
            clock.shift(60 * 60)
            give_password(client)
            give_code(client, "000000")
        clock.shift(24 * 60 * 60)
        give_password(client)

        response = give_code(client, code_of(grace))

    assert response.status_code == 422
    assert "Ask an administrator" in response.content.decode()
    assert actions()[-2:] == ["locked out", "locked out"]


def test_wrong_codes_slow_down(client, grace, app):
    with time_machine.travel("2026-03-02T10:00Z", tick=False) as clock:
        give_password(client)
        give_code(client, "000000")
        too_soon = give_code(client, code_of(grace))
        clock.shift(1)
        give_code(client, code_of(grace))

        assert "Wait 1 second," in too_soon.content.decode()
        assert is_in(client)


def test_a_right_code_forgets_the_wrong_ones_before(client, grace, app):
    with time_machine.travel("2026-03-02T10:00Z", tick=False) as clock:
        for _ in range(12):
            give_password(client)
            give_code(client, "000000")
            clock.shift(60)
            give_code(client, code_of(grace))
            assert is_in(client)
            client.post("/admin/logout/")


def test_a_reset_ends_the_session_and_asks_for_a_new_app(client, grace, app):
    give_password(client)
    give_code(client, code_of(grace))

    call_command("reset_second_factor", "grace", stdout=StringIO())

    assert not is_in(client)
    give_password(client)
    assert client.get(CODE).url == SET_UP


@pytest.mark.parametrize("fact", ["password", "is_active", "is_staff"])
def test_a_session_ends_with_what_it_stands_on(client, grace, app, fact):
    give_password(client)
    give_code(client, code_of(grace))
    if fact == "password":
        grace.set_password("another long password")
    else:
        setattr(grace, fact, False)
    grace.save()

    assert not is_in(client)


def test_a_session_gets_a_new_key_at_password_and_code(client, grace, app, ada):
    keys = [client.session.session_key]
    give_password(client)
    keys.append(client.session.session_key)
    give_code(client, code_of(grace))
    keys.append(client.session.session_key)

    assert len(set(keys)) == 3


def test_signing_in_and_out_leaves_the_drafts_of_this_browser(ada, grace, app):
    give_password(ada.client)
    give_code(ada.client, code_of(grace))
    assert is_in(ada.client)
    assert ada.get().status_code == 200

    ada.client.post("/admin/logout/")

    assert not is_in(ada.client)
    assert ada.get().status_code == 200


@pytest.mark.parametrize(
    ("minutes", "still_in"),
    [([29] * 16, True), ([31], False), ([29] * 17, False)],
)
def test_a_session_ends_after_half_an_hour_idle_and_after_eight_hours(
    ada, grace, app, minutes, still_in
):
    with time_machine.travel("2026-03-02T08:00Z", tick=False) as clock:
        give_password(ada.client)
        give_code(ada.client, code_of(grace))
        seen = []
        for pause in minutes:
            clock.shift(pause * 60)
            seen.append(is_in(ada.client))

        assert seen == [True] * (len(minutes) - 1) + [still_in]
        assert ada.get().status_code == 200


def test_five_wrong_passwords_lock_out_one_name_from_one_address(client, grace, app):
    User.objects.create_user("hopper", password=PASSWORD, is_staff=True)
    for _ in range(5):
        last = give_password(client, "wrong")

    locked = give_password(client)

    assert (last.status_code, locked.status_code) == (429, 429)
    assert "Wait 15 minutes" in locked.content.decode()
    assert give_password(Client(REMOTE_ADDR="192.0.2.9")).status_code == 302
    other = {"username": "hopper", "password": PASSWORD}
    assert client.post(LOGIN, other).status_code == 302
    assert actions() == ["sign-in failed"] * 4 + ["locked out"] * 2


def test_a_lock_ends_after_a_quarter_of_an_hour(client, grace, app):
    with time_machine.travel("2026-03-02T10:00Z", tick=False) as clock:
        for _ in range(5):
            give_password(client, "wrong")
        clock.shift(14 * 60)
        give_password(client)
        clock.shift(60 + 1)

        assert give_password(client).status_code == 302


def test_wrong_codes_count_like_wrong_passwords(client, grace, app):
    with time_machine.travel("2026-03-02T10:00Z", tick=False) as clock:
        give_password(client)
        for _ in range(5):
            give_code(client, "000000")
            clock.shift(20)

        locked = give_code(client, code_of(grace))

        assert locked.status_code == 422
        assert "Wait 15 minutes" in locked.content.decode()
        assert give_password(Client()).status_code == 429


def test_a_typed_address_does_not_help(client, grace, settings):
    settings.PROXIES = 1
    statuses = [
        give_password_from(client, f"203.0.113.{number}, 198.51.100.7")
        for number in range(100)
    ]

    assert statuses == [422] * 4 + [429] * 96


def give_password_from(client, forwarded):
    credentials = {"username": "grace", "password": "wrong"}
    response = client.post(LOGIN, credentials, HTTP_X_FORWARDED_FOR=forwarded)
    return response.status_code


def test_without_a_header_one_name_locks_no_other(client, grace, settings):
    settings.PROXIES = 1
    User.objects.create_user("hopper", password=PASSWORD, is_staff=True)
    for _ in range(6):
        give_password(client, "wrong")

    other = {"username": "hopper", "password": PASSWORD}

    assert client.post(LOGIN, other).status_code == 302


@pytest.mark.parametrize("username", ["nobody", "\0", "x" * 300])
def test_a_name_that_nobody_has_fails_like_any_other(client, grace, username):
    response = client.post(LOGIN, {"username": username, "password": "x"})

    assert response.status_code == 422
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.user, entry.details) == ("sign-in failed", None, {})
    assert entry.address == "127.0.0.1"


def test_no_page_shows_the_secrets_of_others(admin_client, grace, app):
    for model in [
        "otp_totp/totpdevice",
        "otp_static/staticdevice",
        "axes/accessattempt",
    ]:
        assert admin_client.get(f"/admin/{model}/").status_code == 404


def test_what_was_written_for_longer_than_a_session_is_given_back(client, grace, app):
    with time_machine.travel("2026-03-02T08:00Z", tick=False) as clock:
        give_password(client)
        give_code(client, code_of(grace))
        clock.shift(31 * 60)
        typed = {"note": "A long thought,\nin <two> lines", "old_password": "x" * 30}
        response = client.post("/admin/password_change/", typed)

    page = response.content.decode()
    assert response.status_code == 403
    assert "A long thought,\nin &lt;two&gt; lines" in page
    assert "x" * 30 not in page
    assert actions() == ["signed in"]
