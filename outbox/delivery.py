"""Sends what is due. Any number of workers may do so at once, and may die anywhere.

An email is lost by no crash. It can be sent twice only when a worker dies, or the relay's
answer is lost, after DATA was begun: that is recorded in `ambiguous`. Where the relay's log
can be asked (`unsure`), it is not sent twice then either.
"""

import logging
import time
from collections import deque
from collections.abc import Callable
from datetime import timedelta

from django.db import InterfaceError, OperationalError, transaction
from django.db.models.functions import Now

from outbox import circuit, claims, journal, kinds, letters, unsure
from outbox.answers import Action, NotAccepted, action_for, seconds_until_next
from outbox.models import OutgoingEmail, State
from outbox.relay import LeaseLost, Relay

logger = logging.getLogger(__name__)

# After so many seconds no further message is begun.
BUDGET_SECONDS = 45
# Seconds until the next attempt after a failure that is not about the email.
NOT_ITS_FAULT = (30,)


class CircuitOpened(Exception):
    """The relay is to be left alone."""


def deliver_due(
    budget: float = BUDGET_SECONDS, should_stop: Callable[[], bool] = lambda: False
) -> int:
    """Send what is due, for about `budget` seconds; returns how many the relay took."""
    ends_at = time.monotonic() + budget

    def is_over():
        return should_stop() or time.monotonic() >= ends_at

    claims.recover_abandoned()
    unsure.look_up()
    sent = 0
    with Relay() as relay:
        while not is_over() and not circuit.is_open():
            emails = claims.claim()
            sent += _deliver(emails, relay, is_over)
            if len(emails) < claims.BATCH:
                break
    return sent


def _deliver(emails, relay, is_over) -> int:
    waiting = deque(emails)
    sent = 0
    try:
        while waiting and not is_over():
            sent += _attempt(waiting.popleft(), relay)
    except CircuitOpened:
        pass
    finally:
        claims.give_back(waiting)
    return sent


def _attempt(email: OutgoingEmail, relay: Relay) -> bool:
    """Try to send one claimed email, and settle it; returns whether the relay took it."""
    kind = kinds.get(email.kind)
    letter = _letter(email, kind)
    if letter is None:
        return False
    try:
        receipt = relay.send(letter, fence=lambda: claims.fence(email))
    except LeaseLost:
        claims.give_back([email])
    except NotAccepted as refusal:
        _settle_refused(email, kind, refusal)
    else:
        _settle_sent(email, receipt)
        return True
    return False


def _letter(email, kind) -> letters.Letter | None:
    """Write the letter, or settle why there is none: not wanted any more, or poison."""
    try:
        # What composing writes, such as a link, is kept only if the letter is whole.
        with transaction.atomic():
            if not email.is_expired and kind.is_wanted(email):
                return letters.write(email, kind.compose(email))
    except (OperationalError, InterfaceError):
        # The database's fault, not the email's.
        logger.warning("Email %s could not be composed yet.", email.pk, exc_info=True)
        _settle_later(
            email, seconds_until_next(NOT_ITS_FAULT), last_error="The database was away"
        )
    except Exception as error:
        logger.exception("Email %s cannot be composed.", email.pk)
        # The class only: the text of an error may quote the message.
        claims.settle(email, State.DEAD, last_error=type(error).__name__)
    else:
        claims.settle(email, State.CANCELLED)


def _settle_sent(email, receipt):
    claims.settle(
        email,
        State.SENT,
        sent_at=Now(),
        attempts=email.attempts + 1,
        last_code=250,
        last_error="",
        relay_id=receipt[:200],
    )
    circuit.note_answer()


def _settle_refused(email, kind, refusal: NotAccepted):
    action = action_for(refusal.step, refusal.code)
    logger.warning("Email %s: %s %s.", email.pk, refusal.step, refusal.code)
    said = {"last_code": refusal.code, "last_error": str(refusal)}
    match action:
        case Action.AWAY | Action.CONFIGURATION:
            _settle_later(email, seconds_until_next(NOT_ITS_FAULT), **said)
        case Action.DEAD:
            claims.settle(email, State.DEAD, attempts=email.attempts + 1, **said)
        case Action.AGAIN:
            _settle_counted(email, kind, **said)
        case Action.UNSURE:
            _settle_counted(email, kind, is_unsure=True, **said)

    if action in (Action.DEAD, Action.AGAIN):
        circuit.note_answer()
    elif circuit.note_failure(str(refusal), at_once=action is Action.CONFIGURATION):
        raise CircuitOpened


def _settle_counted(email, kind, *, is_unsure=False, **said):
    """Count the attempt, and try again later unless it was the last, or is held."""
    attempts = email.attempts + 1
    ambiguous = email.ambiguous + is_unsure
    said |= {"attempts": attempts, "ambiguous": ambiguous}
    if is_unsure and journal.can_be_asked():
        then = Now() + claims.LOOK_UP_AFTER
        claims.settle(email, State.ASKED, next_attempt_at=then, **said)
    elif is_unsure and claims.is_held(kind.name, attempts):
        claims.settle(email, State.UNKNOWN, **said)
    elif attempts >= claims.MAX_ATTEMPTS:
        claims.settle(email, State.UNKNOWN if ambiguous else State.DEAD, **said)
    else:
        _settle_later(email, seconds_until_next(kind.backoff, attempts), **said)


def _settle_later(email, seconds, **said):
    then = Now() + timedelta(seconds=seconds)
    claims.settle(email, State.RETRY, next_attempt_at=then, **said)
