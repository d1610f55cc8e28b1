"""What other apps, and the staff, may ask of the outbox."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils.encoding import punycode

from outbox import kinds
from outbox.bell import ring
from outbox.claims import UNLEASED
from outbox.models import UNDELIVERED, OutgoingEmail, State

# What stands as the last error of an email that waited when the database went back in time.
RESTORED = "restored"
# How long an email that had run out is tried when a person sends it again.
AGAIN_WITHIN = timedelta(days=2)


def enqueue(kind_name: str, *, key, to, context, about="", expires_at=None) -> None:
    """Write an email in the caller's transaction, beside the fact that it reports.

    The same key again leaves the first row as it is. `about` is what the caller will
    look for, such as "submission:12". KeyError: an unknown kind.
    """
    kind = kinds.get(kind_name)
    email = OutgoingEmail(
        key=key,
        kind=kind.name,
        is_bulk=kind.is_bulk,
        to_email=to,
        about=about,
        context=context,
        expires_at=expires_at,
    )
    email.message_id = f"<{uuid.uuid4()}@{punycode(settings.SITE_HOST)}>"
    OutgoingEmail.objects.bulk_create([email], ignore_conflicts=True)
    # A lambda: Django 5.2 cannot name a partial in the log, and would raise (#36487).
    transaction.on_commit(lambda: kick(), robust=True)


def kick() -> None:
    """Have a worker deliver now what is due."""
    ring("outbox.tasks.deliver_due")


def send_again(emails) -> int:
    """Put the undelivered ones of these emails back in the queue; returns how many.

    One that has run out meanwhile is given time again, because a person wants it. Not
    what is held: a reminder of a date that has passed helps nobody.
    """
    undelivered = emails.undelivered()
    undelivered.filter(expires_at__lt=Now()).exclude(kind__in=kinds.held()).update(
        expires_at=Now() + AGAIN_WITHIN
    )
    count = undelivered.update(state=State.PENDING, attempts=0, next_attempt_at=Now())
    transaction.on_commit(lambda: kick(), robust=True)
    return count


def cancel(emails) -> list[OutgoingEmail]:
    """Cancel those of these emails that wait; returns them. One being sent goes on."""
    with transaction.atomic():
        waiting = list(emails.waiting().select_for_update(skip_locked=True))
        chosen = OutgoingEmail.objects.filter(pk__in=[email.pk for email in waiting])
        chosen.update(state=State.CANCELLED)
    return waiting


def hold_unfinished() -> int:
    """Leave to a person whatever has not gone out, after the database went back in time.

    It may have gone out since. Returns how many.
    """
    finished = [State.SENT, State.CANCELLED, *UNDELIVERED]
    unfinished = OutgoingEmail.objects.exclude(state__in=finished)
    return unfinished.update(
        state=State.UNKNOWN,
        ambiguous=F("ambiguous") + 1,
        last_error=RESTORED,
        **UNLEASED,
    )
