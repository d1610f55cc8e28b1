"""An email as it goes over the wire."""

import re
from dataclasses import dataclass
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils.encoding import punycode

from outbox.kinds import Message
from outbox.models import OutgoingEmail

SUBJECT_LENGTH = 150
NOT_IN_A_LINE = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")


@dataclass(frozen=True)
class Letter:
    """What the relay is given: two addresses in ASCII, and bytes."""

    sender: str
    recipient: str
    content: bytes


def write(email: OutgoingEmail, message: Message) -> Letter:
    """Put a message in its envelope. BadHeaderError, UnicodeError: it cannot be written."""
    mime = EmailMultiAlternatives(
        subject=_one_line(message.subject),
        body=message.text,
        to=[email.to_email],
        reply_to=message.reply_to,
        headers={
            **message.headers,
            "Message-ID": email.message_id,
            # Keeps holiday notices away.
            "Auto-Submitted": "auto-generated",
        },
    )
    if message.html:
        mime.attach_alternative(message.html, "text/html")
    return Letter(
        sender=_in_ascii(parseaddr(settings.DEFAULT_FROM_EMAIL)[1]),
        recipient=_in_ascii(email.to_email),
        content=mime.message().as_bytes(linesep="\r\n"),
    )


def _one_line(subject):
    subject = NOT_IN_A_LINE.sub(" ", subject).strip()
    if len(subject) > SUBJECT_LENGTH:
        return subject[: SUBJECT_LENGTH - 1].rstrip() + "…"
    return subject


def _in_ascii(address):
    """Return the address with its domain as DNS knows it; the part before @ must be ASCII."""
    name, _, domain = address.rpartition("@")
    address = f"{name}@{punycode(domain)}"
    address.encode("ascii")
    return address
