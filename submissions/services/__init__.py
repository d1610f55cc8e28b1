"""What can be done with a submission: each verb keeps the rules, whoever calls it."""

from .amendments import NothingChanged, amend, discard
from .drafts import (
    AlreadySubmitted,
    ConsultationClosed,
    Incomplete,
    InvitationWithdrawn,
    KeptAfterClosing,
    Refused,
    mark_finished,
    missing_from,
    open_draft,
    start,
)
from .files import (
    keep_as_file,
    keep_file,
    keep_file_choices,
    keep_original,
    remove_file,
    sweep_files,
)
from .intake import take_in
from .late import AlreadyDecided, NotForAsking, ask_late, decide_late
from .sending import (
    LINK_REQUESTS_PER_HOUR,
    request_link,
    stop_reminders,
    submit,
)
from .sent import Settled, choose_publication, withdraw
from .together import (
    invite,
    note_opened,
    pass_on,
    withdraw_invitation,
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
    "AlreadyDecided",
    "AlreadySubmitted",
    "ConsultationClosed",
    "Incomplete",
    "InvitationWithdrawn",
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
    "invite",
    "keep_answers",
    "keep_as_file",
    "keep_details",
    "keep_file",
    "keep_file_choices",
    "keep_item",
    "keep_original",
    "keep_past_texts",
    "keep_principle_comments",
    "keep_sentence_comment",
    "mark_finished",
    "missing_from",
    "note_opened",
    "open_draft",
    "pass_on",
    "remove_file",
    "remove_item",
    "request_link",
    "start",
    "stop_reminders",
    "submit",
    "sweep_files",
    "take_in",
    "use_item",
    "withdraw",
    "withdraw_invitation",
]
