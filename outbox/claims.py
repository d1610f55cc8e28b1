"""Who may work on an email: claimed, fenced, settled, each in a short transaction of its own.

All times are the database's: workers on machines whose clocks differ agree.
"""

import logging
import uuid
from collections.abc import Iterable
from datetime import timedelta

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import BooleanField, Case, ExpressionWrapper, F, Q, Value, When
from django.db.models.functions import Now

from outbox import journal, kinds
from outbox.models import OutgoingEmail, Phase, State

logger = logging.getLogger(__name__)

BATCH = 10
LEASE = timedelta(seconds=180)
# What must be left of a lease when DATA begins: no less than a message may take at most.
FENCE = timedelta(seconds=60)
MAX_ATTEMPTS = 12
# When the relay's log is asked about an email that may have left: it has had its say then.
LOOK_UP_AFTER = timedelta(seconds=60)

UNLEASED = {"phase": Phase.NONE, "lease": None, "lease_expires_at": None}


def recover_abandoned() -> int:
    """Take back the emails of workers that died; returns how many.

    Before DATA nothing can have left. After it the email may have arrived: that is
    recorded, and the relay's log is asked; without one the kind says whether it is sent
    again or held.
    """
    may_have_left = Q(phase=Phase.DATA)
    if journal.can_be_asked():
        unsure = [When(may_have_left, then=Value(State.ASKED))]
    else:
        is_held = Q(kind__in=kinds.held()) | Q(attempts__gte=MAX_ATTEMPTS - 1)
        unsure = [When(may_have_left & is_held, then=Value(State.UNKNOWN))]
    one_if_left = Case(When(may_have_left, then=1), default=0)
    return (
        OutgoingEmail.objects.abandoned()
        .filter(kind__in=kinds.names())
        .update(
            state=Case(*unsure, default=Value(State.RETRY)),
            # By then the relay had heard the last of it: its log can be asked at once.
            next_attempt_at=F("lease_expires_at"),
            ambiguous=F("ambiguous") + one_if_left,
            attempts=F("attempts") + one_if_left,
            **UNLEASED,
        )
    )


def is_held(kind: str, attempts: int) -> bool:
    """Return whether an email that may have left is left to a person, not sent again."""
    return kind in kinds.held() or attempts >= MAX_ATTEMPTS


def claim() -> list[OutgoingEmail]:
    """Lease the next few due emails to the caller; each says whether it `is_expired`."""
    lease = uuid.uuid4()
    has_expired = ExpressionWrapper(
        Q(expires_at__isnull=False, expires_at__lte=Now()), BooleanField()
    )
    # Durable: inside somebody's transaction a claim would hold its row locks during SMTP.
    with transaction.atomic(durable=True):
        emails = list(
            OutgoingEmail.objects.due()
            .filter(kind__in=kinds.names())
            .annotate(is_expired=has_expired)
            .order_by("is_bulk", "next_attempt_at")
            .select_for_update(skip_locked=True)[:BATCH]
        )
        OutgoingEmail.objects.filter(pk__in=[email.pk for email in emails]).update(
            state=State.SENDING,
            phase=Phase.PREP,
            lease=lease,
            lease_expires_at=Now() + LEASE,
        )
    for email in emails:
        email.lease = lease
    return emails


def fence(email: OutgoingEmail) -> bool:
    """Record that DATA begins; False when too little of the lease is left to begin it."""
    fenced = OutgoingEmail.objects.filter(
        pk=email.pk, lease=email.lease, lease_expires_at__gt=Now() + FENCE
    ).update(phase=Phase.DATA)
    return fenced == 1


def settle(email: OutgoingEmail, state: State, **values) -> None:
    """Write the outcome of an attempt and end the lease."""
    leased = OutgoingEmail.objects.filter(pk=email.pk, lease=email.lease)
    values = {"state": state, **UNLEASED, **values}
    try:
        settled = leased.update(**values)
    except (OperationalError, InterfaceError):
        # The email may be out, and only we know: worth a second try on a new connection.
        connection.close()
        settled = leased.update(**values)
    if not settled:
        logger.warning("Email %s: the lease ran out before the outcome.", email.pk)


def give_back(emails: Iterable[OutgoingEmail]) -> None:
    """Return emails that were claimed and not tried; others may take them at once."""
    for email in emails:
        settle(email, State.RETRY)
