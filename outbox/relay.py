"""The SMTP conversation: one connection, one message at a time, and no longer than allowed."""

import re
import smtplib
import socket
import ssl
import time
from collections.abc import Callable
from contextlib import contextmanager, suppress
from select import select

from django.conf import settings
from django.utils.encoding import punycode

from outbox.answers import NotAccepted
from outbox.deadline import Deadline
from outbox.letters import Letter

# For one whole message, connecting included; less than a lease has left at the fence.
MESSAGE_SECONDS = 60
GOODBYE_SECONDS = 2
# A relay that thinks for longer is waited for: what is to be done before is done then.
AT_ONCE_SECONDS = 0.05
# Of an answer, whose lines before have a hyphen after the code.
LAST_LINE = re.compile(rb"^(?!...-).*\n", re.MULTILINE)


class LeaseLost(Exception):
    """The fence was closed: DATA was not begun."""


class Lines:
    """What the relay says, line by line; knows whether an answer is there in time."""

    def __init__(self, wire: socket.socket):
        self._wire, self._read = wire, b""

    def readline(self, limit: int) -> bytes:
        while b"\n" not in self._read and len(self._read) < limit:
            if not self._read_more():
                break
        end = self._read.find(b"\n", 0, limit) + 1 or limit
        line, self._read = self._read[:end], self._read[end:]
        return line

    def is_answer_within(self, seconds: float) -> bool:
        """Return whether a whole answer is there in time, or the end of all."""
        ends_at = time.monotonic() + seconds
        while not LAST_LINE.search(self._read):
            left = max(0, ends_at - time.monotonic())
            if not select([self._wire], [], [], left)[0]:
                return False
            if not self._read_more():
                break
        return True

    def _read_more(self) -> bytes:
        more = self._wire.recv(8192)
        self._read += more
        return more

    def close(self) -> None:
        """Nothing: the wire is closed by who opened it."""


class Connection(smtplib.SMTP):
    """An SMTP connection under a deadline; with TLS it verifies, and never goes without."""

    def __init__(self, deadline: Deadline):
        self._deadline = deadline
        super().__init__(
            settings.EMAIL_HOST,
            settings.EMAIL_PORT,
            # smtplib would ask DNS for our own name, and wait for it.
            local_hostname=punycode(settings.SITE_HOST),
            timeout=settings.EMAIL_TIMEOUT,
        )
        try:
            self._greet()
        except OSError:
            self.close()
            raise

    def _get_socket(self, host, port, timeout):
        wire = super()._get_socket(host, port, timeout)
        self._deadline.guard(wire)
        if settings.EMAIL_USE_SSL:
            return ssl.create_default_context().wrap_socket(wire, server_hostname=host)
        return wire

    def getreply(self):
        if self.file is None:
            self.file = Lines(self.sock)
        return super().getreply()

    def give(self, *commands: str) -> None:
        """Send these commands in one packet; as many answers follow."""
        said = "".join(f"{command}\r\n" for command in commands)
        if len(said.splitlines()) != len(commands):
            raise ValueError("A line break in a command")
        self.send(said)

    def data(self, content: bytes) -> tuple[int, bytes]:
        """Hand over a letter whose lines end in CRLF, and which begins with no dot."""
        self.give("DATA")
        code, text = self.getreply()
        if code != 354:
            raise smtplib.SMTPDataError(code, text)
        end = b".\r\n" if content.endswith(b"\r\n") else b"\r\n.\r\n"
        self.send(content.replace(b"\r\n.", b"\r\n..") + end)
        return self.getreply()

    def answers_within(self, seconds: float) -> bool:
        """Return whether the next answer is there in time."""
        return self.file.is_answer_within(seconds)

    def _greet(self):
        if settings.EMAIL_USE_TLS:
            self.starttls(context=ssl.create_default_context())
        self.ehlo_or_helo_if_needed()
        if settings.EMAIL_HOST_USER:
            self.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)


