"""The list of what was erased: outside of the database, and of its backups.

Each machine has its own in ERASED_LIST; several of them share it in the object storage too,
where each entry is a name and nothing else.
"""

import datetime as dt
import os

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.utils import timezone

SHARED = "erased"


def add(digests):
    """Write digests down, before what they stand for is gone for certain."""
    path = settings.ERASED_LIST
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        file.writelines(f"{digest}\n" for digest in digests)
        file.flush()
        os.fsync(file.fileno())
    if _is_shared():
        for digest in digests:
            storages[SHARED].save(digest, ContentFile(b""))


def exists():
    return _is_shared() or settings.ERASED_LIST.exists()


def read():
    """Return every digest that any machine has written down, as far as this one can know."""
    path = settings.ERASED_LIST
    digests = set(path.read_text().split()) if path.exists() else set()
    if _is_shared():
        tomorrow = timezone.now() + dt.timedelta(days=1)
        digests |= set(storages[SHARED].names_before(tomorrow))
    return digests


def _is_shared():
    return SHARED in settings.STORAGES
