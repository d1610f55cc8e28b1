"""The outbox in figures, for whoever watches it."""

from django.db.models import Count, Min
from django.db.models.functions import Coalesce, Now

from outbox import circuit
from outbox.models import OutgoingEmail


def figures() -> dict:
    """Return the age of the oldest due email in seconds, counts by state, and the circuit."""
    emails = OutgoingEmail.objects.all()
    late = (emails.due() | emails.abandoned()).aggregate(
        by=Now() - Min(Coalesce("lease_expires_at", "next_attempt_at"))
    )["by"]
    counts = emails.order_by().values_list("state").annotate(Count("pk"))
    return {
        "oldest_due_seconds": late.total_seconds() if late else 0,
        "states": dict(counts),
        "is_circuit_open": circuit.is_open(),
    }
