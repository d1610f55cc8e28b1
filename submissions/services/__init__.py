"""What can be done with a submission: each verb keeps the rules, whoever calls it."""

from .amendments import NothingChanged, amend, discard
from .drafts import (
    AlreadySubmitted,
    ConsultationClosed,
    Incomplete,
    KeptAfterClosing,
    Refused,
    mark_finished,
    missing_from,
    open_draft,
    start,
)
from .late import AlreadyDecided, NotForAsking, ask_late, decide_late
from .sending import (
    LINK_REQUESTS_PER_HOUR,
    request_link,
    stop_reminders,
    submit,
)
from .sent import Settled, choose_publication, withdraw
from .writing import (
    keep_answers,
    keep_details,
    keep_item,
    keep_past_texts,
    keep_principle_comments,
    remove_item,
    use_item,
)

__all__ = [
    "AlreadyDecided",
    "AlreadySubmitted",
    "ConsultationClosed",
    "Incomplete",
    "KeptAfterClosing",
    "LINK_REQUESTS_PER_HOUR",
    "NotForAsking",
    "NothingChanged",
    "Refused",
    "Settled",
    "amend",
    "ask_late",
    "choose_publication",
    "decide_late",
    "discard",
    "keep_answers",
    "keep_details",
    "keep_item",
    "keep_past_texts",
    "keep_principle_comments",
    "mark_finished",
    "missing_from",
    "open_draft",
    "remove_item",
    "request_link",
    "start",
    "stop_reminders",
    "submit",
    "use_item",
    "withdraw",
]
