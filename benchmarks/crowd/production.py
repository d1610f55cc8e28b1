"""A portal as production has it, of its own: by the files of deploy/, with TLS at nginx."""

import os
import subprocess
from dataclasses import replace

from chaos import nginx, programs
from chaos.parts import Parts
from keepitlocal.local import portal

ROOT = nginx.SITE.parents[1]


class Production(Parts):
    """Use it as a context manager; `place.url` is its address."""

    def _environment(self):
        return super()._environment() | {
            "SITE_URL": f"https://localhost:{self.place.port}",
            # People come from many networks: whoever makes the load is one proxy more,
            # that says from which.
            "PROXIES": "2",
            "LOG_LEVEL": "INFO",
            "LOG_FORMAT": "json",
        }

    def _portal(self):
        return {
            "web": web(self.place),
            "worker": worker(),
            "beat": programs.beat(),
            "outbox": programs.outbox(),
            "nginx": nginx_with_tls(self.place),
        }

    def pids(self):
        return {name: self.pid(name) for name in self._programs}


def web(place):
    """By deploy/gunicorn.conf.py."""
    program = programs.python(
        "web",
        "gunicorn",
        "--config=deploy/gunicorn.conf.py",
        "keepitlocal.wsgi",
        answers=lambda process: portal.answers_http(
            "127.0.0.1", place.web_port, "/healthz/"
        ),
    )
    bind = {"BIND": f"127.0.0.1:{place.web_port}"}
    return replace(program, environment={**program.environment, **bind})


def worker():
    """With the niceness of its unit in deploy/systemd."""
    program = programs.worker()
    return replace(program, command=["nice", "-n", "5", *program.command])


def nginx_with_tls(place):
    """By deploy/nginx.conf, at other ports and with a certificate of its own."""
    folder = place.folder / "nginx"
    folder.mkdir()
    make_certificate(folder)
    (folder / "site.conf").write_text(site(folder, place))
    configuration = folder / "nginx.conf"
    user = programs.nginx_user()
    configuration.write_text(nginx.AROUND.format(user=user, folder=folder))
    return programs.Program(
        name="nginx",
        command=[nginx.find(), "-p", str(folder), "-c", str(configuration)],
        answers=lambda process: portal.answers_http("127.0.0.1", place.port, "/"),
    )


def site(folder, place):
    text = nginx.SITE.read_text()
    for was, now in {
        "/etc/letsencrypt/live/evidence.example.org": str(folder),
        "/var/log/nginx": str(folder),
        "listen 443": f"listen 127.0.0.1:{place.port}",
        "listen 80": f"listen 127.0.0.1:{programs.site.free_port()}",
        "127.0.0.1:8000": f"127.0.0.1:{place.web_port}",
        # As docs/operations.md says for a second proxy in front.
        "X-Forwarded-For $remote_addr": "X-Forwarded-For $proxy_add_x_forwarded_for",
    }.items():
        assert was in text, was
        text = text.replace(was, now)
    return text


def make_certificate(folder):
    """Have openssl make one of the kind that certbot asks for."""
    subprocess.run(
        [
            *["openssl", "req", "-x509", "-nodes", "-subj", "/CN=localhost"],
            *["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"],
            *["-keyout", folder / "privkey.pem", "-out", folder / "fullchain.pem"],
        ],
        check=True,
        capture_output=True,
        env=os.environ,
    )
