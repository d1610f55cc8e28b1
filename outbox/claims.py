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

# A worker that dies holds back so many for the length of a lease.
BATCH = 10
LEASE = timedelta(seconds=180)
# What must be left of a lease when DATA begins: no less than a message may take at most.
FENCE = timedelta(seconds=60)
MAX_ATTEMPTS = 12
# When the relay's log is asked about an email that may have left: it has had its say then.
LOOK_UP_AFTER = timedelta(seconds=60)

UNLEASED = {"phase": Phase.NONE, "lease": None, "lease_expires_at": None}

# What is said for every email is said in SQL: Django takes five times as long to write
# such a statement as PostgreSQL to do what it says.
BEGIN_DATA = """
    UPDATE outbox_outgoingemail SET phase = 'data'
    WHERE id = %s AND lease = %s AND lease_expires_at > statement_timestamp() + %s
"""
# Not waited for until it is on the disk: the next fence, or the server within a second, sees
# to that. If the server crashes before, the email counts as one that may have left.
HAS_LEFT = """
    SET LOCAL synchronous_commit = off;
    UPDATE outbox_outgoingemail
    SET state = 'sent', phase = '', lease = NULL, lease_expires_at = NULL,
        sent_at = statement_timestamp(), attempts = attempts + 1,
        last_code = 250, last_error = '', relay_id = %s
    WHERE id = %s AND lease = %s
"""


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
    return _rows_of(BEGIN_DATA, email.pk, email.lease, FENCE) == 1


def settle_sent(email: OutgoingEmail, receipt: str) -> None:
    """Write that the relay took it, and end the lease."""
    _insist(email, lambda: _rows_of(HAS_LEFT, receipt[:200], email.pk, email.lease))


def settle(email: OutgoingEmail, state: State, **values) -> None:
    """Write any other outcome of an attempt, and end the lease."""
    leased = OutgoingEmail.objects.filter(pk=email.pk, lease=email.lease)
    _insist(email, lambda: leased.update(**{"state": state, **UNLEASED, **values}))


def _rows_of(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount


def _insist(email, write):
    try:
        settled = write()
    except (OperationalError, InterfaceError):
        # The email may be out, and only we know: worth a second try on a new connection.
        connection.close()
        settled = write()
    if not settled:
        logger.warning("Email %s: the lease ran out before the outcome.", email.pk)


def give_back(emails: Iterable[OutgoingEmail]) -> None:
    """Return emails that were claimed and not tried; others may take them at once."""
    for email in emails:
        settle(email, State.RETRY)
