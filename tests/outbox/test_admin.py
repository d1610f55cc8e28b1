from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from outbox import services
from outbox.models import OutgoingEmail, State
from outbox.words import what_happened
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
    client = staff("view", "change")
    write(key="note:ann", to="ann@example.org")
    write(key="note:bob", to="Bob@example.org")
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


def test_addresses_are_whole_for_those_alone_who_may_send_again(staff, write, client):
    write(to="ann@example.org")
    OutgoingEmail.objects.update(
        state=State.DEAD, last_code=550, last_error="rcpt: 550 <ann@example.org>?"
    )
    detail = reverse(
        "admin:outbox_outgoingemail_change", args=[OutgoingEmail.objects.get().pk]
    )

    staff("view")
    pages = [client.get(page).content.decode() for page in (LIST, detail)]
    found = client.get(f"{LIST}?q=ann@example.org")
    change = Permission.objects.get(codename="change_outgoingemail")
    User.objects.get().user_permissions.add(change)
    whole = client.get(LIST).content.decode()

    for page in pages:
        assert "ann@example.org" not in page
        assert "a…@e…" in page
    assert b'name="q"' not in found.content
    assert "ann@example.org" in whole


def test_a_private_kind_shows_its_address_to_nobody(admin_client, make_kind, write):
    make_kind("secret", is_private=True)
    email = write("secret", to="ann@example.org")
    set_state(email, State.DEAD, last_code=550, last_error="rcpt: 550 ann@example.org")
    detail = reverse("admin:outbox_outgoingemail_change", args=[email.pk])

    pages = [admin_client.get(page).content.decode() for page in (LIST, detail)]

    assert all("ann" not in page for page in pages)


def test_the_list_speaks_plain_words_and_filters_by_kind(
    admin_client, make_kind, write
):
    make_kind("letter", label="A letter")
    write("letter", key="letter:1")
    write("note", key="note:1")

    page = admin_client.get(LIST + "?kind=letter")

    assert [email.key for email in page.context["cl"].result_list] == ["letter:1"]
    assert "A letter</a></th>" in page.content.decode()
    none = admin_client.get(LIST + "?kind=nonsense")
    assert not none.context["cl"].result_list


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"state": State.PENDING}, ""),
        ({"state": State.SENT}, "The mail server took it."),
        (
            {"state": State.DEAD, "last_code": 550, "last_error": "rcpt: 550 No"},
            "The address was refused: it may be mistyped, or closed.",
        ),
        (
            {"state": State.DEAD, "last_code": 552, "last_error": "rcpt: 552 Full"},
            "The mailbox is full.",
        ),
        (
            {"state": State.DEAD, "last_code": 550, "last_error": "data: 550 Spam"},
            "A mail server refused it.",
        ),
        (
            {"state": State.RETRY, "last_code": 451, "last_error": "rcpt: 451 Wait"},
            "A mail server asked us to try later.",
        ),
        (
            {"state": State.RETRY, "last_error": "connect: no answer"},
            "The mail server did not answer.",
        ),
        (
            {"state": State.DEAD, "last_error": "KeyError"},
            "It could not be written: this is ours to mend.",
        ),
        (
            {"state": State.CANCELLED},
            "It was no longer wanted when its turn came.",
        ),
        (
            {"state": State.UNKNOWN},
            "The connection broke when it had been handed over: it may have arrived.",
        ),
    ],
)
def test_what_happened_is_said_in_words(values, words):
    assert what_happened(OutgoingEmail(**values)) == words


def test_what_had_run_out_is_given_time_when_a_person_sends_it_again(
    write, attempt, smtp_sink
):
    email = write(expires_at=timezone.now() - timedelta(days=3))
    set_state(email, State.DEAD)

    services.send_again(OutgoingEmail.objects.all())

    assert attempt(email).state == State.SENT


def test_what_is_held_is_not_given_time_again(write, reminder, attempt, smtp_sink):
    email = write("reminder", expires_at=timezone.now() - timedelta(days=3))
    set_state(email, State.UNKNOWN)

    services.send_again(OutgoingEmail.objects.all())

    assert attempt(email).state == State.CANCELLED


def test_cancelling_leaves_alone_what_does_not_wait(write):
    waiting, sending, sent = [write() for _ in range(3)]
    lease = {"lease": waiting.pk, "lease_expires_at": timezone.now(), "phase": "prep"}
    set_state(sending, State.SENDING, **lease)
    set_state(sent, State.SENT, sent_at=timezone.now())

    cancelled = services.cancel(OutgoingEmail.objects.all())

    assert cancelled == [waiting]
    states = dict(OutgoingEmail.objects.values_list("pk", "state"))
    assert states == {
        waiting.pk: State.CANCELLED,
        sending.pk: State.SENDING,
        sent.pk: State.SENT,
    }
