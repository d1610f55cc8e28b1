"""The web server in production: `gunicorn --config deploy/gunicorn.conf.py keepitlocal.wsgi`."""

import os
import shutil
import tempfile
from pathlib import Path

from keepitlocal.watching import logs

# Not asked for when systemd hands over its socket.
bind = os.environ.get("BIND", "127.0.0.1:8000")
# One process a request: threads make rendering slower.
# As many as can run: more push each other's templates out of the processor's caches
# (docs/performance.md). But never one alone, behind whose slow page all would wait.
workers = int(os.environ.get("WEB_WORKERS", max(len(os.sched_getaffinity(0)), 2)))
# Longer than any page may take; `manage.py export_submissions` has no such bound.
timeout = 120
# An address that is too long gets a page of ours.
limit_request_line = 0
# The proxy does not say by a header at which path the portal lives, so nobody may.
forwarder_headers = ""
control_socket_disable = True

# The portal writes a line for each request, without its address: addresses carry tokens.
logconfig_dict = logs.configuration(
    os.environ.get("LOG_FORMAT", "plain"),
    os.environ.get("LOG_LEVEL", "INFO"),
    os.environ.get("RELEASE") or logs.release_of(Path(__file__).resolve().parents[1]),
)
logconfig_dict["loggers"] |= {
    "gunicorn.error": {"handlers": [], "level": "INFO", "propagate": True},
    "gunicorn.access": {"handlers": [], "level": "CRITICAL", "propagate": False},
}

# The workers count requests in files below here. A reload reads this again and begins a new
# folder, so that the files of processes that have gone do not pile up.
FIGURES = os.environ.get("OUR_FIGURES") or tempfile.mkdtemp(prefix="keepitlocal-")
os.environ["OUR_FIGURES"] = FIGURES
os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(dir=FIGURES)


def on_exit(server):
    shutil.rmtree(FIGURES, ignore_errors=True)
