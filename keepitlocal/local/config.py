"""What `make run` is told: by the environment, then by .env, as settings.py is."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

import environ

from .errors import CannotStart

BASE_DIR = Path(__file__).resolve().parent.parent.parent

# Stands in local.env: the names of those variables there that nobody but us gave a value.
OURS = "KEEP_IT_LOCAL_OURS"

LOCAL_ENV = "local.env"

# What a command in another terminal has to know.
SHARED = ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "SECRET_KEY", "SITE_URL")


@dataclass(frozen=True)
class Config:
    data_dir: Path
    bind: str
    port: int
    inbox_port: int
    given: dict[str, str]

    @property
    def local_env(self):
        """What settings.py reads to find our servers, while they run."""
        return self.data_dir / LOCAL_ENV

    @property
    def site_url(self):
        return self.given.get("SITE_URL", f"http://localhost:{self.port}").rstrip("/")

    @property
    def inbox_url(self):
        return f"http://localhost:{self.inbox_port}/"

    @property
    def listens_on(self):
        """Which variable says so, the address and the port."""
        yield "PORT", self.bind, self.port
        if "EMAIL_URL" not in self.given:
            yield "INBOX_PORT", "127.0.0.1", self.inbox_port

    @property
    def loopback(self):
        """Where this machine itself reaches the site."""
        return "127.0.0.1" if self.bind in ("0.0.0.0", "::") else self.bind  # noqa: S104


def read_config():
    environ.Env.read_env(BASE_DIR / ".env")
    data_dir = BASE_DIR / (os.environ.get("DATA_DIR") or "var")
    data_dir.mkdir(parents=True, exist_ok=True)
    data_dir = data_dir.resolve()
    forget_local_env(data_dir / LOCAL_ENV)
    port = read_port("PORT", 8000)
    return Config(
        data_dir=data_dir,
        bind=os.environ.get("BIND") or "127.0.0.1",
        port=port,
        inbox_port=read_port("INBOX_PORT", port + 25),
        given={name: os.environ[name] for name in SHARED if os.environ.get(name)},
    )


def read_port(name, default):
    value = os.environ.get(name) or default
    try:
        port = int(value)
    except ValueError:
        port = 0
    if not 0 < port < 65536:
        raise CannotStart(f"{name}={value} is not a port: give a number below 65536.")
    return port


def kept_secret(file: Path):
    """The secret in this file, made when there is none."""
    if not file.exists():
        write_private(file, secrets.token_urlsafe(48))
    return file.read_text().strip()


def write_private(file: Path, text: str):
    """Write a file, whole or not at all, that only its owner can read."""
    unfinished = file.with_name(f"{file.name}.new")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "w") as opened:
        opened.write(text)
        opened.flush()
        os.fsync(opened.fileno())
    unfinished.replace(file)


def write_local_env(file: Path, given: dict[str, str], ours: dict[str, str]):
    """Tell commands in other terminals where the servers are."""
    variables = given | ours | {OURS: " ".join(ours)}
    write_private(
        file, "".join(f"{name}='{value}'\n" for name, value in variables.items())
    )


def forget_local_env(file: Path):
    """Take back what settings.py read from the local.env of a run that was killed."""
    kept = values_in(file)
    for name in kept.get(OURS, "").split():
        if os.environ.get(name) == kept[name]:
            del os.environ[name]


def values_in(file: Path):
    class Kept(environ.Env):
        ENVIRON = {}

    Kept.read_env(file)
    return Kept.ENVIRON
