"""The outbox in figures, for whoever watches it."""

from django.db.models import Count, Min
from django.db.models.functions import Coalesce, Now

from outbox import circuit
from outbox.models import OutgoingEmail


def figures() -> dict:
    """Return the age of the oldest due email in seconds, and what wants a person.

    Nothing that a request can move: counts of all states would tell a stranger whether
    the address that he typed is one we know.
    """
    emails = OutgoingEmail.objects.all()
    waiting = emails.due() | emails.abandoned() | emails.to_be_looked_up()
    late = waiting.aggregate(
        by=Now() - Min(Coalesce("lease_expires_at", "next_attempt_at"))
    )["by"]
    undelivered = emails.undelivered().order_by().values_list("state")
    return {
        "oldest_due_seconds": late.total_seconds() if late else 0,
        "undelivered": dict(undelivered.annotate(Count("pk"))),
        "is_circuit_open": circuit.is_open(),
    }
