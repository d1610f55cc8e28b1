"""The kinds of email there are. The apps that know what an email says register theirs here.

A worker claims only the kinds it knows, so one that still runs last week's code leaves
this week's emails alone.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from outbox.models import OutgoingEmail

# Seconds until the next attempt; the last one repeats.
PATIENT = (30, 120, 480, 1800, 3600, 7200)
# For what a person is waiting for at the screen.
URGENT = (5, 15, 60, 300, 1800, 3600, 7200)


@dataclass(frozen=True)
class Message:
    """What one email says."""

    subject: str
    text: str
    html: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    reply_to: tuple[str, ...] = ()


@dataclass(frozen=True)
class Kind:
    """How one kind of email is made and what happens when its fate is not known.

    `compose` runs at every attempt, in a transaction of its own, before the relay is
    spoken to; it may write, for instance a new link. `is_wanted` is asked just before:
    False cancels the email. `when_unsure`: "resend" risks a
    second copy, "hold" leaves it to a person.

    `load` is given the emails that a worker has just claimed, all of this kind, to fetch at
    once what composing each of them will ask for.
    """

    name: str
    compose: Callable[[OutgoingEmail], Message]
    is_wanted: Callable[[OutgoingEmail], bool]
    when_unsure: Literal["resend", "hold"]
    load: Callable[[Sequence[OutgoingEmail]], None] = lambda emails: None
    # Once they are loaded, `is_wanted` and `compose` neither ask nor write.
    is_from_memory: bool = False
    # To one address; what is more is cancelled.
    per_hour: int | None = None
    # In a few words for staff, as in "Reminder of the closing date".
    label: str = ""
    is_bulk: bool = False
    # Staff may know that such an email went out, and not to whom.
    is_private: bool = False
    backoff: tuple[int, ...] = PATIENT


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    if kind.name in _kinds:
        raise ValueError(f"There is an email kind {kind.name!r} already.")
    _kinds[kind.name] = kind
    return kind


def get(name: str) -> Kind:
    """Return the kind of this name; KeyError when nobody registered it."""
    return _kinds[name]


_planners: list[Callable[[], object]] = []


def register_planner(plan: Callable[[], object]) -> None:
    """Have `plan` called every few minutes, to write emails that are due by the clock."""
    _planners.append(plan)


def plan() -> None:
    """Call every planner. Any number of processes may, at the same time."""
    for planner in _planners:
        planner()


def names() -> list[str]:
    return list(_kinds)


def label(name: str) -> str:
    """Return what staff call a kind; its name when nobody registered it."""
    kind = _kinds.get(name)
    return str(kind.label) if kind and kind.label else name


def private() -> list[str]:
    return [kind.name for kind in _kinds.values() if kind.is_private]


def held() -> list[str]:
    """Name the kinds that are not sent again when nobody knows whether they arrived."""
    return [kind.name for kind in _kinds.values() if kind.when_unsure == "hold"]
