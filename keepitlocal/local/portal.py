"""The programs that are the portal itself, and the inbox beside it."""

import socket
import sys

from .config import BASE_DIR, Config
from .programs import Program

PYTHON = {"PYTHONUNBUFFERED": "1"}


def inbox(config: Config, smtp_port):
    return Program(
        name="inbox",
        command=[
            *module("keepitlocal.local.inbox"),
            f"--folder={config.data_dir / 'inbox'}",
            f"--smtp-port={smtp_port}",
            f"--port={config.inbox_port}",
            f"--site={config.site_url}",
        ],
        folder=BASE_DIR,
        environment=PYTHON,
        answers=lambda process: answers_http("127.0.0.1", config.inbox_port, "/"),
    )


def prepare():
    """What has to be done before the site can answer: tables, the call, styles."""
    return manage("prepare", "prepare", answers_within=600)


def web(config: Config):
    address = f"[{config.bind}]" if ":" in config.bind else config.bind
    return Program(
        name="web",
        command=[
            *module("gunicorn"),
            "keepitlocal.wsgi",
            f"--bind={address}:{config.port}",
            "--workers=2",
            # No proxy stands in front here: a sync worker would wait for the spare
            # connections that browsers open, and answer nobody else meanwhile.
            "--threads=4",
            # Longer than browsers keep a connection idle: what is sent on one that is
            # just being closed is lost.
            "--keep-alive=75",
            # Django is loaded once, not by each worker.
            "--preload",
            "--timeout=30",
            "--graceful-timeout=8",
            # An address that is too long gets a page of ours.
            "--limit-request-line=0",
            # No proxy of ours says by a header where the portal lives.
            "--forwarder-headers=",
            # Addresses carry tokens, so there is no log of them.
            "--no-control-socket",
            "--log-level=warning",
        ],
        folder=BASE_DIR,
        environment=PYTHON,
        answers=lambda process: answers_http(config.loopback, config.port, "/healthz"),
    )


def worker(config: Config):
    ready = config.data_dir / "worker-is-ready"
    return Program(
        name="worker",
        command=module("keepitlocal.local.worker"),
        folder=BASE_DIR,
        environment=PYTHON
        | {
            "KEEP_IT_LOCAL_WORKER_IS_READY": str(ready),
            # Celery's advice to root, eight lines of it.
            "PYTHONWARNINGS": "ignore:You're running the worker",
        },
        prepare=lambda: ready.unlink(missing_ok=True),
        answers=lambda process: ready.exists(),
    )


def outbox():
    # What it says when it starts depends on LOG_LEVEL; nothing waits for it.
    return manage("outbox", "run_outbox", "--loop")


def manage(name, *arguments, **options):
    return Program(
        name=name,
        command=[sys.executable, "manage.py", *arguments],
        folder=BASE_DIR,
        environment=PYTHON,
        **options,
    )


def module(name):
    return [sys.executable, "-m", name]


def answers_http(host, port, path):
    """Whether anything at all answers."""
    # Not by http.client: the process that asks stays, and a fifth of it would be that.
    asked = f"GET {path} HTTP/1.0\r\nHost: localhost\r\n\r\n"
    try:
        with socket.create_connection((host, port), timeout=5) as connection:
            connection.sendall(asked.encode())
            return b"".join(iter(lambda: connection.recv(1 << 16), b"")) != b""
    except OSError:
        return False
