import signal
import threading
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import OperationalError

from outbox.management.commands import run_outbox
from tests.outbox.processes import end_other_connections, wait_for, worker


def test_once_sends_what_is_due(write, smtp_sink):
    write()
    output = StringIO()

    call_command("run_outbox", stdout=output)

    assert output.getvalue() == "1 sent\n"
    assert len(smtp_sink.journal) == 1


@pytest.mark.django_db(transaction=True)
def test_loop_outlives_its_connection_and_stops_on_term(write, smtp_sink):
    with worker(smtp_sink.port, "--loop", "--every", "0.1") as process:
        first = write()
        wait_for(lambda: smtp_sink.accepted == [first.message_id])
        end_other_connections()
        second = write()
        wait_for(lambda: smtp_sink.accepted[1:] == [second.message_id])

        process.send_signal(signal.SIGTERM)

        assert process.wait(5) == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_loop_waits_for_a_database_that_is_away(number, smtp_sink, db):
    nowhere = "postgres://nobody@127.0.0.1:9/nothing"

    arguments = ["--loop", "--every", "0.1"]
    with worker(smtp_sink.port, *arguments, database_url=nowhere) as process:
        complaints = (line for line in process.stderr if "is away" in line)
        assert next(complaints)
        assert next(complaints)

        process.send_signal(number)

        assert process.wait(5) == 0


@pytest.mark.parametrize("error", [OperationalError("gone"), ZeroDivisionError()])
def test_a_look_that_fails_does_not_end_the_loop(monkeypatch, db, caplog, error):
    def fail(should_stop):
        raise error

    monkeypatch.setattr(run_outbox, "deliver_due", fail)

    run_outbox.Command().look(threading.Event())

    assert "trying again" in caplog.text
