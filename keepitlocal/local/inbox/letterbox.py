"""Emails as files, one a message, that any mail program can open too."""

import email.policy
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.parser import BytesHeaderParser, BytesParser
from pathlib import Path

# Sorted by name is sorted by time.
NAME = re.compile(r"\d{8}T\d{12}-[0-9a-f]{8}")


@dataclass(frozen=True)
class Letter:
    name: str
    message: EmailMessage

    @property
    def arrived_at(self):
        return datetime.strptime(self.name[:21], "%Y%m%dT%H%M%S%f").replace(tzinfo=UTC)

    def header(self, name):
        # A header that breaks the rules of email is shown as it came.
        try:
            return str(self.message[name] or "")
        except (ValueError, IndexError, AttributeError):
            return dict(self.message.raw_items()).get(name, "")

    def body(self, kind):
        """The text of the "plain" or the "html" part, or None."""
        part = self.message.get_body(preferencelist=[kind])
        if part is None:
            return None
        charset = part.get_content_charset("utf-8")
        content = (part.get_payload(decode=True) or b"").replace(b"\r\n", b"\n")
        try:
            return content.decode(charset, errors="replace")
        except LookupError:
            return content.decode("utf-8", errors="replace")


class Letterbox:
    """Takes emails as aiosmtpd hands them over, and gives them back."""

    def __init__(self, folder: Path):
        self.folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    async def handle_DATA(self, server, session, envelope):
        try:
            self.keep(envelope.content)
        except OSError as error:
            return f"452 The inbox cannot keep it: {error.strerror}"
        return "250 Kept"

    def keep(self, content: bytes):
        """Write the email to its file; whole, or not at all."""
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{secrets.token_hex(4)}"
        unfinished = self.folder / f"{name}.new"
        unfinished.write_bytes(content)
        unfinished.rename(self.folder / f"{name}.eml")

    def names(self):
        """The newest first."""
        return sorted((file.stem for file in self.folder.glob("*.eml")), reverse=True)

    def headers_of(self, name):
        """A letter that was read no further than its headers."""
        parser = BytesHeaderParser(policy=email.policy.default)
        with (self.folder / f"{name}.eml").open("rb") as file:
            return Letter(name, parser.parse(file))

    def read(self, name):
        """The letter of this name, or None."""
        source = self.source(name)
        if source is None:
            return None
        return Letter(name, BytesParser(policy=email.policy.default).parsebytes(source))

    def source(self, name):
        """The email as it came, or None."""
        file = self.folder / f"{name}.eml"
        if not NAME.fullmatch(name) or not file.exists():
            return None
        return file.read_bytes()
