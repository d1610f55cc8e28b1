"""The SMTP server of a test; what it can do stands in `chaos.smtp`."""

import pytest

from chaos.smtp import HANG_UP, HOLD, LOSE, TARPIT, SmtpSink

__all__ = ["HANG_UP", "HOLD", "LOSE", "TARPIT", "SmtpSink", "smtp_sink"]


@pytest.fixture
def smtp_sink(settings):
    """The relay of this test: EMAIL_HOST and EMAIL_PORT lead to it."""
    with SmtpSink() as sink:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        yield sink
