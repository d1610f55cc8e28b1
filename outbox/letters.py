"""An email as it goes over the wire.

Written by hand: the email package takes six times as long for what is always one message
in text and HTML. Of its many ways to encode, these letters need two.
"""

import re
import secrets
from base64 import b64encode
from dataclasses import dataclass
from email import quoprimime
from email.utils import formataddr, formatdate, parseaddr
from functools import cache

from django.conf import settings
from django.core.mail import BadHeaderError
from django.utils.encoding import punycode

from outbox.kinds import Message
from outbox.models import OutgoingEmail

SUBJECT_LENGTH = 150
NOT_IN_A_LINE = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
# What SMTP takes at least, in bytes.
LINE_LENGTH = 998
# In bytes, so that an encoded word and the name before it keep to a line of 76 characters.
WORD_LENGTH = 39


@dataclass(frozen=True)
class Letter:
    """What the relay is given: two addresses in ASCII, and bytes."""

    sender: str
    recipient: str
    content: bytes


def write(email: OutgoingEmail, message: Message) -> Letter:
    """Put a message in its envelope. BadHeaderError, UnicodeError: it cannot be written."""
    recipient = _in_ascii(email.to_email)
    mailbox, sender = _of_us(settings.DEFAULT_FROM_EMAIL)
    headers = {
        "Subject": _one_line(message.subject),
        "From": mailbox,
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
    return Letter(sender, recipient, head.encode("ascii") + _body(message))


@cache
def _of_us(text):
    return _mailbox(text), _in_ascii(parseaddr(text)[1])


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
        value = "\r\n ".join(map(_encoded, _pieces(value)))
    return f"{name}: {value}\r\n"


def _pieces(text):
    """Yield the text in pieces of at most so many bytes."""
    piece, room = "", WORD_LENGTH
    for character in text:
        length = len(character.encode())
        if length > room:
            yield piece
            piece, room = "", WORD_LENGTH
        piece, room = piece + character, room - length
    yield piece


def _encoded(word):
    return f"=?utf-8?b?{b64encode(word.encode()).decode()}?="


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
    # A regular expression would take three times as long: a tenth of a letter.
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    content = lines.replace("\n", "\r\n").encode()
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
    if CONTROL.search(address):
        raise BadHeaderError("A control character in an address")
    return address
