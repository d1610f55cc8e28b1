"""How many emails of one kind go to one address: nobody's mailbox is to be flooded."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from django.db.models import Count
from django.db.models.functions import Now, Upper

from outbox import kinds
from outbox.models import OutgoingEmail


class Sent:
    """What has gone in the last hour to the addresses of a batch, kept as the batch goes."""

    def __init__(self, emails: Sequence[OutgoingEmail]):
        limited = {email for email in emails if kinds.get(email.kind).per_hour}
        self._counts = _counted(limited) if limited else Counter()

    def is_enough(self, email: OutgoingEmail) -> bool:
        """Return whether its address has had as many of its kind as it may."""
        most = kinds.get(email.kind).per_hour
        return most is not None and self._counts[email.kind, email.address] >= most

    def note(self, email: OutgoingEmail) -> None:
        self._counts[email.kind, email.address] += 1


def _counted(emails):
    sent = (
        OutgoingEmail.objects.annotate(address=Upper("to_email"))
        .filter(
            address__in={email.address for email in emails},
            kind__in={email.kind for email in emails},
            sent_at__gt=Now() - timedelta(hours=1),
        )
        .order_by()
        .values_list("kind", "address")
        .annotate(Count("pk"))
    )
    return Counter({(kind, address): count for kind, address, count in sent})
