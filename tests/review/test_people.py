"""Accounts and roles: who gives what to whom."""

import pytest
import time_machine
from django.contrib.auth.models import Group, Permission, User
from django.core.management import call_command
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice

from review import roles
from review.models import AuditEntry
from tests.staff import code_of, sign_in

LIST = "/admin/auth/user/"
PASSWORD = "a long enough password"


@pytest.fixture(autouse=True)
def quick_hashes(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def in_role(name, *names):
    user = User.objects.create_user(name, password=PASSWORD, is_staff=True)
    user.groups.set(Group.objects.filter(name__in=names))
    return user


@pytest.fixture
def ana(db):
    """Ana, an administrator, at her browser."""
    return sign_in(Client(), in_role("ana", "Administrator"))


def url_of(user, page="change"):
    return f"{LIST}{user.pk}/{page}/"


def fields(name, *names, **more):
    groups = Group.objects.filter(name__in=names).values_list("pk", flat=True)
    return {"username": name, "groups": list(groups), "is_active": "on"} | more


def test_the_groups_have_exactly_the_permissions_of_the_roles(db):
    reviewer = Group.objects.get(name="Reviewer")
    reviewer.permissions.set(Permission.objects.all())
    Group.objects.get(name="Exporter").delete()

    call_command("migrate", verbosity=0)

    assert permissions("Reviewer") == set(roles.ROLES["Reviewer"])
    assert permissions("Exporter") == set(roles.ROLES["Exporter"])
    assert permissions("Moderator") == set(roles.ROLES["Moderator"])
    named = {one for one in roles.ROLES["Administrator"] if not one.endswith("*")}
    assert named < permissions("Administrator")
    assert "consultations.change_question" in permissions("Administrator")
    assert "submissions.change_answer" not in permissions("Administrator")


def permissions(name):
    group = Group.objects.get(name=name)
    return {
        f"{app}.{codename}"
        for app, codename in group.permissions.values_list(
            "content_type__app_label", "codename"
        )
    }


def test_an_administrator_makes_an_account_whose_password_only_its_person_knows(ana):
    ana.post(f"{LIST}add/", fields("robin", "Reviewer"))
    robin = User.objects.get(username="robin")
    made = ana.post(url_of(robin, "password-link"))
    link = made.context["url"].removeprefix("http://localhost:8000")
    browser = Client()
    form = browser.get(link).url
    chosen = {"new_password1": PASSWORD, "new_password2": PASSWORD}
    browser.post(form, chosen)

    robin.refresh_from_db()
    assert robin.is_staff
    assert [group.name for group in robin.groups.all()] == ["Reviewer"]
    assert robin.check_password(PASSWORD)
    assert "_auth_user_id" not in browser.session
    assert "used up" in Client().get(link, follow=True).content.decode()
    entries = AuditEntry.objects.order_by("pk").values_list("action", "about_id")
    assert list(entries) == [
        ("permissions changed", str(robin.pk)),
        ("password link made", str(robin.pk)),
        ("password changed", ""),
    ]


def test_a_short_password_is_refused(ana):
    link = ana.post(url_of(in_role("robin"), "password-link")).context["url"]
    browser = Client()
    form = browser.get(link.removeprefix("http://localhost:8000")).url

    refused = browser.post(form, {"new_password1": "short", "new_password2": "short"})

    assert refused.status_code == 422
    assert "at least 12 characters" in refused.content.decode()


def test_roles_are_changed_and_the_log_says_to_what(ana):
    robin = in_role("robin", "Reviewer")

    ana.post(url_of(robin), fields("robin", "Moderator", "Exporter"))

    held = sorted(robin.groups.values_list("name", flat=True))
    assert held == ["Exporter", "Moderator"]
    entry = AuditEntry.objects.get(action="permissions changed")
    assert entry.details == {"fields": ["groups"], "roles": ["Exporter", "Moderator"]}


def test_an_account_that_is_switched_off_is_signed_out(ana):
    robin = in_role("robin", "Reviewer")
    browser = sign_in(Client(), robin)
    assert browser.get("/admin/").status_code == 200

    ana.post(url_of(robin), {"username": "robin"})

    assert browser.get("/admin/").status_code == 302


def test_an_administrator_resets_a_lost_second_factor(ana):
    robin = in_role("robin", "Reviewer")
    browser = sign_in(Client(), robin)

    ana.post(url_of(robin, "second-factor"))

    assert not TOTPDevice.objects.filter(user=robin).exists()
    assert browser.get("/admin/").status_code == 302
    entry = AuditEntry.objects.get(action="second factor reset")
    assert (entry.about_type, entry.about_id) == ("auth.user", str(robin.pk))


def test_a_superuser_is_changed_by_superusers_alone(ana, admin_user, admin_client):
    for page in ["password-link", "second-factor"]:
        assert ana.get(url_of(admin_user, page)).status_code == 403
        assert ana.post(url_of(admin_user, page)).status_code == 403
    assert ana.post(url_of(admin_user), fields("admin")).status_code == 403
    assert admin_client.get(url_of(admin_user, "password-link")).status_code == 200


def test_nobody_becomes_a_superuser_or_gets_a_permission_of_his_own_here(ana):
    robin = in_role("robin", "Reviewer")
    everything = list(Permission.objects.values_list("pk", flat=True))

    ana.post(
        url_of(robin),
        fields("robin", is_superuser="on", user_permissions=everything),
    )

    robin.refresh_from_db()
    assert not robin.is_superuser
    assert robin.user_permissions.count() == 0


def test_nobody_changes_his_own_roles_or_locks_himself_out(ana):
    me = User.objects.get(username="ana")

    ana.post(url_of(me), {"username": "ana", "first_name": "Ana"})

    me.refresh_from_db()
    assert (me.first_name, me.is_active) == ("Ana", True)
    assert [group.name for group in me.groups.all()] == ["Administrator"]


def test_accounts_are_not_deleted(ana, admin_client):
    robin = in_role("robin", "Reviewer")

    for client in [ana, admin_client]:
        assert client.post(url_of(robin, "delete"), {"post": "yes"}).status_code == 403
    assert User.objects.filter(username="robin").exists()


def test_a_change_asks_for_both_factors_again_and_takes_what_was_typed_along(db):
    robin = in_role("robin", "Reviewer")
    me = in_role("ana", "Administrator")
    with time_machine.travel("2026-03-02T10:00Z", tick=False) as clock:
        ana = sign_in(Client(), me)
        clock.shift(11 * 60)
        typed = fields("robin", "Moderator", first_name="Robin")
        asked = ana.post(url_of(robin), typed)
        robin.refresh_from_db()
        before = robin.first_name
        carried = dict(asked.context["carried"])
        again = {
            "again-method": asked.context["asked_by"],
            "again-password": PASSWORD,
            "again-code": code_of(me),
        }
        ana.post(url_of(robin), carried | again)

    robin.refresh_from_db()
    assert (asked.status_code, before, robin.first_name) == (403, "", "Robin")
    assert [group.name for group in robin.groups.all()] == ["Moderator"]


def test_the_list_takes_the_same_number_of_queries(ana, django_assert_num_queries):
    ana.get(LIST)
    with django_assert_num_queries(11):
        ana.get(LIST)
    in_role("robin", "Reviewer")
    in_role("kim", "Moderator", "Exporter")

    with django_assert_num_queries(11):
        page = ana.get(LIST)

    assert len(page.context["cl"].result_list) == 3
