from .late import LateRequestAdmin
from .people import PersonAdmin
from .submissions import SubmissionAdmin

__all__ = ["LateRequestAdmin", "PersonAdmin", "SubmissionAdmin"]
