"""The portal's programs as docs/operations.md runs them, for parts of a throw-away portal."""

import os
import sys
from dataclasses import dataclass, replace
from pathlib import Path

from chaos import nginx as site
from keepitlocal.local import portal
from keepitlocal.local.config import BASE_DIR
from keepitlocal.local.programs import Program, answers_at_once


@dataclass(frozen=True)
class Place:
    """Where a portal runs: its folder and ports; without nginx both ports are one."""

    folder: Path
    port: int
    web_port: int

    @property
    def url(self):
        return f"http://localhost:{self.port}"


def nginx_user():
    return "user root;\n" if os.geteuid() == 0 else ""


def nginx(place):
    """As deploy/nginx.conf says, without TLS."""
    folder = place.folder / "nginx"
    folder.mkdir(exist_ok=True)
    user = nginx_user()
    (folder / "site.conf").write_text(site.site(folder, place.port, place.web_port))
    configuration = folder / "nginx.conf"
    configuration.write_text(site.AROUND.format(user=user, folder=folder))
    return Program(
        name="nginx",
        command=[site.find(), "-p", str(folder), "-c", str(configuration)],
        answers=lambda process: portal.answers_http("127.0.0.1", place.port, "/"),
    )


def web(place, address="127.0.0.1"):
    """Sync workers behind nginx; without it threads, as `make run` has them."""
    is_alone = place.port == place.web_port
    workers = ["--workers=2", "--threads=4"] if is_alone else ["--workers=3"]
    return python(
        "web",
        "gunicorn",
        "keepitlocal.wsgi",
        f"--bind={address}:{place.web_port}",
        *workers,
        "--timeout=120",
        "--graceful-timeout=8",
        "--limit-request-line=0",
        "--no-control-socket",
        "--log-level=warning",
        answers=lambda process: portal.answers_http(
            address, place.web_port, "/healthz/"
        ),
    )


def worker():
    return python("worker", *celery("worker", "--concurrency=2"))


def beat(name="beat"):
    return python(name, *celery("beat", "--pidfile="))


def outbox():
    # It says nothing when only warnings are logged.
    return replace(portal.outbox(), answers=answers_at_once)


def celery(*arguments):
    return ["celery", "--quiet", "--app=keepitlocal.celery", *arguments]


def python(name, *command, **options):
    return Program(
        name=name,
        command=[sys.executable, "-m", *command],
        folder=BASE_DIR,
        environment={
            "PYTHONUNBUFFERED": "1",
            # Celery's advice to root, eight lines of it.
            "PYTHONWARNINGS": "ignore:You're running the worker",
        },
        **options,
    )
