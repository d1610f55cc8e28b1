"""A new SECRET_KEY: with the old one among the fallbacks nobody notices."""

from django.test import Client

from submissions import emails
from tests.staff import sign_in


def rotate(settings, *, keep):
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY] if keep else []
    settings.SECRET_KEY = "another-key-that-is-long-enough-for-every-check-of-django"


def test_sessions_and_links_outlive_a_new_key(
    ada,
    mailed,
    admin_user,
    settings,
):
    staff = sign_in(Client(), admin_user)
    ada.post("section/1/", answer__1__1="Eleven became three.")
    stop = emails.stop_token(ada.submission)

    rotate(settings, keep=True)

    assert "Eleven became three." in ada.get("section/1/").content.decode()
    assert staff.get("/admin/").status_code == 200
    assert Client().post(f"/resume/{mailed}/").status_code == 302
    assert Client().get(f"/reminders/{stop}/").status_code == 200


def test_a_key_that_leaked_is_dropped_and_emailed_links_still_lead_back(
    ada,
    mailed,
    admin_user,
    settings,
):
    staff = sign_in(Client(), admin_user)
    stop = emails.stop_token(ada.submission)

    rotate(settings, keep=False)

    assert ada.get().status_code == 404
    assert staff.get("/admin/").status_code == 302
    assert Client().get(f"/reminders/{stop}/").status_code == 404
    # Tokens of links are random: no key of ours can make or break one.
    assert Client().post(f"/resume/{mailed}/").status_code == 302
