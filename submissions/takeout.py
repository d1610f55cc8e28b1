"""All that we hold of one response, as a ZIP file for the person whose it is.

response.json       what it says now
revisions/1.json    what was sent, each time
earlier.json        earlier versions of its texts
invitations.json    who was invited to write along
late-request.json   what was asked for after closing, if anything
emails.json         what we wrote about it
files.json          what each file was called, and where it is in here
files/01-report.pdf
"""

import json
import re
from os.path import splitext
from zipfile import ZIP_DEFLATED, ZipFile

from django.core.files.storage import default_storage

from . import events
from .data import as_data, moment
from .models import LateRequest, StoredFile

# What no file system objects to, and no shell or page takes for more than a name.
UNSAFE = re.compile(r"[^\w.-]+")


class _Outlet:
    """Where the archive is written to; what has come in since is taken out again."""

    def __init__(self):
        self._pieces = []

    def write(self, piece):
        self._pieces.append(bytes(piece))
        return len(piece)

    def flush(self):
        """Nothing is held back."""

    def take(self):
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)


def as_zip(submission):
    """Yield the file in bytes; one revision, or one piece of a file, is in memory at once."""
    outlet = _Outlet()
    with ZipFile(outlet, "w", ZIP_DEFLATED) as archive:
        names = {}
        for name, content in _documents(submission, names):
            archive.writestr(name, json.dumps(content, ensure_ascii=False, indent=2))
            yield outlet.take()
        files = _files(submission, names)
        listed = [{"path": path} | about for path, _stored, about in files]
        archive.writestr("files.json", json.dumps(listed, ensure_ascii=False, indent=2))
        for path, stored, about in files:
            if about["is_missing"]:
                continue
            with (
                default_storage.open(stored.name) as source,
                archive.open(path, "w", force_zip64=True) as target,
            ):
                for chunk in source.chunks():
                    target.write(chunk)
                    yield outlet.take()
    yield outlet.take()


def _documents(submission, names):
    """Yield (name, content) of all that is no file; fill `names` with the files' names."""
    contents = as_data(submission)
    yield "response.json", contents
    revisions = submission.revisions.order_by("number")
    for revision in revisions.iterator(chunk_size=1):
        yield (
            f"revisions/{revision.number}.json",
            {
                "number": revision.number,
                "sent_at": moment(revision.sent_at),
                "contents": revision.contents,
            },
        )
        names |= _names_of_files(revision.contents)
    # As they are called now, if they were sent under another name.
    names |= _names_of_files(contents)
    if request := LateRequest.objects.filter(submission=submission).first():
        yield "late-request.json", _late_request(request)
    yield "earlier.json", [_earlier(past) for past in submission.past_texts.all()]
    yield "invitations.json", [_invitation(one) for one in submission.invitations.all()]
    yield (
        "emails.json",
        [
            {
                "kind": email.kind,
                "what": email.what,
                "to": email.to,
                "at": moment(email.at),
                "state": email.state,
            }
            for email in events.emails_about(submission)
        ],
    )


def _names_of_files(contents):
    """Return the name of each file in what `as_data` gave, by its SHA-256."""
    items = contents["evidence_items"]
    files = contents["files"] + [file for item in items for file in item["files"]]
    return {file["sha256"]: file["name"] for file in files}


def _late_request(request):
    return {
        "reason": request.reason,
        "asked_at": moment(request.asked_at),
        "is_accepted": request.is_accepted,
        "decision": request.decision,
        "decided_at": moment(request.decided_at),
    }


def _earlier(past):
    return {
        "field": past.field,
        "saved_at": moment(past.saved_at),
        "text": past.text,
    }


def _invitation(invitation):
    return {
        "name": invitation.name,
        "email": invitation.email,
        "parts": invitation.parts,
        "invited_at": moment(invitation.created_at),
        "opened_at": moment(invitation.opened_at),
        "saved_at": moment(invitation.saved_at),
        "withdrawn_at": moment(invitation.withdrawn_at),
    }


def _files(submission, names):
    """Return (path, StoredFile, what files.json says) for each file now and before."""
    now = StoredFile.objects.filter(attachments__submission=submission)
    before = StoredFile.objects.filter(revisions__submission=submission)
    return [
        _file(number, stored, names.get(stored.sha256, ""))
        for number, stored in enumerate(now.union(before).order_by("pk"), start=1)
    ]


def _file(number, stored, name):
    stem, ending = splitext(UNSAFE.sub("_", name))
    # Its number makes it unique, and so may be cut.
    path = f"files/{number:02}-{stem[:80]}{ending[:10]}"
    about = {
        "name": name,
        "size": stored.size,
        "sha256": stored.sha256,
        "content_type": stored.content_type,
        # A backup without its files, say: the rest is still to be had.
        "is_missing": not default_storage.exists(stored.name),
    }
    return path, stored, about