class Relay:
    """Connects when there is something to send, and keeps the connection while it works."""

    def __init__(self):
        self._deadline = Deadline()
        self._connection: Connection | None = None

    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        self._hang_up()
        self._deadline.end()

    def connect(self) -> None:
        """Connect before there is a letter. NotAccepted: the relay is away, or refuses."""
        with self._deadline.within(MESSAGE_SECONDS):
            self._connect()

    def send(
        self,
        letter: Letter,
        fence: Callable[[], bool],
        before_waiting: Callable[[], object] = lambda: None,
    ) -> str:
        """Hand over one letter and return the relay's receipt.

        `fence` is asked between RCPT and DATA; `before_waiting` is called before that
        whenever the relay may take its time. NotAccepted: the relay did not take it, or
        did not say so. LeaseLost: the fence was closed.
        """
        try:
            with self._deadline.within(MESSAGE_SECONDS):
                self._begin(letter, before_waiting)
                if not fence():
                    raise LeaseLost
                return self._ask("data", self._connection.data, letter.content)
        except BaseException:
            try:
                before_waiting()
            finally:
                self._hang_up()
            raise

    def _begin(self, letter, before_waiting):
        """Give MAIL and RCPT, on the kept connection if the relay still listens there."""
        if self._connection is not None:
            try:
                return self._address(letter, before_waiting)
            except NotAccepted as refusal:
                # Relays end a connection after some time or some number of messages.
                if refusal.step != "mail" or refusal.code not in (None, 421):
                    raise
                self._drop()
        before_waiting()
        self._connect()
        self._address(letter, before_waiting)

    def _connect(self):
        with self._named("connect"):
            self._connection = Connection(self._deadline)

    def _address(self, letter, before_waiting):
        """Say from whom and to whom, in one packet if the relay takes it."""
        connection = self._connection
        body = " BODY=8BITMIME" if connection.has_extn("8bitmime") else ""
        # smtplib's own commands parse the address first, as if a name stood before it.
        commands = {
            "mail": f"MAIL FROM:<{letter.sender}>{body}",
            "rcpt": f"RCPT TO:<{letter.recipient}>",
        }
        is_in_one = connection.has_extn("pipelining")
        if is_in_one:
            with self._named("mail"):
                connection.give(*commands.values())
        for step, command in commands.items():
            with self._named(step):
                if not is_in_one:
                    connection.give(command)
                is_at_once = connection.answers_within(AT_ONCE_SECONDS)
            if not is_at_once:
                before_waiting()
            self._ask(step, connection.getreply)

    def _ask(self, step, command, *args) -> str:
        """Give one command and return the text of a 2xx answer."""
        with self._named(step):
            code, text = command(*args)
        if code // 100 == 2:
            return _readable(text)
        raise NotAccepted(step, code, _readable(text))

    @contextmanager
    def _named(self, step):
        """Turn what smtplib raises into a NotAccepted that names the step."""
        try:
            yield
        except OSError as error:
            # The plain class is smtplib's own complaint about an answer, not the answer.
            is_answer = type(error) is not smtplib.SMTPResponseException
            code = getattr(error, "smtp_code", None) if is_answer else None
            text = _readable(getattr(error, "smtp_error", str(error)))
            if self._deadline.has_passed:
                text = f"cut after {MESSAGE_SECONDS} seconds"
            raise NotAccepted(step, code, text) from error

    def _hang_up(self):
        if self._connection is not None:
            with suppress(OSError), self._deadline.within(GOODBYE_SECONDS):
                self._connection.quit()
        self._drop()

    def _drop(self):
        if self._connection is not None:
            self._connection.close()
        self._connection = None
        self._deadline.release()


def _readable(text: bytes | str) -> str:
    if isinstance(text, bytes):
        text = text.decode(errors="replace")
    return text.replace("\0", "")
