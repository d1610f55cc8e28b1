import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from outbox import services
from outbox.delivery import deliver_due
from outbox.models import OutgoingEmail


def test_same_key_twice_is_one_row(write):
    first = write(key="acknowledgement:1", to="ann@example.org")

    second = write(key="acknowledgement:1", to="bob@example.org")

    assert second.pk == first.pk
    assert second.to_email == "ann@example.org"
    assert OutgoingEmail.objects.count() == 1


def test_unknown_kind_is_refused(write):
    with pytest.raises(KeyError):
        write(kind="nobody registered this")


def test_message_id_is_of_this_site(write, settings):
    settings.SITE_HOST = "bücher.example"

    email = write()

    assert email.message_id.startswith("<")
    assert email.message_id.endswith("@xn--bcher-kva.example>")


@pytest.mark.django_db(transaction=True)
def test_commit_sends_exactly_one_email(write, smtp_sink):
    with transaction.atomic():
        email = write()

    deliver_due()
    deliver_due()

    assert smtp_sink.accepted == [email.message_id]


@pytest.mark.django_db(transaction=True)
def test_rollback_sends_none(write, smtp_sink):
    with transaction.atomic():
        write()
        transaction.set_rollback(True)

    deliver_due()

    assert smtp_sink.accepted == []


def test_bell_rings_after_commit_only(
    write, monkeypatch, django_capture_on_commit_callbacks
):
    rings = []
    monkeypatch.setattr(services, "ring", rings.append)

    with django_capture_on_commit_callbacks(execute=True):
        write()
        assert rings == []

    assert rings == ["outbox.tasks.deliver_due"]


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("has_a_key", {"key": ""}),
        ("has_a_known_state", {"state": "lost"}),
        ("has_sent_at_once_sent", {"state": "sent"}),
        ("has_sent_at_once_sent", {"sent_at": F("created_at")}),
        ("is_leased_while_sending", {"state": "sending"}),
        ("is_leased_while_sending", {"lease_expires_at": F("created_at")}),
        ("is_leased_while_sending", {"phase": "data"}),
    ],
)
def test_database_refuses_what_cannot_be(write, constraint, values):
    write()

    with pytest.raises(IntegrityError, match=f"outbox_outgoingemail_{constraint}"):
        OutgoingEmail.objects.update(**values)
