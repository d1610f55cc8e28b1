"""Each line of the table: what the relay answers, and what becomes of the email."""

import pytest

from outbox.answers import Action, action_for, seconds_until_next
from outbox.delivery import deliver_due
from outbox.models import Circuit, State
from tests.smtp import HANG_UP


@pytest.mark.parametrize(
    ("command", "answer", "state", "attempts", "failures"),
    [
        ("CONNECT", "421 4.3.2 Going down", State.RETRY, 0, 1),
        ("CONNECT", "554 5.7.1 Not you", State.RETRY, 0, 1),
        ("CONNECT", "Hello, I am a web server", State.RETRY, 0, 1),
        ("MAIL", HANG_UP, State.RETRY, 0, 1),
        ("RCPT", HANG_UP, State.RETRY, 0, 1),
        ("MAIL", "451 4.3.0 Later", State.RETRY, 1, 0),
        ("RCPT", "421 4.3.2 Going down", State.RETRY, 1, 0),
        ("RCPT", "450 4.2.1 Later", State.RETRY, 1, 0),
        ("RCPT", "451 4.3.0 Later", State.RETRY, 1, 0),
        ("RCPT", "452 4.2.2 Full", State.RETRY, 1, 0),
        ("RCPT", "454 4.7.0 Later", State.RETRY, 1, 0),
        ("RCPT", "432 4.7.12 Later", State.RETRY, 1, 0),
        ("RCPT", "552 5.2.2 Full", State.RETRY, 1, 0),
        ("RCPT", "554 5.7.1 Relay access denied", State.RETRY, 1, 0),
        ("DATA", "451 4.3.0 Later", State.RETRY, 1, 0),
        ("RCPT", "550 5.1.1 Nobody", State.DEAD, 1, 0),
        ("RCPT", "551 5.1.6 Moved", State.DEAD, 1, 0),
        ("RCPT", "553 5.1.3 No such address", State.DEAD, 1, 0),
        ("RCPT", "501 5.1.3 No such address", State.DEAD, 1, 0),
        ("RCPT", "555 5.5.4 No such option", State.DEAD, 1, 0),
        ("DATA", "554 5.7.1 Spam", State.DEAD, 1, 0),
        ("DATA", "550 5.7.1 Spam", State.DEAD, 1, 0),
        ("MAIL", "550 5.7.1 Not from you", State.RETRY, 0, 5),
        ("MAIL", "530 5.7.0 Sign in first", State.RETRY, 0, 5),
        ("RCPT", "530 5.7.0 Sign in first", State.RETRY, 0, 5),
        ("DATA", "534 5.7.9 Another password", State.RETRY, 0, 5),
    ],
)
def test_answer_decides(write, smtp_sink, command, answer, state, attempts, failures):
    email = write()
    smtp_sink.script(command, answer)

    assert deliver_due() == 0

    email.refresh_from_db()
    assert (email.state, email.attempts) == (state, attempts)
    assert email.ambiguous == 0
    assert smtp_sink.accepted == []
    if answer[:3].isdigit():
        assert email.last_code == int(answer[:3])
        assert answer[4:] in email.last_error
    circuit = Circuit.objects.first()
    assert (circuit.failures if circuit else 0) == failures


def test_retried_email_is_sent_with_the_same_message_id(write, smtp_sink, attempt):
    email = write()
    smtp_sink.script("DATA", "451 4.3.0 Later")

    assert attempt(email).state == State.RETRY
    assert attempt(email).state == State.SENT

    assert email.attempts == 2
    assert (email.last_code, email.last_error) == (250, "")
    assert email.relay_id == "OK queued as 1"
    assert smtp_sink.accepted == [email.message_id]


def test_lost_answer_is_recorded_and_sent_again(write, smtp_sink, attempt):
    email = write()
    smtp_sink.script("DATA", HANG_UP)

    assert attempt(email).state == State.RETRY
    assert email.ambiguous == 1
    assert attempt(email).state == State.SENT

    assert smtp_sink.accepted == [email.message_id] * 2
    assert email.ambiguous == 1


def test_reminder_is_held_when_the_answer_was_lost(write, reminder, smtp_sink, attempt):
    email = write(kind="reminder")
    smtp_sink.script("DATA", HANG_UP)

    assert attempt(email).state == State.UNKNOWN
    assert attempt(email).state == State.UNKNOWN

    assert email.ambiguous == 1
    assert smtp_sink.accepted == [email.message_id]


@pytest.mark.parametrize(
    ("answer", "last_state"), [("451 Later", State.DEAD), (HANG_UP, State.UNKNOWN)]
)
def test_attempts_run_out(write, smtp_sink, attempt, monkeypatch, answer, last_state):
    monkeypatch.setattr("outbox.claims.MAX_ATTEMPTS", 3)
    email = write()
    smtp_sink.script("DATA", answer, answer, answer)

    states = [attempt(email).state for _ in range(4)]

    assert states == [State.RETRY, State.RETRY, last_state, last_state]
    assert email.attempts == 3


def test_relay_that_is_away_never_uses_up_attempts(write, smtp_sink, attempt):
    email = write()
    smtp_sink.refuse()

    for _ in range(20):
        assert attempt(email).state == State.RETRY
        Circuit.objects.update(closes_at=None)

    assert email.attempts == 0
    assert "Connection refused" in email.last_error
    smtp_sink.listen()
    assert attempt(email).state == State.SENT


@pytest.mark.parametrize("code", [None, 421, 451, 550, 554])
def test_only_a_missing_answer_to_data_is_ambiguous(code):
    is_unsure = action_for("data", code) is Action.UNSURE

    assert is_unsure == (code is None)


def test_pauses_grow_to_the_last_and_vary_by_a_fifth():
    pauses = [seconds_until_next((30, 120), attempts) for attempts in (1, 2, 3) * 100]

    assert all(24 <= pause <= 36 for pause in pauses[::3])
    assert all(96 <= pause <= 144 for pause in pauses[1::3] + pauses[2::3])
    assert len(set(pauses)) > 100


def test_pause_of_an_email_is_that_of_its_kind(write, make_kind, smtp_sink):
    make_kind("link", backoff=(5, 15))
    email = write(kind="link")
    smtp_sink.script("RCPT", "450 Later")

    deliver_due()

    email.refresh_from_db()
    pause = (email.next_attempt_at - email.created_at).total_seconds()
    assert 4 <= pause <= 6.5
