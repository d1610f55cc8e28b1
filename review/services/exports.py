"""What staff may ask of exports, and what time asks of them."""

import datetime as dt
import shutil
import time

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from outbox.services import ring
from review import tasks
from review.models import Export

# Longer than any task may run.
ABANDONED = dt.timedelta(days=1)


@transaction.atomic
def request_export(export):
    """Have a worker make what an Export says that is not saved yet."""
    export.save(force_insert=True)
    transaction.on_commit(lambda: ring(tasks.make_exports), robust=True)


def remove(exports):
    """Delete the files of these exports, or stop making them; returns how many."""
    found = list(exports.filter(removed_at=None))
    for export in found:
        # First the row: a worker that finishes meanwhile finds it is not wanted.
        Export.objects.filter(pk=export.pk).update(
            removed_at=Now(), lease=None, lease_expires_at=None
        )
        export.path.unlink(missing_ok=True)
    return len(found)


def sweep():
    """Delete what has been kept long enough, and what dead workers left behind."""
    remove(Export.objects.expired())
    if not settings.EXPORTS_ROOT.exists():
        return
    standing = {one.path for one in Export.objects.filter(removed_at=None)}
    for path in settings.EXPORTS_ROOT.iterdir():
        age = time.time() - path.stat().st_mtime
        if path in standing or age < ABANDONED.total_seconds():
            continue
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
