import shutil
import socket
import ssl
import subprocess
import threading
import time

import pytest

from outbox import circuit, relay
from outbox.delivery import deliver_due
from outbox.kinds import Message
from outbox.models import Circuit, State
from tests.outbox.processes import wait_for
from tests.smtp import TARPIT, SmtpSink


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
