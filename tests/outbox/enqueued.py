from outbox.models import OutgoingEmail
from outbox.services import enqueue


def enqueued(kind, *, key, **email):
    """Write an email; return it as it is."""
    enqueue(kind, key=key, **email)
    return OutgoingEmail.objects.get(key=key)
