"""Sends what is due. Any number of workers may do so at once, and may die anywhere.

An email is lost by no crash. It can be sent twice only when a worker dies, or the relay's
answer is lost, after DATA was begun: that is recorded in `ambiguous`. Where the relay's log
can be asked (`unsure`), it is not sent twice then either.
"""

import logging
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from contextvars import copy_context
from datetime import timedelta

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
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
    if is_over():
        return 0
    with Relay() as relay:
        emails = claims.claim()
        sent = Batch(emails, relay).deliver(is_over)
        if _are_many(emails):
            # Only now: ours is there, so that a relay that takes one refuses another.
            sent += _deliver_side_by_side(relay, is_over)
    return sent


def _are_many(emails):
    """Return whether more may be due than these."""
    return len(emails) == claims.BATCH


def _deliver_side_by_side(relay, is_over) -> int:
    """Send the rest over this connection, and over others from threads of their own."""
    leaving = threading.Event()

    def is_over_there():
        return leaving.is_set() or is_over()

    with ThreadPoolExecutor(settings.RELAY_CONNECTIONS) as pool:
        theirs = [
            pool.submit(copy_context().run, _deliver_beside, is_over_there)
            for _ in range(settings.RELAY_CONNECTIONS - 1)
        ]
        try:
            return _deliver(relay, is_over) + sum(one.result() for one in theirs)
        finally:
            # A process that is told to end ends here, and would else wait for the others.
            leaving.set()


def _deliver_beside(is_over) -> int:
    """Send what is due over a connection of its own.

    An email waits for two disks, PostgreSQL's and the relay's: meanwhile another is sent.
    """
    try:
        with Relay() as relay, closing(connection):
            return _deliver(relay, is_over) if _takes_another(relay) else 0
    except Exception:
        # Of several troubles only one is raised in the end.
        logger.exception("Another connection to the relay broke.")
        raise


def _takes_another(relay) -> bool:
    """Connect before anything is claimed: a relay that refuses is not failing."""
    try:
        relay.connect()
    except NotAccepted as refusal:
        logger.info("The relay takes no further connection: %s", refusal)
        return False
    return True


def _deliver(relay, is_over) -> int:
    """Send batch after batch while there are many; returns how many the relay took."""
    sent = 0
    while not is_over():
        emails = claims.claim()
        sent += Batch(emails, relay).deliver(is_over)
        if not _are_many(emails):
            break
    return sent


