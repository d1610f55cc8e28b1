"""Whether each part works, for whoever watches: 200 or 503, and nothing about anybody."""

import os
from functools import cache

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from outbox import health
from submissions.files.uploads import has_room

from . import duties

# Each duty, and after how many seconds of silence of all who do it somebody should look.
# The loop may be busy with 45 seconds of emails and one more message.
LATE = {
    "worker": (120, ["outbox.tasks.deliver_due"]),
    "loop": (180, ["loop.deliver_due"]),
    "planning": (900, ["outbox.tasks.plan", "loop.plan"]),
}


def report(is_well, **figures):
    return JsonResponse({"is_well": is_well} | figures, status=200 if is_well else 503)


@require_safe
def alive(request):
    """Answer 200 while the web server answers at all; asks nobody."""
    return report(True)


@require_safe
def healthz(request):
    """Answer 200 when web server and database work; the text is for a machine."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@require_safe
def ready(request):
    """Say whether requests may be sent here: the database answers and is of this version.

    Not the broker: without it emails leave some seconds later, and nothing else.
    """
    try:
        return report(is_migrated())
    except DatabaseError:
        return report(False)


def is_migrated() -> bool:
    try:
        expect_migrated()
    except LookupError:
        return False
    return True


# Once it is so it stays so, and the answer takes a while; what raises is asked again.
@cache
def expect_migrated():
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise LookupError("Run manage.py migrate.")


@require_safe
def broker(request):
    """Say whether the broker answers within a second."""
    # No page needs the broker's client, which is a tenth of what a web process would hold.
    from kombu import Connection  # noqa: PLC0415

    bell = Connection(
        settings.CELERY_BROKER_URL,
        transport_options=settings.CELERY_BROKER_TRANSPORT_OPTIONS,
    )
    try:
        with bell:
            bell.connect()
            return report(bell.default_channel.client.ping())
    # As the broker's client names them.
    except bell.connection_errors + bell.channel_errors:
        return report(False)


@require_safe
def files(request):
    """Say whether files can be kept: the storage answers and the disk has room."""
    try:
        default_storage.exists("health")
        can_write = os.access(settings.DATA_DIR, os.W_OK)
        return report(can_write and has_room(settings.DATA_DIR))
    except OSError:
        return report(False)


@require_safe
def outbox(request):
    """Give the outbox in figures, for whoever watches it."""
    return JsonResponse(health.figures())


@require_safe
def on_duty(request):
    """Say how long ago worker, outbox loop and planning were last heard of, in seconds."""
    ages = duties.ages()
    found = {
        part: min((ages[name] for name in names if name in ages), default=None)
        for part, (_, names) in LATE.items()
    }
    is_well = all(
        age is not None and age < LATE[part][0] for part, age in found.items()
    )
    seconds = {part: age and round(age) for part, age in found.items()}
    return report(is_well, **seconds)
