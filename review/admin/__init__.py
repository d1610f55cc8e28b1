from .calls import CallAdmin
from .late import LateRequestAdmin
from .people import PersonAdmin
from .submissions import SubmissionAdmin

__all__ = ["CallAdmin", "LateRequestAdmin", "PersonAdmin", "SubmissionAdmin"]
