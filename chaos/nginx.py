"""nginx before a web server, as deploy/nginx.conf says: `python -m chaos.nginx --install`."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

from keepitlocal.local.programs import free_port

SITE = Path(__file__).parents[1] / "deploy" / "nginx.conf"
MISSING = (
    "No nginx was found or could be installed, so what is behind it is not tested."
)
# What Debian's nginx.conf says around the sites, with the files in a folder of ours.
AROUND = """\
{user}daemon off;
pid {folder}/nginx.pid;
error_log stderr error;
worker_processes auto;
events {{ worker_connections 768; }}
http {{
    include /etc/nginx/mime.types;
    default_type application/octet-stream;
    gzip on;
    client_body_temp_path {folder}/bodies;
    proxy_temp_path {folder}/answers;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""


def find():
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


def install():
    """Try Debian's package when we may."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends"]
        for command in (["apt-get", "update", "-qq"], [*install, "nginx-light"]):
            subprocess.run(command, env=environment, check=False, capture_output=True)


def site(folder, port, web_port):
    """Return our site file, without TLS, at other ports and with its log in a folder."""
    text = SITE.read_text()
    text = re.sub(r" *ssl_certificate.*\n", "", text)
    for was, now in {
        "listen 443 ssl http2": f"listen 127.0.0.1:{port}",
        "X-Forwarded-Proto https": "X-Forwarded-Proto $scheme",
        "listen 80": f"listen 127.0.0.1:{free_port()}",
        "127.0.0.1:8000": f"127.0.0.1:{web_port}",
        "/var/log/nginx": str(folder),
    }.items():
        assert was in text, was
        text = text.replace(was, now)
    return text


@contextmanager
def before(web_port, folder):
    """Run nginx before the web server at this port; gives its own port."""
    port = free_port()
    user = "user root;\n" if os.geteuid() == 0 else ""
    (folder / "site.conf").write_text(site(folder, port, web_port))
    configuration = folder / "nginx.conf"
    configuration.write_text(AROUND.format(user=user, folder=folder))
    process = subprocess.Popen([find(), "-p", folder, "-c", configuration])
    try:
        wait_for(folder / "nginx.pid", process)
        yield port
    finally:
        process.terminate()
        process.wait(10)


def wait_for(pid_file, process):
    """Wait until it has bound its ports: then it writes this file."""
    deadline = time.monotonic() + 10
    while not (pid_file.exists() and pid_file.read_text()):
        assert process.poll() is None, "nginx ended while it was starting"
        assert time.monotonic() < deadline
        time.sleep(0.02)


def ask(port, path):
    """Return the whole answer to a GET, head and all, as text."""
    with socket.create_connection(("127.0.0.1", port), 10) as connection:
        connection.sendall(f"GET {path} HTTP/1.0\r\nHost: localhost\r\n\r\n".encode())
        return b"".join(iter(lambda: connection.recv(65536), b"")).decode()


if __name__ == "__main__":
    if "--install" in sys.argv and not find():
        install()
    if not find() and os.environ.get("CI") == "true":
        sys.exit("No nginx was found or could be installed, and CI=true asks for it.")
    print(find() or MISSING)
