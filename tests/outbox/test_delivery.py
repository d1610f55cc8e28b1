import uuid
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from outbox import claims, kinds
from outbox.delivery import Batch, deliver_due
from outbox.kinds import Message
from outbox.models import OutgoingEmail, State
from outbox.relay import Relay


def test_delivers_all_that_is_due_over_one_connection(write, smtp_sink, settings):
    settings.RELAY_CONNECTIONS = 1
    emails = [write() for _ in range(claims.BATCH + 2)]

    assert deliver_due() == len(emails)

    assert smtp_sink.accepted == [email.message_id for email in emails]
    assert smtp_sink.connections == 1
    assert set(OutgoingEmail.objects.values_list("state", flat=True)) == {"sent"}


def test_connection_ended_by_the_relay_is_made_anew(write, smtp_sink):
    emails = [write() for _ in range(3)]
    smtp_sink.script("MAIL", None, "421 4.7.0 That is enough")

    assert deliver_due() == 3

    assert smtp_sink.accepted == [email.message_id for email in emails]
    assert smtp_sink.connections == 2


def test_reminders_wait_for_the_others(write, reminder, smtp_sink):
    last, first = write(kind="reminder"), write()

    deliver_due()

    assert smtp_sink.accepted == [first.message_id, last.message_id]


def test_email_that_is_not_wanted_any_more_is_cancelled(write, make_kind, smtp_sink):
    make_kind("unwanted", is_wanted=lambda email: False)
    email = write(kind="unwanted")

    assert deliver_due() == 0

    email.refresh_from_db()
    assert email.state == State.CANCELLED
    assert smtp_sink.accepted == []


def test_expired_email_is_cancelled(write, smtp_sink):
    expired = write(expires_at=timezone.now() - timedelta(seconds=1))
    in_time = write(expires_at=timezone.now() + timedelta(hours=1))

    deliver_due()

    expired.refresh_from_db()
    assert expired.state == State.CANCELLED
    assert smtp_sink.accepted == [in_time.message_id]


@pytest.mark.parametrize(
    "message",
    [
        Message("Hello", "text", headers={"X-Note": "one\nBcc: eve@example.org"}),
        Message("Hello", "text", reply_to=["ann@example.org\nBcc: eve@example.org"]),
        Message("Hello \ud800", "text"),
        Message("Hello", "\ud800"),
        None,
    ],
    ids=["header", "reply-to", "subject", "body", "nothing"],
)
def test_poison_dies_at_once_and_the_next_is_sent(write, make_kind, smtp_sink, message):
    make_kind("poison", compose=lambda email: message)
    poison, good = write(kind="poison"), write()

    assert deliver_due() == 1

    poison.refresh_from_db()
    assert poison.state == State.DEAD
    assert poison.last_error in (
        "BadHeaderError",
        "UnicodeEncodeError",
        "AttributeError",
    )
    assert smtp_sink.accepted == [good.message_id]


@pytest.mark.parametrize(
    "to", ["jürgen@example.org", "a@example.org\nRCPT TO:<eve@example.org>"]
)
def test_address_that_cannot_be_written_dies_at_once(write, smtp_sink, to):
    email = write(to=to)

    deliver_due()

    email.refresh_from_db()
    assert email.state == State.DEAD
    assert smtp_sink.recipients == []


def test_failing_compose_leaves_nothing_behind(write, make_kind, smtp_sink):
    def compose(email):
        write(key="written while composing")
        raise ZeroDivisionError

    make_kind("poison", compose=compose)
    email = write(kind="poison")

    deliver_due()

    email.refresh_from_db()
    assert (email.state, email.last_error) == (State.DEAD, "ZeroDivisionError")
    assert not OutgoingEmail.objects.filter(key="written while composing").exists()


