"""What the frame of every staff page leads to, for those who may go there."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from . import roles

# The words, the name of the address, and the permission that its page asks for.
ENTRIES = [
    (_("Home"), "admin:index", None),
    (_("Submissions"), "admin:submissions_submission_changelist", roles.READ),
    (_("Questions and principles"), "admin:review_across", roles.READ),
    (_("Themes"), "admin:review_themes", roles.READ),
    (_("Intake"), "admin:review_intake", roles.MODERATE),
    (_("Publishing"), "admin:review_publishing", roles.MODERATE),
    (_("Exports"), "admin:review_exports", roles.EXPORT),
    (_("Emails"), "admin:review_emails", "consultations.view_consultation"),
    (_("People"), "admin:auth_user_changelist", roles.CHANGE_PEOPLE),
    (_("Erasing"), "admin:review_erasures", roles.ERASE),
    (_("Audit log"), "admin:review_audit_log", roles.SEE_AUDIT_LOG),
]


def entries_for(user):
    """Return the words and the address of each page that the user may open."""
    return [
        (words, reverse(name))
        for words, name, needed in ENTRIES
        if needed is None or user.has_perm(needed)
    ]