class Batch:
    """What a worker has claimed: loaded at once, then composed, sent and settled one by one."""

    def __init__(self, emails, relay):
        self.waiting = deque(emails)
        self.relay = relay
        # What the relay took last, with its receipt, as long as that is not written.
        self.taken = None
        # Those that are written before their turn.
        self.letters = {}
        self.is_well = not any(email.has_relay_failed for email in emails)

    def deliver(self, is_over) -> int:
        """Try each email until it is over; returns how many the relay took."""
        count = 0
        try:
            self._load()
            self._write_from_memory()
            while self.waiting and not is_over():
                count += self._attempt(self.waiting.popleft())
        except CircuitOpened:
            pass
        finally:
            self._settle_taken()
            claims.give_back(self.waiting)
        return count

    def _load(self):
        by_kind = defaultdict(list)
        for email in self.waiting:
            by_kind[email.kind].append(email)
        for name, emails in by_kind.items():
            try:
                kinds.get(name).load(emails)
            except (OperationalError, InterfaceError):
                raise
            except Exception:
                # One may be poison: each is tried, and will ask for itself.
                logger.exception("Emails of kind %s cannot be loaded at once.", name)

    def _write_from_memory(self):
        """Write at once the letters that need nothing but what is loaded.

        Between an answer of the database and one of the relay each takes half as long again:
        the processor has forgotten how it goes.
        """
        for email in self.waiting:
            kind = kinds.get(email.kind)
            if kind.is_from_memory and not _is_counted(email, kind):
                # One that is poison is tried once more when its turn comes, and settled.
                with suppress(Exception):
                    self.letters[email.pk] = _written(email, kind)

    def _attempt(self, email: OutgoingEmail) -> bool:
        """Try to send one email, and settle it; returns whether the relay took it."""
        letter = self._letter(email)
        if letter is None:
            return False
        try:
            receipt = self.relay.send(
                letter, lambda: self._fence(email), before_waiting=self._settle_taken
            )
        except LeaseLost:
            claims.give_back([email])
        except NotAccepted as refusal:
            self._settle_refused(email, refusal)
        else:
            self.taken = email, receipt
            self._note_answer()
            return True
        return False

    def _fence(self, email) -> bool:
        """Record that DATA begins, together with what became of the email before."""
        if self.taken is not None:
            try:
                is_fenced = claims.settle_sent_and_fence(*self.taken, email)
            except (OperationalError, InterfaceError):
                # On a new connection, and each by itself: one may be what stands in the way.
                self._settle_taken()
            else:
                self.taken = None
                return is_fenced
        return claims.fence(email)

    def _settle_taken(self):
        """Write what the relay took last by itself, because the next fence may take time."""
        if self.taken is not None:
            claims.settle_sent(*self.taken)
            self.taken = None

    def _letter(self, email) -> letters.Letter | None:
        """Write the letter, or settle why there is none: not wanted any more, or poison."""
        letter = self.letters.pop(email.pk, None)
        if letter is not None:
            return letter
        # Composing asks the database, and what has left is not to wait for that.
        self._settle_taken()
        kind = kinds.get(email.kind)
        try:
            if not (_is_counted(email, kind) and _has_had_enough(email, kind)):
                # What composing writes, such as a link, is kept only with a whole letter.
                with transaction.atomic():
                    letter = _written(email, kind)
        except (OperationalError, InterfaceError):
            # The database's fault, not the email's.
            logger.warning(
                "Email %s could not be composed yet.", email.pk, exc_info=True
            )
            pause = seconds_until_next(NOT_ITS_FAULT)
            _settle_later(email, pause, last_error="The database was away")
        except Exception as error:
            logger.exception("Email %s cannot be composed.", email.pk)
            # The class only: the text of an error may quote the message.
            claims.settle(email, State.DEAD, last_error=type(error).__name__)
        else:
            if letter is None:
                claims.settle(email, State.CANCELLED)
        return letter

    def _settle_refused(self, email, refusal: NotAccepted):
        action = action_for(refusal.step, refusal.code)
        logger.warning("Email %s: %s %s.", email.pk, refusal.step, refusal.code)
        said = {"last_code": refusal.code, "last_error": str(refusal)}
        match action:
            case Action.AWAY | Action.CONFIGURATION:
                _settle_later(email, seconds_until_next(NOT_ITS_FAULT), **said)
            case Action.DEAD:
                claims.settle(email, State.DEAD, attempts=email.attempts + 1, **said)
            case Action.AGAIN:
                _settle_counted(email, **said)
            case Action.UNSURE:
                _settle_counted(email, is_unsure=True, **said)

        if action in (Action.DEAD, Action.AGAIN):
            self._note_answer()
        else:
            self._note_failure(str(refusal), at_once=action is Action.CONFIGURATION)

    def _note_answer(self):
        """Say that the relay is well, if the last that was said is that it has failed."""
        if not self.is_well:
            circuit.note_answer()
        self.is_well = True

    def _note_failure(self, error, *, at_once):
        self.is_well = False
        if circuit.note_failure(error, at_once=at_once):
            raise CircuitOpened


def _written(email, kind) -> letters.Letter | None:
    """Write the letter, None if it is not wanted any more."""
    if not email.is_expired and kind.is_wanted(email):
        return letters.write(email, kind.compose(email))
    return None


def _is_counted(email, kind):
    """Return whether it is asked how many of its kind its address has had this hour.

    The only one to its address cannot be one too many.
    """
    return kind.per_hour is not None and not email.is_only_one


def _has_had_enough(email, kind):
    """Return whether its address has had as many of its kind this hour as it may.

    Asked before each email, because others may be sending to that address: each of them
    can have one more on its way, no batch.
    """
    return claims.sent_this_hour(email) >= kind.per_hour


def _settle_counted(email, *, is_unsure=False, **said):
    """Count the attempt, and try again later unless it was the last, or is held."""
    kind = kinds.get(email.kind)
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
