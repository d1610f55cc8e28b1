import signal
import time
from collections import Counter

import pytest
from django.db.models.functions import Now

from outbox.models import Circuit, OutgoingEmail, State
from tests.outbox.processes import worker
from tests.smtp import HANG_UP

pytestmark = pytest.mark.django_db(transaction=True)


def test_no_kill_loses_an_email_or_sends_an_unrecorded_copy(write, smtp_sink):
    """Four workers, one killed every 50 ms at first, a relay that is busy and loses answers."""
    smtp_sink.script("RCPT", *(["451 Busy"] + [None] * 19) * 100)
    smtp_sink.script("DATA", *([HANG_UP] + [None] * 49) * 100)
    emails = [write() for _ in range(200)]
    ends_at = time.monotonic() + 90

    with worker(smtp_sink.port, "--nursery") as nursery:
        while sent() < len(emails) and time.monotonic() < ends_at:
            time.sleep(0.2)
            # Pauses are for relays; here they would only make the test slow.
            OutgoingEmail.objects.filter(state=State.RETRY).update(
                next_attempt_at=Now()
            )
            Circuit.objects.update(failures=0, closes_at=None)
        nursery.send_signal(signal.SIGTERM)
        kills = int(nursery.stdout.readline())

    copies = Counter(smtp_sink.accepted)
    rows = OutgoingEmail.objects.all()
    lost = [email for email in emails if not copies[email.message_id]]
    unrecorded = [row for row in rows if copies[row.message_id] > 1 + row.ambiguous]
    print(f"{kills} kills, {len(lost)} lost, {copies.total() - len(emails)} copies")
    assert kills > 20
    assert sent() == len(emails)
    assert lost == []
    assert unrecorded == []


def sent():
    return OutgoingEmail.objects.filter(state=State.SENT).count()
