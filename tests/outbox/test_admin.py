import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from outbox.models import OutgoingEmail, State
from tests.staff import sign_in as sign_in_as

LIST = reverse("admin:outbox_outgoingemail_changelist")


@pytest.fixture
def staff(db, client):
    """Sign in somebody with these permissions on emails."""

    def sign_in(*permissions):
        user = User.objects.create_user("sam", is_staff=True)
        names = [f"{name}_outgoingemail" for name in permissions]
        user.user_permissions.set(Permission.objects.filter(codename__in=names))
        sign_in_as(client, user)
        return client

    return sign_in


def choose(client, action, *emails):
    data = {"action": action, "_selected_action": [email.pk for email in emails]}
    return client.post(LIST, data, follow=True)


def test_list_finds_by_address_and_state(staff, write):
    client = staff("view")
    write(key="note:ann", to="ann@example.org")
    write(key="note:bob", to="bob@example.org")
    OutgoingEmail.objects.filter(key="note:bob").update(state=State.DEAD)

    for query in ("?q=bob@example.org", "?state__exact=dead"):
        page = client.get(LIST + query)

        keys = [email.key for email in page.context["cl"].result_list]
        assert keys == ["note:bob"]


def test_detail_shows_what_became_of_it_and_offers_no_change(staff, write):
    client = staff("view", "change")
    email = write()
    error = "rcpt: 550 Nobody <here>"
    OutgoingEmail.objects.update(state=State.DEAD, last_error=error)
    address = reverse("admin:outbox_outgoingemail_change", args=[email.pk])

    page = client.get(address)

    assert escape(error) in page.content.decode()
    assert "could not be delivered" in page.content.decode()
    assert b"_save" not in page.content
    assert client.post(address, {"to_email": "eve@example.org"}).status_code == 403


@pytest.mark.parametrize("view", ["add", "delete"])
def test_nobody_adds_or_deletes(admin_client, write, view):
    email = write()
    arguments = [email.pk] if view == "delete" else []

    page = admin_client.get(
        reverse(f"admin:outbox_outgoingemail_{view}", args=arguments)
    )

    assert page.status_code == 403


def test_send_again_takes_up_what_was_not_delivered(staff, write, attempt, smtp_sink):
    client = staff("view", "change")
    dead, unknown, sent, cancelled = emails = [write() for _ in range(4)]
    set_state(dead, State.DEAD, attempts=12)
    set_state(unknown, State.UNKNOWN, ambiguous=1)
    set_state(sent, State.SENT, sent_at=sent.created_at)
    set_state(cancelled, State.CANCELLED)

    page = choose(client, "send_again", *emails)

    assert "2 emails will be sent again." in page.content.decode()
    assert attempt(dead).state == State.SENT
    assert smtp_sink.accepted == [dead.message_id, unknown.message_id]
    dead.refresh_from_db()
    assert dead.attempts == 1


def test_send_again_needs_the_permission(staff, write):
    client = staff("view")
    dead = write()
    set_state(dead, State.DEAD)

    page = choose(client, "send_again", dead)

    assert "send_again" not in page.content.decode()
    dead.refresh_from_db()
    assert dead.state == State.DEAD


def test_list_has_the_same_queries_with_one_row_and_three(
    staff, write, django_assert_num_queries
):
    client = staff("view")
    write()
    with CaptureQueriesContext(connection) as with_one:
        client.get(LIST)

    write()
    write()

    with django_assert_num_queries(len(with_one)):
        client.get(LIST)


def set_state(email, state, **values):
    OutgoingEmail.objects.filter(pk=email.pk).update(state=state, **values)
