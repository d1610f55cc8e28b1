"""The list of what was erased, which must not go back in time with a backup.

A copy of it lies beside the backups, for a machine that is lost with all it had. It holds
hashes alone.
"""

from pathlib import Path

from django.conf import settings

from keepitlocal.local.config import write_private
from review.models import Erasure
from review.services import erased_list

NAME = "erased.txt"


def keep_list(root):
    """Add to the copy beside the backups whatever was erased since."""
    digests = _read(root / NAME) | erased_list.read()
    # What another of several machines has erased stands in its own list, and here.
    for erasure in Erasure.objects.done():
        digests |= set(erasure.digests)
    _write(root / NAME, digests)


def bring_list(root):
    """Add to the list of this machine what the copy beside the backups has.

    Returns how many there are; None when there is no list anywhere.
    """
    if not erased_list.exists() and not (root / NAME).exists():
        return None
    digests = _read(root / NAME) | erased_list.read()
    settings.ERASED_LIST.parent.mkdir(parents=True, exist_ok=True)
    _write(settings.ERASED_LIST, digests)
    return len(digests)


def _read(path):
    return set(path.read_text().split()) if path.exists() else set()


def _write(path, digests):
    write_private(Path(path), "".join(f"{digest}\n" for digest in sorted(digests)))
