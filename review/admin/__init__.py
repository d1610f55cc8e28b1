from .calls import CallAdmin
from .late import LateRequestAdmin
from .submissions import SubmissionAdmin

__all__ = ["CallAdmin", "LateRequestAdmin", "SubmissionAdmin"]
