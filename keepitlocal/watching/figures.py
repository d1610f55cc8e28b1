"""What the portal's database tells whoever watches: numbers, by names of our own."""

import datetime as dt
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db import connection
from django.db.models import Count, F, Sum
from django.db.models.functions import Now

from keepitlocal.models import Duty
from outbox import health
from outbox.models import UNDELIVERED, WAITING, OutgoingEmail, State
from review import audit
from review.models import AuditEntry, Export
from submissions.models import Channel, StoredFile, Submission

HOUR = dt.timedelta(hours=1)
FAILURES = [audit.SIGN_IN_FAILED, audit.CONFIRM_FAILED, audit.LOCKED_OUT]


@dataclass(frozen=True)
class Family:
    """Figures of one name: `rows` gives the values of `labels`, then the number."""

    name: str
    about: str
    rows: Callable[[], Iterable[tuple]]
    labels: tuple[str, ...] = ()
    is_counter: bool = False


def emails():
    """Count what has not left: those that have are the table's bulk, and not asked for."""
    states = [*WAITING, State.SENDING, State.ASKED, *UNDELIVERED]
    unfinished = OutgoingEmail.objects.filter(state__in=states)
    return _counted(unfinished, "state", states)


def submissions():
    return _counted(Submission.objects.submitted(), "channel", Channel.values)


def drafts():
    yield (Submission.objects.drafts().filter(amends=None).count(),)


def exports():
    yield "waiting", Export.objects.waiting().count()
    yield "running", Export.objects.running().count()
    yield "failed", Export.objects.filter(failed_at__isnull=False).count()


def file_bytes():
    yield (StoredFile.objects.aggregate(bytes=Sum("size", default=0))["bytes"],)


def failed_sign_ins():
    failed = AuditEntry.objects.filter(action__in=FAILURES, at__gt=Now() - HOUR)
    yield (failed.count(),)


def database_connections():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(state, 'other'), count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() GROUP BY 1"
        )
        return cursor.fetchall()


def database_connections_limit():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('max_connections')::int")
        return cursor.fetchall()


def duty_ages():
    aged = Duty.objects.with_age().filter(done_at__isnull=False)
    return [(duty.name, duty.age.total_seconds()) for duty in aged]


def data_bytes(part):
    yield (getattr(shutil.disk_usage(settings.DATA_DIR), part),)


def _counted(rows, by, values):
    """Count by a column; nought, too, is a figure: an alert asks for what is there."""
    found = dict(rows.order_by().values_list(by).annotate(Count("pk")))
    return [(value, found.get(value, 0)) for value in values]


FAMILIES = [
    Family("emails", "Emails that have not left.", emails, ("state",)),
    Family(
        "emails_oldest_due_seconds",
        "For how long the oldest email has been due.",
        lambda: [(health.figures()["oldest_due_seconds"],)],
    ),
    Family(
        "emails_circuit_open",
        "1 while the mail relay is left alone after failures.",
        lambda: [(health.figures()["is_circuit_open"],)],
    ),
    Family("submissions", "Submissions that stand.", submissions, ("channel",)),
    Family("drafts", "Drafts that were begun and not sent.", drafts),
    Family("exports", "Exports by how far they are.", exports, ("state",)),
    Family("file_bytes", "Bytes of the files that respondents attached.", file_bytes),
    Family(
        "failed_sign_ins_last_hour",
        "Passwords and codes refused, and lock-outs, in the last hour.",
        failed_sign_ins,
    ),
    Family(
        "database_connections",
        "Connections to this database.",
        database_connections,
        ("state",),
    ),
    Family(
        "database_connections_limit",
        "How many connections the database takes.",
        database_connections_limit,
    ),
    Family(
        "duty_age_seconds",
        "Seconds since worker or outbox loop last did this.",
        duty_ages,
        ("duty",),
    ),
    *(
        Family(
            f"duty_{column}",
            about,
            lambda column=column: Duty.objects.values_list("name", F(column)),
            ("duty",),
            is_counter=True,
        )
        for column, about in [
            ("done", "How often worker or outbox loop did this."),
            ("failed", "How often this failed."),
            ("seconds", "Seconds spent on this."),
        ]
    ),
    Family(
        "data_bytes_total",
        "Size of this host's volume of DATA_DIR.",
        lambda: data_bytes("total"),
    ),
    Family("data_bytes_free", "Bytes free on it.", lambda: data_bytes("free")),
]
