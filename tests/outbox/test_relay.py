import shutil
import socket
import ssl
import subprocess
import threading
import time
from dataclasses import replace

import pytest

from outbox import circuit, relay
from outbox.delivery import deliver_due
from outbox.kinds import Message
from outbox.letters import Letter
from outbox.models import Circuit, OutgoingEmail, State
from tests.outbox.processes import wait_for
from tests.smtp import HANG_UP, HOLD, TARPIT, SmtpSink

LETTER = Letter("us@example.org", "ann@example.org", b"Subject: Hello\r\n\r\n.\r\n")


@pytest.fixture
def short_deadline(monkeypatch):
    monkeypatch.setattr(relay, "MESSAGE_SECONDS", 0.5)


@pytest.mark.parametrize(
    ("command", "ambiguous"), [("MAIL", 0), ("RCPT", 0), ("DATA", 1)]
)
def test_tarpit_is_left_at_the_deadline(
    write, smtp_sink, short_deadline, command, ambiguous
):
    slow, other = write(), write()
    smtp_sink.script(command, TARPIT)
    started = time.monotonic()

    assert deliver_due() == 1

    assert time.monotonic() - started < 2
    slow.refresh_from_db()
    assert (slow.state, slow.ambiguous) == (State.RETRY, ambiguous)
    assert slow.last_error == f"{command.lower()}: no answer (cut after 0.5 seconds)"
    assert smtp_sink.accepted == [other.message_id]


@pytest.mark.parametrize("is_tls", [False, True])
def test_silent_relay_is_left_at_the_deadline(write, settings, short_deadline, is_tls):
    """It accepts connections, greets nobody and shakes no hands."""
    email = write()
    settings.EMAIL_USE_SSL = is_tls
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.EMAIL_HOST, settings.EMAIL_PORT = silent.getsockname()
        started = time.monotonic()

        deliver_due()

    assert time.monotonic() - started < 2
    email.refresh_from_db()
    assert "cut after" in email.last_error


def test_no_watch_is_left_running(write, smtp_sink):
    before = watches()
    for _ in range(3):
        write()

    deliver_due()

    wait_for(lambda: watches() == before, seconds=1)
    assert watches() == before


def watches():
    return {thread for thread in threading.enumerate() if thread.name == "deadline"}


def test_answer_too_long_to_read_may_have_been_a_yes(write, smtp_sink):
    email = write()
    smtp_sink.script("DATA", "250 " + "very well " * 1000)

    deliver_due()

    email.refresh_from_db()
    assert (email.state, email.ambiguous) == (State.RETRY, 1)


def test_message_beyond_ascii_arrives_whole(write, make_kind, smtp_sink):
    text = "Café – “hello” 漢字\n.\nFrom here " + "on and " * 500 + "\n"
    make_kind("café", compose=lambda email: Message("Café", text))
    write(kind="café")

    deliver_due()

    (message,) = smtp_sink.journal
    assert message["Subject"] == "Café"
    assert message.get_content() == text


def test_signs_in_when_there_is_a_user(write, smtp_sink, settings, attempt):
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "portal", "secret"
    smtp_sink.options = {"auth_require_tls": False}
    email = write()
    # Both PLAIN and LOGIN are tried.
    smtp_sink.script("AUTH", "refused", "refused")

    assert deliver_due() == 0

    email.refresh_from_db()
    assert (email.state, email.attempts, email.last_code) == (State.RETRY, 0, 535)
    assert circuit.is_open()

    Circuit.objects.all().delete()
    assert attempt(email).state == State.SENT


def test_user_is_not_told_to_a_relay_that_does_not_ask(write, smtp_sink, settings):
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "portal", "secret"
    write()

    assert deliver_due() == 0
    assert smtp_sink.journal == []


# Several commands in one packet


class Listener:
    """A relay that announces PIPELINING and keeps what it was told, packet by packet."""

    def __init__(self, server):
        self.server, self.packets = server, []

    def listen(self):
        wire, _ = self.server.accept()
        with wire:
            wire.sendall(b"220 hello\r\n")
            while packet := wire.recv(65536):
                self.packets.append(packet)
                wire.sendall(self.answer(packet))

    def answer(self, packet):
        if packet.startswith(b"ehlo"):
            return b"250-listener\r\n250 PIPELINING\r\n"
        if packet == b"DATA\r\n":
            return b"354 Go on\r\n"
        return b"250 OK\r\n" * len(packet.split(b"\r\nRCPT "))


def test_mail_and_rcpt_go_in_one_packet_and_data_after_the_fence(settings):
    with socket.create_server(("127.0.0.1", 0)) as server, relay.Relay() as talking:
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.getsockname()
        listener = Listener(server)
        threading.Thread(target=listener.listen, daemon=True).start()

        talking.send(LETTER, lambda: bool(listener.packets.append("fence") or True))

    _hello, addresses, fence, data, content, _goodbye = listener.packets
    assert addresses == b"MAIL FROM:<us@example.org>\r\nRCPT TO:<ann@example.org>\r\n"
    assert (fence, data) == ("fence", b"DATA\r\n")
    assert content == b"Subject: Hello\r\n\r\n..\r\n.\r\n"


