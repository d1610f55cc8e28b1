"""What can be done with a submission: each verb keeps the rules, whoever calls it."""

from .drafts import (
    AlreadySubmitted,
    ConsultationClosed,
    Incomplete,
    Refused,
    mark_finished,
    missing_from,
    open_draft,
    start,
)
from .sending import (
    LINK_REQUESTS_PER_HOUR,
    request_link,
    stop_reminders,
    submit,
)
from .writing import (
    keep_answers,
    keep_details,
    keep_item,
    keep_past_texts,
    keep_principle_comments,
    keep_sentence_comment,
    remove_item,
    use_item,
)

__all__ = [
    "AlreadySubmitted",
    "ConsultationClosed",
    "Incomplete",
    "LINK_REQUESTS_PER_HOUR",
    "Refused",
    "keep_answers",
    "keep_details",
    "keep_item",
    "keep_past_texts",
    "keep_principle_comments",
    "keep_sentence_comment",
    "mark_finished",
    "missing_from",
    "open_draft",
    "remove_item",
    "request_link",
    "start",
    "stop_reminders",
    "submit",
    "use_item",
]
