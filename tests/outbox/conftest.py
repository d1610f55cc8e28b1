import itertools
from datetime import timedelta

import pytest
from django.db.models.functions import Now

from outbox import kinds
from outbox.delivery import deliver_due
from outbox.models import OutgoingEmail, State
from tests.outbox.enqueued import enqueued


@pytest.fixture
def make_kind(monkeypatch):
    """Register a kind for this test; by default it is sent again when unsure."""

    def make(name="note", **changes):
        kind = kinds.Kind(
            **{
                "name": name,
                "compose": say_hello,
                "is_wanted": lambda email: True,
                "when_unsure": "resend",
                **changes,
            }
        )
        monkeypatch.setitem(kinds._kinds, name, kind)
        return kind

    return make


def say_hello(email):
    return kinds.Message(
        subject=f"Hello {email.key}", text="Hello\n", html="<p>Hello</p>"
    )


@pytest.fixture
def note(make_kind):
    return make_kind("note")


@pytest.fixture
def reminder(make_kind):
    return make_kind("reminder", when_unsure="hold", is_bulk=True)


@pytest.fixture
def write(db, note):
    """Write an email as another app would; everything has a default."""
    numbers = itertools.count(1)

    def write(kind="note", key=None, to="ann@example.org", context=None, **values):
        key = key or f"{kind}:{next(numbers)}"
        return enqueued(kind, key=key, to=to, context=context or {}, **values)

    return write


@pytest.fixture
def later(db):
    """Let time pass, by moving the rows: pauses and leases are over, the circuit closes."""

    def later():
        past = Now() - timedelta(seconds=1)
        emails = OutgoingEmail.objects.all()
        emails.update(next_attempt_at=past)
        emails.filter(state=State.SENDING).update(lease_expires_at=past)

    return later


@pytest.fixture
def attempt(later):
    """Deliver once, now, and return the row as it is then."""

    def attempt(email):
        later()
        deliver_due()
        email.refresh_from_db()
        return email

    return attempt
