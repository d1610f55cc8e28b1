"""The portal as docs/operations.md sets it up."""

import re
import runpy
from pathlib import Path

import pytest

from outbox.delivery import deliver_due
from submissions import services
from submissions.services import keep_details

LINK = re.compile(r"/resume/([^/\s]+)/")
ROOT = Path(__file__).parents[2]
# What production differs in, but for databases and folders: those of the test stay.
SAFETY = re.compile(
    "ALLOWED_HOSTS|DEBUG|PROXIES|SECURE_.*|SITE_.*|SESSION_.*|CSRF_.*|SECRET_KEY|X_FRAME.*"
)


def documented_environment():
    """Return the settings of docs/operations.md, with a real SECRET_KEY."""
    page = (ROOT / "docs" / "operations.md").read_text()
    block = page.split("`/etc/keepitlocal.env`, readable")[1].split("Load it")[0]
    lines = re.findall(r"^    ([A-Z_]+)=(.*)$", block, re.MULTILINE)
    key = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTU"
    return {name: value.strip('"') for name, value in lines} | {"SECRET_KEY": key}


@pytest.fixture
def production(settings, monkeypatch):
    """Every setting of safety as it is in production."""
    ours = documented_environment()
    for name in ("SECRET_KEY", "SITE_URL", "FROM_EMAIL"):
        monkeypatch.setenv(name, ours[name])
    made = runpy.run_path(str(ROOT / "keepitlocal" / "settings.py"))
    for name, value in made.items():
        if SAFETY.fullmatch(name):
            setattr(settings, name, value)
    return settings


@pytest.fixture
def mailed(draft, smtp_sink):
    """The token of a link that was mailed to the draft's owner."""
    keep_details(draft, {"name": "Ada", "email": "ada@riverside.example"})
    services.request_link("ada@riverside.example")
    deliver_due()
    text = smtp_sink.journal[0].get_body(["plain"]).get_content()
    [token] = LINK.findall(text)
    return token
