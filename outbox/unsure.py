"""What becomes of an email when nobody knows whether the relay took it.

Where the relay's log can be read, it is asked first: what was taken is settled, what was
not is sent again, and none is lost or doubled. Where it cannot be, the kind says whether a
second copy or none is the lesser evil.
"""

import logging
from datetime import timedelta

from django.db.models.functions import Now

from outbox import claims, journal, kinds
from outbox.models import OutgoingEmail, State

logger = logging.getLogger(__name__)

AT_ONCE = 100
# A clock of the relay's machine may differ by so much from the database's.
TOLERANCE = timedelta(seconds=60)


def look_up() -> None:
    """Settle the emails whose time has come to be looked for in the relay's log."""
    emails = list(
        OutgoingEmail.objects.to_be_looked_up()
        .filter(kind__in=kinds.names())
        .order_by("next_attempt_at")[:AT_ONCE]
    )
    if not emails:
        return
    try:
        taken = _taken(emails)
    except journal.CannotTell as error:
        logger.warning("The relay's log cannot be asked: %s.", error)
        for email in emails:
            is_held = claims.is_held(email.kind, email.attempts)
            _settle(email, State.UNKNOWN if is_held else State.RETRY)
    else:
        for email in emails:
            _settle_known(email, taken.get(email.message_id))


def _taken(emails):
    # The last of these conversations was at the very latest then.
    spoken_at = emails[-1].next_attempt_at - claims.LOOK_UP_AFTER
    ids = {email.message_id for email in emails}
    return journal.taken(ids, since=spoken_at - claims.LEASE - TOLERANCE)


def _settle_known(email, queue_id):
    if queue_id:
        _settle(email, State.SENT, sent_at=Now(), relay_id=queue_id)
    elif email.attempts >= claims.MAX_ATTEMPTS:
        _settle(email, State.DEAD)
    else:
        _settle(email, State.RETRY)


def _settle(email, state, **values):
    """Write what was found, unless another worker has already."""
    asked = OutgoingEmail.objects.filter(pk=email.pk, state=State.ASKED)
    asked.update(state=state, next_attempt_at=Now(), **values)
