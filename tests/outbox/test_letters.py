"""What goes over the wire."""

import email as stdlib_email
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import pytest
from django.core.mail import EmailMultiAlternatives

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


@pytest.mark.parametrize(
    "subject",
    ["é" * 150, "–" * 100, "a – b " * 25, "🙂" * 60],
    ids=["accents", "dashes", "words", "emoji"],
)
def test_lines_of_an_encoded_subject_have_at_most_76_characters(letter, subject):
    head, _, _body = letter(subject).content.partition(b"\r\nFrom:")

    assert max(map(len, head.split(b"\r\n"))) <= 76
    assert read(letter(subject))["Subject"] == subject.strip()


def test_foreign_domain_is_punycode_on_the_wire_and_as_typed_in_the_table(
    write, smtp_sink
):
    email = write(to="a@bücher.example")

    deliver_due()

    email.refresh_from_db()
    assert email.to_email == "a@bücher.example"
    assert smtp_sink.recipients == ["a@xn--bcher-kva.example"]
    assert smtp_sink.journal[0]["To"] == "a@xn--bcher-kva.example"


@pytest.mark.parametrize(
    "message",
    [
        Message("Hello", "Hello\n"),
        Message("Hello – Dŵr", "Ŵy\r\nand\n\n.a full stop\n..two\n", "<p>Ŵy</p>\n"),
        Message("Hello", "é=" * 600, "<p>" + "long " * 300 + "</p>\n\tend"),
        Message("Hello", "", "", {"X-Note": "y" * 200}, ("call@bücher.example",)),
    ],
    ids=["ASCII", "beyond ASCII", "long lines", "headers"],
)
def test_letter_reads_as_one_that_django_writes(write, settings, message):
    settings.DEFAULT_FROM_EMAIL = "Cadw’n Lleol <no-reply@bücher.example>"
    email = write(to="a@bücher.example")
    same = EmailMultiAlternatives(
        subject=message.subject,
        body=message.text,
        to=[email.to_email],
        reply_to=message.reply_to,
        headers={**message.headers, "Message-ID": email.message_id},
    )
    if message.html:
        same.attach_alternative(message.html, "text/html")

    ours = letters.write(email, message).content

    assert seen(ours) == seen(same.message().as_bytes(linesep="\r\n"))
    assert max(map(len, ours.split(b"\r\n"))) <= 998


def seen(content):
    """What a mail program makes of it: headers, and each part's type and text."""
    message = stdlib_email.message_from_bytes(
        content, policy=stdlib_email.policy.default
    )
    parts = [part for part in message.walk() if not part.is_multipart()]
    names = ["Subject", "From", "To", "Reply-To", "X-Note", "Message-ID"]
    return (
        [str(message[name]).strip() for name in names],
        [(part.get_content_type(), part.get_content()) for part in parts],
        message.defects,
    )
