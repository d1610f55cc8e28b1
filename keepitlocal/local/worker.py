"""The Celery worker of `make run`, with its beat: `python -m keepitlocal.local.worker`.

A worker that is started otherwise and told to `--include` this only says that it is ready.
"""

import os
import sys
from pathlib import Path

from celery.signals import worker_ready

from keepitlocal.celery import app


@worker_ready.connect
def say_ready(**kwargs):
    Path(os.environ["KEEP_IT_LOCAL_WORKER_IS_READY"]).touch()


def main():
    # Not by the `celery` command, which loads a shell with colours into every process.
    worker = app.Worker(
        beat=True, concurrency=2, quiet=True, without_gossip=True, without_mingle=True
    )
    worker.start()
    return worker.exitcode


if __name__ == "__main__":
    sys.exit(main())
