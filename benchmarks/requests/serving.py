"""gunicorn as deploy/gunicorn.conf.py has it, and browsers that cost next to nothing."""

import os
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

from keepitlocal.local.programs import free_port
from tests.portals import ROOT

# A person waits no longer.
PATIENCE = 60


@dataclass(frozen=True)
class Server:
    port: int
    pid: int


@contextmanager
def gunicorn(application, **environment):
    """Serve an application with sync workers until the block is left."""
    port = free_port()
    told = {"BIND": f"127.0.0.1:{port}", "SITE_URL": f"http://localhost:{port}"}
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py"]
        + ["--log-level", "warning", application],
        cwd=ROOT,
        env=os.environ | told | environment,
        start_new_session=True,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_until_it_listens(port, process)
        yield Server(port, process.pid)
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _wait_until_it_listens(port, process):
    ends_at = time.monotonic() + PATIENCE
    while time.monotonic() < ends_at and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("gunicorn does not answer")


@dataclass(frozen=True)
class Ask:
    """One request as its bytes, and the status that it is to be answered with."""

    content: bytes
    status: int

    @classmethod
    def page(cls, port, path, cookies=""):
        return cls(_bytes("GET", port, path, cookies), 200)

    @classmethod
    def form(cls, port, path, cookies, body):
        return cls(_bytes("POST", port, path, cookies, body), 302)


def _bytes(method, port, path, cookies, body=""):
    lines = [
        f"{method} {path} HTTP/1.1",
        f"Host: localhost:{port}",
        f"Cookie: {cookies}",
        "Connection: close",
    ]
    if method == "POST":
        lines += [
            "Content-Type: application/x-www-form-urlencoded",
            f"Content-Length: {len(body)}",
        ]
    return "\r\n".join([*lines, "", body]).encode()


def answer(port, ask):
    """Return the whole answer to a request; like nginx, on a connection of its own."""
    with socket.create_connection(("127.0.0.1", port), PATIENCE) as connection:
        connection.sendall(ask.content)
        found = b"".join(iter(lambda: connection.recv(1 << 16), b""))
    if not found.startswith(f"HTTP/1.1 {ask.status} ".encode()):
        raise RuntimeError(f"Not {ask.status}: {found[:300]}")
    return found


def crowd(port, asks):
    """Have each of several browsers ask for its own, side by side; return what each took.

    `asks` holds a list of `Ask` for each.
    """
    with ThreadPoolExecutor(len(asks)) as browsers:
        found = browsers.map(lambda own: [_seconds(port, one) for one in own], asks)
        return [second for seconds in found for second in seconds]


def _seconds(port, ask):
    began_at = time.perf_counter()
    answer(port, ask)
    return time.perf_counter() - began_at
