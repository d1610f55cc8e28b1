"""A real server of S3's protocol, in a process of its own: moto's, which keeps all in memory."""

import contextlib
import os
import signal
import subprocess
import sys
import time

import boto3
from botocore.exceptions import BotoCoreError

from keepitlocal.local.programs import free_port

BUCKET = "evidence"
KEY, SECRET = "testing", "testing/with+signs"


class ObjectStore:
    """Runs while it is a context manager; `url` is a FILES_URL."""

    def __init__(self, address="127.0.0.1"):
        self.address, self.port = address, free_port()

    @property
    def url(self):
        secret = SECRET.replace("/", "%2F").replace("+", "%2B")
        return f"s3+http://{KEY}:{secret}@{self.address}:{self.port}/{BUCKET}"

    def __enter__(self):
        self._start()
        return self

    def __exit__(self, *exc_info):
        self.resume()
        self.stop()

    def _start(self):
        command = [sys.executable, "-m", "moto.server"]
        self._process = subprocess.Popen(
            [*command, "-H", self.address, "-p", str(self.port)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.client = boto3.client(
            "s3",
            endpoint_url=f"http://{self.address}:{self.port}",
            aws_access_key_id=KEY,
            aws_secret_access_key=SECRET,
            region_name="us-east-1",
        )
        self._wait_and_make_bucket(time.monotonic() + 30)

    def _wait_and_make_bucket(self, ends_at):
        while True:
            with contextlib.suppress(BotoCoreError):
                self.client.create_bucket(Bucket=BUCKET)
                return
            assert time.monotonic() < ends_at, "The object storage does not start"
            time.sleep(0.1)

    # Ways to break it

    def freeze(self):
        """Let it accept connections and answer nothing."""
        os.kill(self._process.pid, signal.SIGSTOP)

    def resume(self):
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._process.pid, signal.SIGCONT)

    def stop(self):
        """End it: connections are refused, and all that it had is gone."""
        self._process.kill()
        self._process.wait()

    # What it has

    def contents(self, folder):
        """Return {name: bytes} of a folder."""
        pages = self.client.get_paginator("list_objects_v2").paginate(
            Bucket=BUCKET, Prefix=f"{folder}/"
        )
        return {
            one["Key"].removeprefix(f"{folder}/"): self._content(one["Key"])
            for page in pages
            for one in page.get("Contents", [])
        }

    def _content(self, key):
        return self.client.get_object(Bucket=BUCKET, Key=key)["Body"].read()
