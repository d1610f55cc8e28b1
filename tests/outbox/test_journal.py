"""Postfix's log, line by line: what it says was taken, and what only looks like it."""

import datetime as dt

import pytest

from outbox import journal

LONG_AGO = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)
OURS, ANOTHER = "<ours@portal.example>", "<another@portal.example>"


def named(queue_id, message_id):
    return f"Mar  2 09:00:01 mail postfix/cleanup[71]: {queue_id}: message-id={message_id}\n"


def queued(queue_id):
    return (
        f"Mar  2 09:00:01 mail postfix/qmgr[72]: {queue_id}: "
        "from=<portal@portal.example>, size=900, nrcpt=1 (queue active)\n"
    )


@pytest.fixture
def log(settings, tmp_path):
    settings.RELAY_LOG = str(tmp_path / "mail.log")
    return tmp_path / "mail.log"


def test_both_lines_together_say_that_it_was_taken(log):
    log.write_text(named("4F01", OURS) + queued("4F01"))

    assert journal.taken({OURS, ANOTHER}, LONG_AGO) == {OURS: "4F01"}


def test_a_rotation_between_the_two_lines_parts_them_not(log):
    log.with_name("mail.log.1").write_text(named("4F01", OURS))
    log.write_text(queued("4F01"))

    assert journal.taken({OURS}, LONG_AGO) == {OURS: "4F01"}


def test_a_queue_id_that_another_email_has_taken_over_says_nothing_of_ours(log):
    # Ours broke off after its header: Postfix threw it away, and used the id again.
    log.write_text(
        named("4F01", OURS) + named("4F01", "<a@b.example>") + queued("4F01")
    )

    assert journal.taken({OURS}, LONG_AGO) == {}
