from .late import LateRequestAdmin
from .submissions import SubmissionAdmin

__all__ = ["LateRequestAdmin", "SubmissionAdmin"]
