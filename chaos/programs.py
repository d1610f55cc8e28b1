"""The portal's programs as docs/operations.md runs them, for parts of a throw-away portal."""

import os
import shutil
import sys
from dataclasses import dataclass, replace
from pathlib import Path

from keepitlocal.local import portal
from keepitlocal.local.config import BASE_DIR
from keepitlocal.local.programs import Program, answers_at_once

NGINX = """\
{user}daemon off;
pid {folder}/nginx.pid;
error_log stderr error;
worker_processes 1;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/bodies;
    proxy_temp_path {folder}/answers;
    fastcgi_temp_path {folder}/unused-1;
    uwsgi_temp_path {folder}/unused-2;
    scgi_temp_path {folder}/unused-3;
    server {{
        listen 127.0.0.1:{port};
        client_max_body_size 110m;
        location / {{
            proxy_pass http://127.0.0.1:{web_port};
            proxy_set_header Host $http_host;
            proxy_set_header X-Forwarded-For $remote_addr;
            proxy_read_timeout 120s;
        }}
        error_page 502 503 504 /restarting.html;
        location = /restarting.html {{
            internal;
            default_type text/html;
            return 503 "<!doctype html><title>Back in a moment</title><h1>Back in a moment</h1><p>Go back in your browser: what you typed is still there. Then try again.</p>";
        }}
    }}
}}
"""


@dataclass(frozen=True)
class Place:
    """Where a portal runs: its folder and ports; without nginx both ports are one."""

    folder: Path
    port: int
    web_port: int

    @property
    def url(self):
        return f"http://localhost:{self.port}"


def find_nginx():
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


def nginx_user():
    return "user root;\n" if os.geteuid() == 0 else ""


def nginx(place):
    folder = place.folder / "nginx"
    folder.mkdir(exist_ok=True)
    configuration = folder / "nginx.conf"
    configuration.write_text(
        NGINX.format(
            user=nginx_user(), folder=folder, port=place.port, web_port=place.web_port
        )
    )
    return Program(
        name="nginx",
        command=[find_nginx(), "-p", str(folder), "-c", str(configuration)],
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


def beat(place, name="beat"):
    schedule = place.folder / f"{name}-schedule"
    return python(name, *celery("beat", "--pidfile=", f"--schedule={schedule}"))


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
