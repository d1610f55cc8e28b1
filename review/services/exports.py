"""What staff may ask of exports, and what time asks of them."""

import datetime as dt
import shutil

from django.conf import settings
from django.core.files.storage import storages
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from outbox.bell import ring
from review.models import Export
from submissions.files.storage import names_before, swept_later

# Longer than any task may run.
ABANDONED = dt.timedelta(days=1)


@transaction.atomic
def request_export(export):
    """Have a worker make what an Export says that is not saved yet."""
    export.save(force_insert=True)
    transaction.on_commit(lambda: ring("review.tasks.make_exports"), robust=True)


def remove(exports):
    """Delete the files of these exports, or stop making them; returns how many."""
    found = list(exports.filter(removed_at=None))
    for export in found:
        # First the row: a worker that finishes meanwhile finds it is not wanted.
        Export.objects.filter(pk=export.pk).update(
            removed_at=Now(), lease=None, lease_expires_at=None
        )
        with swept_later():
            storages["exports"].delete(export.file)
    return len(found)


@swept_later()
def sweep():
    """Delete what has been kept long enough, and what dead workers left behind."""
    remove(Export.objects.expired())
    before = timezone.now() - ABANDONED
    standing = {one.file for one in Export.objects.filter(removed_at=None)}
    _delete_half_written(before)
    for name in set(storages["exports"].names_before(before)) - standing:
        storages["exports"].delete(name)


def _delete_half_written(before):
    """On this machine, wherever the finished ones are kept."""
    for name in names_before(before, settings.EXPORTS_ROOT):
        path = settings.EXPORTS_ROOT / name
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