def test_database_trouble_while_composing_is_not_held_against_the_email(
    write, make_kind, smtp_sink, attempt
):
    troubles = [OperationalError("canceling statement due to statement timeout")]

    def compose(email):
        if troubles:
            raise troubles.pop()
        return Message("Hello", "text")

    make_kind("slow", compose=compose)
    email = write(kind="slow")

    assert attempt(email).state == State.RETRY
    assert email.attempts == 0
    assert attempt(email).state == State.SENT


def test_worker_leaves_kinds_alone_that_it_does_not_know(
    write, make_kind, smtp_sink, monkeypatch, attempt
):
    kind = make_kind("new in this release")
    email = write(kind="new in this release")
    monkeypatch.delitem(kinds._kinds, "new in this release")

    assert attempt(email).state == State.PENDING

    kinds._kinds[kind.name] = kind
    assert attempt(email).state == State.SENT


def test_emails_not_tried_in_time_are_given_back_at_once(write, make_kind, smtp_sink):
    asked = []
    tried, waiting = write(), write()

    # True from the moment that the first one was sent.
    deliver_due(should_stop=lambda: bool(smtp_sink.journal or asked.append(1)))

    tried.refresh_from_db()
    waiting.refresh_from_db()
    assert tried.state == State.SENT
    assert waiting.state == State.RETRY
    assert waiting in OutgoingEmail.objects.due()
    assert waiting.attempts == 0


def test_nothing_is_begun_after_the_budget(write, smtp_sink):
    write()

    assert deliver_due(budget=0) == 0

    assert OutgoingEmail.objects.due().count() == 1


def test_message_is_composed_before_the_relay_is_spoken_to(write, make_kind, smtp_sink):
    connections = []

    def compose(email):
        connections.append(smtp_sink.connections)
        return Message("Hello", "text")

    make_kind("early", compose=compose)
    write(kind="early")

    deliver_due()

    assert connections == [0]
    assert smtp_sink.connections == 1


def test_emails_of_a_kind_are_loaded_at_once(write, make_kind, smtp_sink):
    loaded = []
    make_kind("together", load=loaded.append)
    emails = [write(kind="together") for _ in range(3)]
    write()

    deliver_due()

    assert loaded == [emails]


def test_emails_that_cannot_be_loaded_at_once_are_sent_all_the_same(
    write, make_kind, smtp_sink
):
    make_kind("poison", load=lambda emails: 1 / 0)
    emails = [write(kind="poison") for _ in range(2)]

    assert deliver_due() == 2

    assert smtp_sink.accepted == [email.message_id for email in emails]


def test_batch_is_given_back_when_the_database_fails_while_it_is_loaded(
    write, make_kind, smtp_sink
):
    def load(emails):
        raise OperationalError("canceling statement due to statement timeout")

    make_kind("troubled", load=load)
    emails = [write(kind="troubled") for _ in range(2)] + [write()]

    with pytest.raises(OperationalError):
        deliver_due()

    assert OutgoingEmail.objects.due().count() == len(emails)
    assert set(OutgoingEmail.objects.values_list("state", flat=True)) == {"retry"}


def test_queries_of_a_delivery_are_two_an_email(
    write, smtp_sink, django_assert_num_queries
):
    # Recover, look up, claim; a savepoint and its release in a test.
    around = 5
    # Fence and settle; in a test also a savepoint, in which it is composed, and its release.
    each = 4
    # What a new connection prepares.
    write()
    deliver_due()

    write()
    with django_assert_num_queries(around + each):
        deliver_due()
    for _ in range(3):
        write()
    with django_assert_num_queries(around + 3 * each):
        deliver_due()


@pytest.fixture
def from_memory(make_kind):
    """Notes that ask nothing: their outcomes are written with the next one's fence."""
    return make_kind("note", is_from_memory=True)


