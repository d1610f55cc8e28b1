"""Files in a bucket that several machines share: whole, once, and what its failures do."""

import io
import os
import time
import tracemalloc
from base64 import b64decode
from hashlib import sha256

import pytest
from botocore.exceptions import ClientError
from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from chaos.objects import ObjectStore
from submissions.files.objects import QUIET_SECONDS, ObjectStorage
from submissions.files.storage import StorageAway
from submissions.models import StoredFile
from submissions.services import sweep_files

MEGABYTE = 1024 * 1024
AWAY = "We could not keep your file. Your answers are saved. Try again in a few minutes"


@pytest.fixture
def own_store(settings):
    """An object storage for one test, which breaks it."""
    with ObjectStore() as store:
        settings.STORAGES = settings.STORAGES | {
            "default": {
                "BACKEND": "submissions.files.objects.ObjectStorage",
                "OPTIONS": {"url": store.url, "folder": "files"},
            }
        }
        yield store


def attach(ada, *names):
    files = [SimpleUploadedFile(name, f"In {name}".encode()) for name in names]
    return ada.client.post(ada.url + "files/", {"files": files, "_end": "1"})


def names(ada):
    return [file.name for file in ada.submission.attachments.all()]


def test_a_name_is_written_once(kept_as_objects):
    default_storage.save("report", ContentFile(b"First"))

    default_storage.save("report", ContentFile(b"First"))
    with pytest.raises(FileExistsError):
        default_storage.save("report", ContentFile(b"Second"))

    assert default_storage.open("report").read() == b"First"


def test_a_file_is_sent_with_its_sum_for_the_server_to_compare(object_store):
    storage, sent = ObjectStorage(object_store.url, "sums"), []
    storage._client.meta.events.register(
        "before-send.s3.PutObject",
        lambda request, **_rest: sent.append(request.headers),
    )

    storage.save("report", ContentFile(b"First"))

    [headers] = sent
    total = b64decode(headers["x-amz-checksum-sha256"])
    assert total == sha256(b"First").digest()


def test_what_is_large_is_sent_in_parts_and_read_in_pieces(object_store, tmp_path):
    storage = ObjectStorage(object_store.url, "large", large=6 * MEGABYTE)
    path = tmp_path / "large"
    path.write_bytes(os.urandom(13 * MEGABYTE))
    with open(path, "rb") as file:
        storage.save("export", File(file))

    tracemalloc.start()
    seen = sha256()
    with storage.open("export") as kept:
        for piece in kept.chunks():
            seen.update(piece)
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert seen.hexdigest() == sha256(path.read_bytes()).hexdigest()
    assert kept.size == storage.size("export") == 13 * MEGABYTE
    assert most < 2 * MEGABYTE


def test_nobody_has_a_file_without_the_key(object_store):
    stranger = ObjectStorage(object_store.url.replace("evidence", "elsewhere"), "files")

    with pytest.raises(StorageAway):
        stranger.exists("anything")
    with pytest.raises(NotImplementedError):
        stranger.url("anything")


def test_a_storage_that_is_down_refuses_a_file_and_loses_nothing(ada, own_store):
    attach(ada, "before.txt")
    own_store.stop()

    refused = attach(ada, "notes.txt")

    assert refused.status_code == 503
    assert AWAY in refused.content.decode()
    assert names(ada) == ["before.txt"]
    assert StoredFile.objects.count() == 1


def test_a_storage_that_hangs_ends_in_a_page_within_ten_seconds(ada, own_store):
    own_store.freeze()
    started = time.monotonic()

    refused = attach(ada, "one.txt", "two.txt", "three.txt")
    seconds = time.monotonic() - started
    own_store.resume()
    time.sleep(QUIET_SECONDS)
    later = attach(ada, "one.txt")

    assert refused.status_code == 503
    assert refused.content.decode().count(AWAY) == 2 * 3  # in the summary, at the field
    assert seconds < 10
    assert later.status_code == 302
    assert names(ada) == ["one.txt"]


def test_a_download_says_that_the_storage_is_away(ada, own_store):
    attach(ada, "notes.txt")
    file = ada.submission.attachments.get()
    own_store.stop()
    ada.client.raise_request_exception = False

    response = ada.get(f"files/{file.key}/")

    assert response.status_code == 503
    assert "What you saved before is safe" in response.content.decode()


def test_a_sweep_leaves_to_the_next_what_it_cannot_reach(ada, own_store, caplog):
    attach(ada, "notes.txt")
    ada.submission.attachments.all().delete()
    own_store.stop()

    sweep_files()

    assert "files are deleted later" in caplog.text


def test_an_answer_that_was_lost_does_not_refuse_the_file(kept_as_objects, monkeypatch):
    storage = ObjectStorage(kept_as_objects.url, "lost-answers")
    put = storage._client.put_object

    def put_twice(**arguments):
        put(**arguments)
        arguments["Body"].seek(0)
        return put(**arguments)

    monkeypatch.setattr(storage._client, "put_object", put_twice)

    storage.save("report", ContentFile(b"First"))

    with pytest.raises(ClientError):
        put_twice(
            Bucket="evidence",
            Key="lost-answers/report",
            Body=io.BytesIO(),
            IfNoneMatch="*",
        )
    assert storage.open("report").read() == b"First"
