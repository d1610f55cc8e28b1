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
from .files import (
    keep_file,
    keep_file_choices,
    remove_file,
    sweep_files,
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
    "keep_file",
    "keep_file_choices",
    "keep_item",
    "keep_past_texts",
    "keep_principle_comments",
    "mark_finished",
    "missing_from",
    "open_draft",
    "remove_file",
    "remove_item",
    "request_link",
    "start",
    "stop_reminders",
    "submit",
    "sweep_files",
    "use_item",
]
