"""What is done about each answer of the relay."""

import random
from enum import Enum, auto


class NotAccepted(Exception):
    """The relay did not take a message.

    `step` is "connect", "mail", "rcpt" or "data"; `code` is None when no refusal came:
    nothing at all, or something else than SMTP.
    """

    def __init__(self, step: str, code: int | None, text: str):
        super().__init__(step, code, text)
        self.step, self.text = step, text
        self.code = code if code in range(400, 600) else None

    def __str__(self):
        said = f"{self.code} {self.text}" if self.code else f"no answer ({self.text})"
        return f"{self.step}: {said}"[:500]


class Action(Enum):
    AWAY = auto()  # not about this email: try later, the attempt does not count
    CONFIGURATION = auto()  # the same, and only a person can mend it
    AGAIN = auto()  # not now: try later, the attempt counts
    DEAD = auto()  # never: a person is told
    UNSURE = auto()  # it may have been taken


NOT_ALLOWED = {530, 534, 535}
NO_SUCH_RECIPIENT = {501, 550, 551, 553, 555}


def action_for(step: str, code: int | None) -> Action:
    if code is None:
        return Action.UNSURE if step == "data" else Action.AWAY
    if code in NOT_ALLOWED or (step == "mail" and code >= 500):
        return Action.CONFIGURATION
    if step == "connect":
        return Action.AWAY
    if step == "rcpt" and code in NO_SUCH_RECIPIENT:
        return Action.DEAD
    if step == "data" and code >= 500:
        return Action.DEAD
    # Also a permanent code at RCPT that need not be about the recipient: 552, 554.
    return Action.AGAIN


def seconds_until_next(backoff: tuple[int, ...], attempts: int = 1) -> float:
    """Return the pause after this many attempts, ±20 % so that emails do not march in step."""
    pause = backoff[min(attempts, len(backoff)) - 1]
    return pause * random.uniform(0.8, 1.2)  # noqa: S311
