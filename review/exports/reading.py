"""Reads the submissions of one call, in the order of sending, all of one moment."""

from contextlib import closing, contextmanager
from itertools import islice

from django.db import connection, transaction
from django.utils import timezone

from review import statements

from .gathering import gathered

# As many submissions are in memory at once. One can hold 33 texts of 200,000 characters.
CHUNK = 25
# Seconds. A search in all answers happens in the first statement.
LONGEST_STATEMENT = 60


@contextmanager
def one_moment():
    """Read the database as it is now, for as long as the block takes; gives the moment."""
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            # Between statements we wait for whoever downloads. One who takes nothing for
            # this long is gone; until then old rows cannot be cleaned away.
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = '5min'")
        with statements.may_take(LONGEST_STATEMENT):
            yield timezone.now()


def read(submissions, consultation, needs, progress=lambda count: None):
    """Yield each submission of the call that was sent and stands, with its `Evidence`.

    `progress` is told of every chunk that has been dealt with.
    """
    submissions = (
        submissions.submitted()
        .filter(consultation=consultation)
        .order_by("submitted_at", "pk")
    )
    # The cursor is closed before its transaction.
    with closing(submissions.iterator(chunk_size=CHUNK)) as found:
        while chunk := list(islice(found, CHUNK)):
            evidence = gathered(chunk, needs)
            for submission in chunk:
                yield submission, evidence.pop(submission.pk)
            progress(len(chunk))