def test_queries_of_a_delivery_from_memory_are_one_an_email(
    write, from_memory, smtp_sink, django_assert_num_queries
):
    around = 5
    # What a new connection prepares.
    write()
    write()
    deliver_due()

    for _ in range(3):
        write()
    # The first fence; outcome and fence of the next, twice; the last outcome.
    with django_assert_num_queries(around + 4):
        deliver_due()

    assert set(OutgoingEmail.objects.values_list("state", flat=True)) == {"sent"}


def states():
    emails = OutgoingEmail.objects.order_by("key")
    return list(emails.values_list("state", "phase"))


def test_worker_that_dies_leaves_one_email_unsure(write, from_memory, smtp_sink):
    for _ in range(3):
        write()
    seen = []

    class Seeing(Relay):
        def send(self, letter, fence, before_waiting):
            def seeing():
                is_open = fence()
                seen.append(states())
                return is_open

            return super().send(letter, seeing, before_waiting)

    with Seeing() as relay:
        Batch(claims.claim(), relay).deliver(is_over=lambda: False)

    sent, begun, waiting = ("sent", ""), ("sending", "data"), ("sending", "prep")
    assert seen == [
        [begun, waiting, waiting],
        [sent, begun, waiting],
        [sent, sent, begun],
    ]
    assert states() == [sent] * 3


def test_a_fence_that_fails_with_an_outcome_is_tried_by_itself(
    write, from_memory, smtp_sink
):
    for _ in range(3):
        write()

    def trouble(execute, sql, *args):
        if "outbox_has_left_and_next" in sql:
            raise OperationalError("deadlock detected")
        return execute(sql, *args)

    with connection.execute_wrapper(trouble):
        assert deliver_due() == 3

    assert states() == [("sent", "")] * 3
    assert len(smtp_sink.accepted) == 3


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_ends_during_data_strands_nothing(
    write, from_memory, smtp_sink
):
    for _ in range(4):
        write()

    def cut(execute, sql, *args):
        if "outbox_has_left_and_next" in sql and not ended:
            ended.append(True)
            connection.connection.close()
        return execute(sql, *args)

    ended = []
    with connection.execute_wrapper(cut):
        assert deliver_due() == 4

    assert ended
    assert states() == [("sent", "")] * 4
    assert len(smtp_sink.accepted) == 4


def test_what_has_left_is_written_before_a_refusal_ends_the_connection(
    write, from_memory, smtp_sink, monkeypatch
):
    seen = []
    hang_up = Relay._hang_up
    monkeypatch.setattr(
        Relay, "_hang_up", lambda self: seen.append(states()) or hang_up(self)
    )
    smtp_sink.script("RCPT", None, "550 5.1.1 Nobody")
    write()
    write()

    deliver_due()

    assert seen[0] == [("sent", ""), ("sending", "prep")]


def test_what_has_left_is_written_before_another_asks_the_database(
    write, from_memory, make_kind, smtp_sink
):
    seen = []

    def compose(email):
        seen.append(states())
        return Message("Hello", "text")

    make_kind("slow", compose=compose)
    write()
    write(kind="slow")

    deliver_due()

    assert seen == [[("sent", ""), ("sending", "prep")]]


def test_poison_written_before_its_turn_dies_in_its_turn(write, make_kind, smtp_sink):
    make_kind("poison", compose=lambda email: None, is_from_memory=True)
    make_kind("unwanted", is_wanted=lambda email: False, is_from_memory=True)
    write(kind="poison")
    write(kind="unwanted")
    good = write()

    assert deliver_due() == 1

    assert smtp_sink.accepted == [good.message_id]
    assert {state for state, _phase in states()} == {"sent", "dead", "cancelled"}


def test_index_serves_the_claim(write):
    values = [uuid.uuid4(), claims.LEASE, kinds.names(), claims.BATCH]

    with connection.cursor() as cursor:
        # So few rows would be read as they lie.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {claims.CLAIM}", values)
        plan = "\n".join(row for (row,) in cursor)

    assert "Index Scan using outbox_outgoingemail_due" in plan
    assert "Sort" not in plan
