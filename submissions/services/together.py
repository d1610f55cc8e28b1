"""Writing together: who is invited to which parts of a draft."""

import datetime as dt
import uuid

from django.utils import timezone

from outbox.models import OutgoingEmail
from outbox.services import enqueue
from submissions import emails


def invite(draft, *, name, email, parts):
    """Return a new invitation; the link to it goes out by `pass_on`."""
    return draft.invitations.create(name=name, email=email, parts=parts)


def pass_on(invitation):
    """Give an invitation a new link, by email; the older ones open nothing any more.

    Returns "", or the link itself for the owner to pass on: without an address, or when
    we have written to that address three times within the hour. It stands nowhere else.
    """
    invitation.links.filter(revoked_at=None).update(revoked_at=timezone.now())
    if not invitation.email or _is_written_to_often(invitation.email):
        return emails.new_guest_url(invitation)
    enqueue(
        emails.INVITATION,
        key=f"invitation:{uuid.uuid4()}",
        to=invitation.email,
        context={"invitation": invitation.pk},
        expires_at=invitation.submission.accepts_until,
    )
    return ""


def _is_written_to_often(address):
    written = OutgoingEmail.objects.filter(
        kind=emails.INVITATION,
        to_email__iexact=address,
        created_at__gt=timezone.now() - dt.timedelta(hours=1),
    )
    return written.count() >= emails.INVITATIONS_PER_HOUR


def note_opened(invitation):
    """Note when a guest has opened the link for the first time."""
    if invitation.opened_at is None:
        invitation.opened_at = timezone.now()
        invitation.save(update_fields=["opened_at"])


def withdraw_invitation(invitation):
    """Let the guest in no more, from the next request on."""
    if invitation.withdrawn_at is None:
        invitation.withdrawn_at = timezone.now()
        invitation.save(update_fields=["withdrawn_at"])
