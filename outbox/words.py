"""What staff are told about an email: plain words for codes, and addresses half hidden."""

from django.utils.translation import gettext as _

from .answers import NO_SUCH_RECIPIENT
from .models import OutgoingEmail, State
from .services import RESTORED

MAILBOX_IS_FULL = {452, 552}


def masked(address: str) -> str:
    """Return an address that its owner recognises: n…@e…."""
    local, _at, domain = address.rpartition("@")
    return f"{local[:1]}…@{domain[:1]}…"


def what_happened(email: OutgoingEmail) -> str:
    """Say in a sentence what became of an email, "" while it waits its turn."""
    match State(email.state):
        case State.SENT:
            return _("The mail server took it.")
        case State.UNKNOWN if email.last_error == RESTORED:
            return _(
                "It was waiting in the backup that was restored: it may have been sent "
                "since."
            )
        case State.UNKNOWN:
            return _(
                "The connection broke when it had been handed over: it may have arrived."
            )
        case State.ASKED:
            return _(
                "The connection broke when it had been handed over: "
                "the mail server's log will say whether it took it."
            )
        case State.CANCELLED:
            return _("It was no longer wanted when its turn came.")
        case State.DEAD | State.RETRY:
            return _refusal(email)
    return ""


def _refusal(email):
    code, is_about_address = email.last_code, email.last_error.startswith("rcpt")
    if code in MAILBOX_IS_FULL:
        return _("The mailbox is full.")
    if is_about_address and code in NO_SUCH_RECIPIENT:
        return _("The address was refused: it may be mistyped, or closed.")
    if code and code >= 500:
        return _("A mail server refused it.")
    if code:
        return _("A mail server asked us to try later.")
    if email.last_error and email.state == State.DEAD:
        return _("It could not be written: this is ours to mend.")
    return _("The mail server did not answer.")
