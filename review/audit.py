"""What staff did: every view, download, export and change, written down once.

The staff site writes one entry for each request; a page that knows better what it did
than its address says so with `note`.
"""

import re

from django.utils.translation import gettext_lazy as _

from submissions.client_address import client_address

from .models import AuditEntry

VIEW, CHANGE, DOWNLOAD, EXPORT = "view", "change", "download", "export"
SIGNED_IN, SIGNED_OUT, SIGN_IN_FAILED = "signed in", "signed out", "sign-in failed"
LOCKED_OUT = "locked out"
SECOND_FACTOR_SET_UP = "second factor set up"
SECOND_FACTOR_RESET = "second factor reset"
RECOVERY_CODES_MADE = "recovery codes made"
CONFIRMED, CONFIRM_FAILED = "confirmed", "confirmation failed"
PASSWORD_CHANGED = "password changed"  # noqa: S105
PASSWORD_LINK_MADE = "password link made"  # noqa: S105
PERMISSIONS_CHANGED = "permissions changed"
ERASURE_ASKED_FOR, ERASED = "erasure asked for", "erased"
ERASURE_REFUSED = "erasure refused"
TEST_EMAIL, EMAILS_SENT_AGAIN = "test email", "emails sent again"

# What an action is called where it is read and chosen.
WORDS = {
    VIEW: _("Looked at"),
    CHANGE: _("Changed"),
    DOWNLOAD: _("Downloaded"),
    EXPORT: _("Exported"),
    SIGNED_IN: _("Signed in"),
    SIGNED_OUT: _("Signed out"),
    SIGN_IN_FAILED: _("Sign-in failed"),
    LOCKED_OUT: _("Locked out"),
    SECOND_FACTOR_SET_UP: _("Second factor set up"),
    SECOND_FACTOR_RESET: _("Second factor reset"),
    RECOVERY_CODES_MADE: _("Recovery codes made"),
    CONFIRMED: _("Gave password and code again"),
    CONFIRM_FAILED: _("Confirmation failed"),
    PASSWORD_CHANGED: _("Password changed"),
    PASSWORD_LINK_MADE: _("Link for a password made"),
    PERMISSIONS_CHANGED: _("Account or roles changed"),
    ERASURE_ASKED_FOR: _("Asked for erasure"),
    ERASED: _("Erased"),
    ERASURE_REFUSED: _("Refused to erase"),
    TEST_EMAIL: _("Sent a test email"),
    EMAILS_SENT_AGAIN: _("Sent emails again"),
}
# A script that pages load is nobody's action, nor how far a file is, nor a preview that
# follows typing: it shows made-up data.
NOT_WRITTEN = {"jsi18n", "review_email_preview", "review_exports_progress"}

AN_ID = re.compile(r"[0-9]{1,19}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# A page of a list has fewer.
MOST_IDS = 100
LONGEST_ID = AuditEntry._meta.get_field("about_id").max_length


def note(request, action, about=None, **details):
    """Say what this request does: `about` is the object, `details` go to JSON.

    Details are ids, names of filters and numbers; never what somebody wrote.
    """
    # The id as it is now: one that is deleted in a moment has none then.
    told = (about._meta.label_lower, str(about.pk)) if about else ("", "")
    request.audit_note = (action, *told, details)


def write(request, user, status):
    """Write the entry of a request of staff's; its address says what it was about.

    A failure to sign in has no user when nobody has the name that was typed.
    """
    match = request.resolver_match
    if match.url_name in NOT_WRITTEN:
        return
    usual = VIEW if request.method in ("GET", "HEAD") else CHANGE
    action, about_type, about_id, details = getattr(
        request, "audit_note", (usual, "", "", _chosen_in_list(request))
    )
    AuditEntry.objects.create(
        user_id=user and user.pk,
        action=action,
        page=match.url_name or "",
        about_type=about_type,
        # An address may hold anything; no id is longer.
        about_id=(about_id or match.kwargs.get("object_id", ""))[:LONGEST_ID],
        status=status,
        address=client_address(request),
        details=details,
    )


def _chosen_in_list(request):
    """Return what an action of a list was done with, as ids."""
    name = request.POST.get("action", "")
    ids = request.POST.getlist("_selected_action")[:MOST_IDS]
    # A form may hold anything, and the log nothing that somebody wrote.
    is_ours = name.isidentifier() and len(name) <= LONGEST_ID
    if not (ids and is_ours and all(map(AN_ID.fullmatch, ids))):
        return {}
    return {"action": name, "ids": ids}


def write_by_command(action, about):
    """Write the entry of what somebody did on the server itself, where nobody signs in."""
    AuditEntry.objects.create(
        action=action,
        page="command",
        about_type=about._meta.label_lower,
        about_id=str(about.pk),
        status=200,
    )