@pytest.mark.parametrize("is_pipelining", [False, True])
@pytest.mark.parametrize(
    ("command", "answer", "state", "code"),
    [
        ("MAIL", "451 Not now", State.RETRY, 451),
        ("MAIL", "421 That is enough", State.SENT, 250),
        ("RCPT", "550 5.1.1 Nobody", State.DEAD, 550),
        ("RCPT", HANG_UP, State.RETRY, None),
        ("DATA", "554 No", State.DEAD, 554),
    ],
)
def test_what_the_relay_refuses_is_not_mistaken_for_another(
    write, make_kind, smtp_sink, is_pipelining, command, answer, state, code
):
    smtp_sink.is_pipelining = is_pipelining
    make_kind("note", is_from_memory=True)
    first, second, third = write(), write(), write()
    smtp_sink.script(command, None, answer)

    deliver_due()

    for email in (first, second, third):
        email.refresh_from_db()
    assert (first.state, third.state) == (State.SENT, State.SENT)
    assert (second.state, second.last_code, second.ambiguous) == (state, code, 0)


@pytest.mark.parametrize("is_pipelining", [False, True])
@pytest.mark.parametrize("command", ["MAIL", "RCPT"])
def test_what_is_to_be_done_before_is_done_while_the_relay_thinks(
    smtp_sink, is_pipelining, command
):
    smtp_sink.is_pipelining = is_pipelining
    smtp_sink.script(command, None, HOLD)
    done = []

    def before_waiting():
        done.append("before")
        # Without this it would think until the deadline.
        smtp_sink.release()

    with relay.Relay() as talking:
        talking.send(LETTER, lambda: True)
        talking.send(LETTER, lambda: done == ["before"], before_waiting)

    assert done == ["before"]
    assert len(smtp_sink.journal) == 2


def test_what_is_to_be_done_before_is_done_before_connecting(smtp_sink):
    connections = []

    with relay.Relay() as talking:
        talking.send(
            LETTER, lambda: True, lambda: connections.append(smtp_sink.connections)
        )

    assert connections == [0]


def test_address_with_a_line_break_is_not_sent(smtp_sink):
    letter = replace(LETTER, recipient="ann@example.org>\r\nRCPT TO:<eve@example.org")

    with relay.Relay() as talking, pytest.raises(ValueError, match="line break"):
        talking.send(letter, lambda: True)

    assert smtp_sink.recipients == []


# TLS


@pytest.fixture
def authority(tmp_path, monkeypatch):
    """A certificate authority that this machine trusts, as a function that certifies a name."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl makes the certificates")
    root = certificate(tmp_path, "root", "CA:TRUE")
    monkeypatch.setenv("SSL_CERT_FILE", str(root.with_suffix(".pem")))

    def context(name):
        own = certificate(tmp_path, name, f"DNS:{name}", issuer=root)
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(own.with_suffix(".pem"), own.with_suffix(".key"))
        return context

    return context


def certificate(folder, name, extension, issuer=None):
    path = folder / name
    kind = "subjectAltName" if issuer else "basicConstraints"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes"]
    command += ["-subj", f"/CN={name}", "-addext", f"{kind}={extension}"]
    command += ["-keyout", path.with_suffix(".key"), "-out", path.with_suffix(".pem")]
    if issuer:
        command += ["-CA", issuer.with_suffix(".pem")]
        command += ["-CAkey", issuer.with_suffix(".key")]
    subprocess.run(command, check=True, capture_output=True)
    return path


@pytest.mark.parametrize("name", ["localhost", "relay.elsewhere.example"])
@pytest.mark.parametrize("setting", ["EMAIL_USE_TLS", "EMAIL_USE_SSL"])
def test_tls_is_for_the_right_name_only(write, settings, authority, setting, name):
    setattr(settings, setting, True)
    email = write()
    tls = {"tls_context": authority(name)}

    with SmtpSink(**tls, is_tls_from_the_start=setting == "EMAIL_USE_SSL") as sink:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "localhost", sink.port
        sent = deliver_due()

    email.refresh_from_db()
    if name == "localhost":
        assert (sent, email.state) == (1, State.SENT)
    else:
        assert (sent, email.state) == (0, State.RETRY)
        assert "certificate" in email.last_error.lower()
        assert sink.journal == []


def test_without_starttls_nothing_goes_in_clear(write, smtp_sink, settings):
    settings.EMAIL_USE_TLS = True
    email = write()

    assert deliver_due() == 0

    email.refresh_from_db()
    assert "STARTTLS" in email.last_error
    assert smtp_sink.journal == []


@pytest.mark.parametrize(
    ("said", "is_answer"),
    [
        (b"", False),
        (b"2", False),
        (b"250-mail.example.org\r\n", False),
        (b"250-mail.example.org\r\n250 SI", False),
        (b"250-mail.example.org\r\n250 SIZE\r\n", True),
        (b"250 Go on\r\n250-and", True),
        (b"250\n", True),
    ],
)
def test_an_answer_is_there_when_its_last_line_is(said, is_answer):
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(said)
        lines = relay.Lines(ours)

        assert lines.is_answer_within(0.05) is is_answer
        theirs.close()
        assert lines.is_answer_within(0.05)


def test_an_address_with_a_control_character_is_poison(write, smtp_sink):
    write(to='"a\x0bb"@example.org')
    write()

    assert deliver_due() == 1

    assert sorted(one.state for one in OutgoingEmail.objects.all()) == ["dead", "sent"]
