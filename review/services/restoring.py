"""What has to be put right when the database has gone back in time, before it is opened.

After a restore the portal has forgotten what it did since: which emails went out, who was
erased, which numbers it gave away.
"""

from django.db import connection, transaction

from outbox.services import hold_unfinished
from review import retention, statements
from review.door import sessions
from review.models import Export
from submissions import reminders

from . import erasing, exports

# So many numbers of each table are left out: an email that went out since may hold one.
GAP = 1_000_000
LEAVE_OUT = """
SELECT setval(
    format('%%I.%%I', schemaname, sequencename)::regclass,
    least(coalesce(last_value, 0) + %s, max_value)
)
FROM pg_sequences WHERE schemaname = 'public'
"""


@transaction.atomic
def put_right():
    """Make it safe to open. Return what was done as {in words: how many}. Safe to repeat."""
    with statements.may_take(0):
        return _put_right()


def _put_right():
    with connection.cursor() as cursor:
        cursor.execute(LEAVE_OUT, [GAP])
    # Written, and held with the others: whether they went out since, nobody knows.
    retention.warn_of_deletion(at_a_time=None)
    return {
        "erased again": erasing.erase_again(),
        "emails held for staff to decide": hold_unfinished(),
        "drafts counted as reminded": reminders.count_as_reminded(),
        "exports removed": exports.remove(Export.objects.all()),
        "staff signed out": sessions.end_all(),
    }
