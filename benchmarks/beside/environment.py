"""The peers' packages and files, in var/bench: none of them is ever installed with ours."""

import os
import subprocess
import sys

from benchmarks.comparing import RESULTS
from tests.portals import ROOT

REQUIREMENTS = ROOT / "requirements-peers.txt"
FOLDER = RESULTS / "peers"
PYTHON = FOLDER / "bin/python"
# Written last, so that an installation that was interrupted is done again.
STAMP = FOLDER / "installed.txt"
# As pretalx's documents have it; no other file of settings on this machine counts.
PRETALX = {
    "DJANGO_SETTINGS_MODULE": "pretalx.settings",
    "PRETALX_CONFIG_FILE": os.devnull,
    "PRETALX_DATA_DIR": str(FOLDER / "data"),
    "PRETALX_FILESYSTEM_STATIC": str(FOLDER / "static"),
    "PRETALX_SITE_URL": "http://localhost",
    "PRETALX_NO_INITIAL_LOG": "yes",
}


def ensure():
    """Install the peers as they are pinned, unless they are there."""
    pinned = REQUIREMENTS.read_text()
    if STAMP.exists() and STAMP.read_text() == pinned:
        return
    print(f"Installing the peers into {FOLDER}", flush=True)
    run([sys.executable, "-m", "venv", "--clear", FOLDER])
    pip = [PYTHON, "-m", "pip", "install", "--disable-pip-version-check"]
    run([*pip, "--require-hashes", "-r", REQUIREMENTS])
    run([PYTHON, "-m", "pretalx", "collectstatic", "--no-input"], PRETALX)
    STAMP.write_text(pinned)


def site_packages():
    """Return where the packages lie, for a process of ours that takes one of them."""
    program = "import sysconfig; print(sysconfig.get_path('purelib'))"
    return run([PYTHON, "-c", program]).strip()


def versions(*names):
    """Return as in "pretalx 2025.2.2", for each."""
    program = (
        "import sys, importlib.metadata as m; print(*map(m.version, sys.argv[1:]))"
    )
    found = run([PYTHON, "-c", program, *names]).split()
    return [f"{name} {version}" for name, version in zip(names, found, strict=True)]


def run(command, environment=None):
    """Run a program to its end and return what it says; show all of it if it fails."""
    done = subprocess.run(
        command, env=os.environ | (environment or {}), capture_output=True, text=True
    )
    if done.returncode:
        sys.exit(f"{done.stdout}{done.stderr}{command} ended with {done.returncode}")
    return done.stdout
