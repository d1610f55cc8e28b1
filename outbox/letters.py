"""An email as it goes over the wire.

Written by hand: the email package takes six times as long for what is always one message
in text and HTML. Of its many ways to encode, these letters need two.
"""

import re
import secrets
from dataclasses import dataclass
from email import quoprimime
from email.header import Header
from email.utils import formataddr, formatdate, parseaddr

from django.conf import settings
from django.core.mail import BadHeaderError
from django.utils.encoding import punycode

from outbox.kinds import Message
from outbox.models import OutgoingEmail

SUBJECT_LENGTH = 150
NOT_IN_A_LINE = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")
LINE_BREAK = re.compile(r"\r\n?|\n")
# What SMTP takes at least, in bytes.
LINE_LENGTH = 998


@dataclass(frozen=True)
class Letter:
    """What the relay is given: two addresses in ASCII, and bytes."""

    sender: str
    recipient: str
    content: bytes


def write(email: OutgoingEmail, message: Message) -> Letter:
    """Put a message in its envelope. BadHeaderError, UnicodeError: it cannot be written."""
    recipient = _in_ascii(email.to_email)
    headers = {
        "Subject": _one_line(message.subject),
        "From": _mailbox(settings.DEFAULT_FROM_EMAIL),
        "To": recipient,
        "Reply-To": ", ".join(map(_mailbox, message.reply_to)),
        **message.headers,
        "Date": formatdate(),
        "Message-ID": email.message_id,
        # Keeps holiday notices away.
        "Auto-Submitted": "auto-generated",
        "MIME-Version": "1.0",
    }
    head = "".join(_header(name, value) for name, value in headers.items() if value)
    content = head.encode("ascii") + _body(message)
    sender = _in_ascii(parseaddr(settings.DEFAULT_FROM_EMAIL)[1])
    return Letter(sender, recipient, content)


def _mailbox(text):
    name, address = parseaddr(_on_one_line(text))
    return formataddr((name, _in_ascii(address)))


def _on_one_line(value):
    if "\n" in value or "\r" in value:
        raise BadHeaderError("A line break in a header")
    return value


def _header(name, value):
    _on_one_line(value)
    if not value.isascii():
        value = Header(value, "utf-8", header_name=name).encode(linesep="\r\n")
    return f"{name}: {value}\r\n"


def _body(message):
    """Return one part, or two of which a reader shows the last that it can show."""
    text = _part("plain", message.text)
    if not message.html:
        return text
    # Nobody can have written it.
    boundary = secrets.token_hex(16).encode()
    pieces = [
        b'Content-Type: multipart/alternative; boundary="%s"\r\n' % boundary,
        text,
        _part("html", message.html) + b"\r\n--%s--\r\n" % boundary,
    ]
    return (b"\r\n--%s\r\n" % boundary).join(pieces)


def _part(kind, text):
    content = LINE_BREAK.sub("\r\n", text).encode()
    encoding = "7bit" if content.isascii() else "8bit"
    if max(map(len, content.split(b"\r\n"))) > LINE_LENGTH:
        content, encoding = _quoted_printable(content), "quoted-printable"
    head = (
        f'Content-Type: text/{kind}; charset="utf-8"\r\n'
        f"Content-Transfer-Encoding: {encoding}\r\n\r\n"
    )
    return head.encode() + content


def _quoted_printable(content):
    # It wants a character for each byte.
    lines = content.decode("latin-1").replace("\r\n", "\n")
    return quoprimime.body_encode(lines, eol="\r\n").encode("ascii")


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
