"""Who may work on an email: claimed, fenced, settled, each in a short transaction of its own.

All times are the database's: workers on machines whose clocks differ agree.
"""

import logging
import uuid
from collections.abc import Iterable
from datetime import timedelta

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Case, F, Q, Value, When

from outbox import journal, kinds
from outbox.models import OutgoingEmail, Phase, State
from outbox.prepared import Prepared

logger = logging.getLogger(__name__)

# A worker that dies holds back so many on each connection for the length of a lease.
BATCH = 20
LEASE = timedelta(seconds=180)
# What must be left of a lease when DATA begins: no less than a message may take at most.
FENCE = timedelta(seconds=60)
MAX_ATTEMPTS = 12
# When the relay's log is asked about an email that may have left: it has had its say then.
LOOK_UP_AFTER = timedelta(seconds=60)

UNLEASED = {"phase": Phase.NONE, "lease": None, "lease_expires_at": None}

CLAIM = """
    UPDATE outbox_outgoingemail
    SET state = 'sending', phase = 'prep', lease = %s,
        lease_expires_at = statement_timestamp() + %s
    WHERE id = ANY (ARRAY (
        SELECT id FROM outbox_outgoingemail
        WHERE state IN ('pending', 'retry') AND kind = ANY (%s)
            AND next_attempt_at <= statement_timestamp()
            AND NOT EXISTS (
                SELECT FROM outbox_circuit WHERE closes_at > statement_timestamp()
            )
        ORDER BY is_bulk, next_attempt_at LIMIT %s
        FOR UPDATE SKIP LOCKED
    ))
    RETURNING *, coalesce(expires_at <= statement_timestamp(), FALSE) AS is_expired,
        NOT EXISTS (
            SELECT FROM outbox_outgoingemail AS other
            WHERE upper(other.to_email) = upper(outbox_outgoingemail.to_email)
                AND other.kind = outbox_outgoingemail.kind
                AND other.id <> outbox_outgoingemail.id
                AND (other.sent_at > statement_timestamp() - interval '1 hour'
                    OR other.sent_at IS NULL)
        ) AS is_only_one,
        EXISTS (SELECT FROM outbox_circuit WHERE failures > 0) AS has_relay_failed
"""
FENCED = """
    UPDATE outbox_outgoingemail SET phase = 'data'
    WHERE id = ${} AND lease = ${} AND lease_expires_at > statement_timestamp() + ${}
"""
SETTLED = """
    UPDATE outbox_outgoingemail
    SET state = 'sent', phase = '', lease = NULL, lease_expires_at = NULL,
        sent_at = statement_timestamp(), attempts = attempts + 1,
        last_code = 250, last_error = '', relay_id = $3
    WHERE id = $1 AND lease = $2
"""
BEGIN_DATA = Prepared(
    "outbox_begin_data", FENCED.format("1", "2", "3"), types="uuid, uuid, interval"
)
HAS_LEFT = Prepared(
    "outbox_has_left",
    SETTLED,
    types="uuid, uuid, text",
    # Not waited for until it is on the disk: the next fence, or the server within a second,
    # sees to that. If the server crashes before, the email counts as one that may have left.
    first="SET LOCAL synchronous_commit = off; ",
)
HAS_LEFT_AND_NEXT = Prepared(
    "outbox_has_left_and_next",
    f"""
    WITH settled AS ({SETTLED} RETURNING id),
        fenced AS ({FENCED.format("4", "5", "6")} RETURNING id)
    SELECT (SELECT count(*) FROM settled), (SELECT count(*) FROM fenced)
    """,  # noqa: S608
    types="uuid, uuid, text, uuid, uuid, interval",
)
SENT_THIS_HOUR = Prepared(
    "outbox_sent_this_hour",
    """
    SELECT count(*) FROM outbox_outgoingemail
    WHERE kind = $1 AND upper(to_email) = upper($2)
        AND sent_at > statement_timestamp() - interval '1 hour'
    """,
    types="text, text",
)


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
    """Lease the next few due emails to the caller, none while the relay is to be left alone.

    Each says whether it `is_expired`, and whether it `is_only_one`: nothing else of its
    kind has been sent to its address within an hour, or may be. And `has_relay_failed`:
    the last that was heard of the relay.
    """
    values = [uuid.uuid4(), LEASE, kinds.names(), BATCH]
    # Durable: inside somebody's transaction a claim would hold its row locks during SMTP.
    with transaction.atomic(durable=True):
        emails = list(OutgoingEmail.objects.raw(CLAIM, values))
    return sorted(emails, key=lambda email: (email.is_bulk, email.next_attempt_at))


def sent_this_hour(email: OutgoingEmail) -> int:
    """Return how many emails of this kind have left to this address within an hour."""
    [count] = SENT_THIS_HOUR.row(email.kind, email.to_email)
    return count


def fence(email: OutgoingEmail) -> bool:
    """Record that DATA begins; False when too little of the lease is left to begin it."""
    return BEGIN_DATA.rowcount(email.pk, email.lease, FENCE) == 1


def settle_sent_and_fence(email: OutgoingEmail, receipt: str, other) -> bool:
    """Do both at once: `settle_sent` for an email, and `fence` for the one after it."""
    [settled, fenced] = HAS_LEFT_AND_NEXT.row(
        *(email.pk, email.lease, receipt[:200]), *(other.pk, other.lease, FENCE)
    )
    _warn_unless(settled, email)
    return fenced == 1


def settle_sent(email: OutgoingEmail, receipt: str) -> None:
    """Write that the relay took it, and end the lease."""
    _insist(email, lambda: HAS_LEFT.rowcount(email.pk, email.lease, receipt[:200]))


def settle(email: OutgoingEmail, state: State, **values) -> None:
    """Write any other outcome of an attempt, and end the lease."""
    leased = OutgoingEmail.objects.filter(pk=email.pk, lease=email.lease)
    _insist(email, lambda: leased.update(**{"state": state, **UNLEASED, **values}))


def _insist(email, write):
    try:
        settled = write()
    except (OperationalError, InterfaceError):
        # The email may be out, and only we know: worth a second try on a new connection.
        connection.close()
        settled = write()
    _warn_unless(settled, email)


def _warn_unless(settled, email):
    if not settled:
        logger.warning("Email %s: the lease ran out before the outcome.", email.pk)


def give_back(emails: Iterable[OutgoingEmail]) -> None:
    """Return emails that were claimed and not tried; others may take them at once."""
    for email in emails:
        settle(email, State.RETRY)
