"""Where files are kept when several machines share them: a bucket, over S3's protocol.

`s3://KEY:SECRET@HOST/BUCKET?region=REGION`, or `s3+http://` without TLS. A file is one
object with a name of ours, written once, whole or not at all, and never given an address:
whoever may have it is given its bytes by a page of ours.
"""

import hashlib
import time
from base64 import b64encode
from contextlib import contextmanager
from functools import cached_property
from urllib.parse import parse_qs, unquote, urlsplit

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files import File
from django.core.files.storage import Storage

from .storage import StorageAway

# Asked twice: a page of ours comes within ten seconds when nothing is answered.
CONNECTING = 1
ANSWERING = 3
ATTEMPTS = 2
# What silence cost one request, it does not cost those that come at once after it.
QUIET_SECONDS = 3
# Larger ones are sent in parts, which the server puts together at the end.
LARGE = 100 * 1024 * 1024


class ObjectStorage(Storage):
    """Keeps files in one folder of a bucket."""

    def __init__(self, url, folder, large=LARGE):
        self._url = urlsplit(url)
        self._bucket = self._url.path.strip("/")
        self._folder = folder
        self._large = large
        self._silent_until = 0.0

    @cached_property
    def _client(self):
        url = self._url
        scheme = "http" if url.scheme == "s3+http" else "https"
        region = parse_qs(url.query).get("region", ["us-east-1"])[0]
        return boto3.client(
            "s3",
            endpoint_url=f"{scheme}://{url.netloc.rpartition('@')[2]}",
            region_name=region,
            aws_access_key_id=unquote(url.username or ""),
            aws_secret_access_key=unquote(url.password or ""),
            config=Config(
                connect_timeout=CONNECTING,
                read_timeout=ANSWERING,
                retries={"total_max_attempts": ATTEMPTS, "mode": "standard"},
                s3={"addressing_style": "path"},
                # We send a sum of our own; other servers know no others.
                request_checksum_calculation="when_required",
            ),
        )

    def _object(self, name):
        return {"Bucket": self._bucket, "Key": f"{self._folder}/{name}"}

    @contextmanager
    def _asking(self, name=""):
        """Have what goes wrong raised as files on a disk would; `StorageAway` is one."""
        if time.monotonic() < self._silent_until:
            raise StorageAway("The object storage did not answer a moment ago.")
        started = time.monotonic()
        try:
            yield
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code == "NoSuchKey":
                raise FileNotFoundError(name) from error
            if code == "PreconditionFailed":
                raise FileExistsError(name) from error
            raise StorageAway(code) from error
        except BotoCoreError as error:
            if time.monotonic() - started > CONNECTING:
                self._silent_until = time.monotonic() + QUIET_SECONDS
            raise StorageAway(type(error).__name__) from error

    def _open(self, name, mode="rb"):
        with self._asking(name):
            found = self._client.get_object(**self._object(name))
        return StoredObject(self, name, found["Body"], found["ContentLength"])

    def _save(self, name, content):
        size, digest = _size_and_digest(content)
        content.seek(0)
        with self._asking(name):
            if size < self._large:
                self._put(name, content, digest)
            else:
                self._put_in_parts(name, content)
        return name

    def _put(self, name, content, digest):
        try:
            self._client.put_object(
                **self._object(name),
                Body=content,
                # The server refuses bytes that are not these,
                ChecksumSHA256=b64encode(digest).decode(),
                # and to write over what is there.
                IfNoneMatch="*",
            )
        except ClientError as error:
            # The first attempt got through, and its answer was lost.
            if error.response["Error"]["Code"] != "PreconditionFailed":
                raise
            with self.open(name) as kept:
                if _size_and_digest(kept)[1] != digest:
                    raise

    def _put_in_parts(self, name, content):
        self._client.upload_fileobj(
            content,
            self._bucket,
            self._object(name)["Key"],
            ExtraArgs={"ChecksumAlgorithm": "SHA256"},
            # One part in memory at a time.
            Config=TransferConfig(
                multipart_threshold=self._large,
                multipart_chunksize=self._large,
                use_threads=False,
            ),
        )

    def get_available_name(self, name, max_length=None):
        """Return the name: `_save` refuses one that is taken."""
        return name

    def delete(self, name):
        with self._asking(name):
            self._client.delete_object(**self._object(name))

    def exists(self, name):
        # Not HEAD: it answers the same when the bucket is not there.
        prefix = self._object(name)["Key"]
        with self._asking(name):
            found = self._client.list_objects_v2(
                Bucket=self._bucket, Prefix=prefix, MaxKeys=1
            )
        return any(one["Key"] == prefix for one in found.get("Contents", []))

    def size(self, name):
        with self._asking(name):
            return self._client.head_object(**self._object(name))["ContentLength"]

    def names_before(self, moment):
        """Yield the names of what was written before a moment."""
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=f"{self._folder}/"
        )
        with self._asking():
            for page in pages:
                for one in page.get("Contents", []):
                    if one["LastModified"] < moment:
                        yield one["Key"].partition("/")[2]


class StoredObject(File):
    """A file in the bucket, read once from its beginning: no more is in memory than asked."""

    def __init__(self, storage, name, body, size):
        super().__init__(body, name)
        self.size = size
        self._storage = storage

    def read(self, size=-1):
        with self._storage._asking(self.name):
            return self.file.read(None if size < 0 else size)

    def close(self):
        self.file.close()


def _size_and_digest(content):
    size, seen = 0, hashlib.sha256()
    for chunk in content.chunks():
        size += len(chunk)
        seen.update(chunk)
    return size, seen.digest()
