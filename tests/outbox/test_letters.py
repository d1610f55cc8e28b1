"""What goes over the wire."""

import email as stdlib_email
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import pytest

from outbox import letters
from outbox.delivery import deliver_due
from outbox.kinds import Message


@pytest.fixture
def letter(write):
    """Write a letter and read it back."""

    def letter(subject="Hello", to="ann@example.org", **message):
        message = Message(subject, **{"text": "Hello\n", **message})
        return letters.write(write(to=to), message)

    return letter


def read(letter):
    return stdlib_email.message_from_bytes(
        letter.content, policy=stdlib_email.policy.default
    )


def test_headers(write, smtp_sink, settings):
    settings.DEFAULT_FROM_EMAIL = "Keep it Local <no-reply@keepitlocal.example>"
    email = write(to="ann@example.org")

    deliver_due()

    (message,) = smtp_sink.journal
    assert message["From"] == "Keep it Local <no-reply@keepitlocal.example>"
    assert message["To"] == "ann@example.org"
    assert message["Subject"] == "Hello note:1"
    assert message["Message-ID"] == email.message_id
    assert message["Auto-Submitted"] == "auto-generated"
    age = datetime.now(UTC) - parsedate_to_datetime(message["Date"]).replace(tzinfo=UTC)
    assert abs(age.total_seconds()) < 60
    assert message.get_content_type() == "multipart/alternative"
    parts = [part.get_content_type() for part in message.iter_parts()]
    assert parts == ["text/plain", "text/html"]


def test_headers_of_the_message_are_added(letter):
    message = read(
        letter(
            headers={
                "List-Unsubscribe": "<https://example.org/stop>",
                "Message-ID": "x",
            },
            reply_to=("call@example.org",),
        )
    )

    assert message["List-Unsubscribe"] == "<https://example.org/stop>"
    assert message["Reply-To"] == "call@example.org"
    assert message["Message-ID"] != "x"


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("Hello\r\nBcc: eve@example.org", "Hello Bcc: eve@example.org"),
        ("Hello\x0b\x00\x1b\x85\u2028there", "Hello there"),
        ("a" * 150, "a" * 150),
        ("a" * 151, "a" * 149 + "…"),
        ("é" * 2000, "é" * 149 + "…"),
        ("{{ settings.SECRET_KEY }} {0} %s", "{{ settings.SECRET_KEY }} {0} %s"),
    ],
    ids=["line breaks", "controls", "150", "151", "2000", "template"],
)
def test_subject_is_one_line_of_at_most_150_characters(letter, subject, expected):
    written = letter(subject)

    message = read(written)
    # A word longer than a line begins on the next one, after a space.
    assert message["Subject"].lstrip() == expected
    assert message["Bcc"] is None
    assert max(map(len, written.content.split(b"\r\n"))) <= 998


def test_foreign_domain_is_punycode_on_the_wire_and_as_typed_in_the_table(
    write, smtp_sink
):
    email = write(to="a@bücher.example")

    deliver_due()

    email.refresh_from_db()
    assert email.to_email == "a@bücher.example"
    assert smtp_sink.recipients == ["a@xn--bcher-kva.example"]
    assert smtp_sink.journal[0]["To"] == "a@xn--bcher-kva.example"
