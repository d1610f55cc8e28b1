"""Files: kept with a draft, chosen about, taken away, and swept up when nobody has them."""

import datetime as dt
import hashlib
import io
import uuid
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError, Sum
from django.utils import timezone

from submissions.files import names
from submissions.files.checking import CheckedFile, checked
from submissions.files.kinds import KINDS, MAX_BYTES_TOGETHER, MAX_FILES
from submissions.files.refusals import Unacceptable
from submissions.files.storage import StorageAway, names_before, swept_later
from submissions.models import EvidenceItem, StoredFile

from .drafts import open_draft
from .writing import use_item

# An upload takes minutes at most: what is older belongs to nobody.
LEFT_BEHIND = dt.timedelta(days=1)


def keep_file(submission, upload, item=None, place=None):
    """Check a file and attach it to a draft, to the item of this key if there is one.

    An item that is new is used at `place`, where it was asked for.

    Raises Unacceptable or AlreadySubmitted; then nothing is kept. After closing it is kept
    and KeptAfterClosing raised. What is attached already, as after a second click, is not
    attached again.
    """
    _refuse_too_many(submission)
    with checked(upload) as found:
        stored = _store(found.file, found)
    is_kept = False
    try:
        with open_draft(submission) as draft:
            is_kept = _attach(draft, stored, upload.name, item, place)
    finally:
        if not is_kept:
            with swept_later():
                default_storage.delete(stored.name)


def keep_original(upload):
    """Check a file and keep it as it came; return it, and its cleaned copy or None.

    Only images have one: without what a camera wrote into them. Their bytes are stored;
    their rows are for the caller to save, beside one that refers to them, or else
    `sweep_files` takes the bytes. Raises Unacceptable.
    """
    with checked(upload) as found:
        original, cleaned = _store(upload.file, found), None
        if found.file is not upload.file:
            cleaned = _store(found.file, found)
    return original, cleaned


def keep_as_file(text):
    """Keep a text that was pasted as a file; return its row, as `keep_original` does."""
    found = CheckedFile(
        file=io.BytesIO(text.encode()),
        content_type=KINDS["txt"].content_type,
        has_active_content=False,
        scanned_at=None,
    )
    return _store(found.file, found)


def _store(file, found):
    """Write the bytes; return their row, not yet saved. Raises Unacceptable."""
    stored = StoredFile(
        name=uuid.uuid4().hex,
        size=file.seek(0, 2),
        sha256=_sha256(file),
        content_type=found.content_type,
        has_active_content=found.has_active_content,
        scanned_at=found.scanned_at,
    )
    try:
        default_storage.save(stored.name, file)
    except StorageAway as error:
        raise Unacceptable("away") from error
    except OSError as error:
        raise Unacceptable("no-room") from error
    return stored


def _attach(draft, stored, name, item, place):
    """Write the rows; return False when the same file stands there already."""
    if item:
        item, is_new = EvidenceItem.objects.get_or_create(submission=draft, key=item)
        if is_new and place:
            use_item(draft, item.key, place)
    files = draft.attachments.filter(item=item)
    same = files.filter(stored__sha256=stored.sha256).values_list("name", flat=True)
    if name in same or name in map(names.as_typed, same):
        return False
    _refuse_too_many(draft)
    if _bytes_together(draft) + stored.size > MAX_BYTES_TOGETHER:
        raise Unacceptable("too-much")
    stored.save()
    others = draft.attachments.values_list("name", flat=True)
    draft.attachments.create(
        item=item, stored=stored, name=names.told_apart(name, others)
    )
    return True


def _refuse_too_many(submission):
    if submission.attachments.count() >= MAX_FILES:
        raise Unacceptable("too-many")


def _bytes_together(submission):
    sizes = submission.attachments.aggregate(together=Sum("stored__size"))
    return sizes["together"] or 0


def _sha256(file):
    file.seek(0)
    return hashlib.file_digest(file, "sha256").hexdigest()


def keep_file_choices(draft, key, choices):
    """Write fields of an attached file: a dict of field name to value."""
    draft.attachments.filter(key=key).update(**choices)


def remove_file(draft, key):
    """Take a file away from a draft; `sweep_files` deletes what nobody has any more."""
    draft.attachments.filter(key=key).delete()


@swept_later()
def sweep_files():
    """Delete what belongs to nobody: rows that nothing refers to, with their bytes, bytes
    without a row, and what was left in quarantine.

    Any number of processes may, at the same time.
    """
    for stored in StoredFile.objects.unused():
        try:
            with transaction.atomic():
                stored.delete()
        except (ProtectedError, IntegrityError):
            # An amendment has taken it up in this moment.
            continue
        default_storage.delete(stored.name)
    before = timezone.now() - LEFT_BEHIND
    left = set(default_storage.names_before(before))
    known = StoredFile.objects.filter(name__in=left).values_list("name", flat=True)
    for name in left - set(known):
        default_storage.delete(name)
    for name in names_before(before, settings.QUARANTINE_ROOT):
        Path(settings.QUARANTINE_ROOT, name).unlink(missing_ok=True)
