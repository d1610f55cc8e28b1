"""Portals to measure: databases as in production, and this process as one of the portal."""

import os
from contextlib import contextmanager

import django

from tests.portals import ROOT, empty_portal

CALL_FILE = ROOT / "calls/keep-it-local-2018.toml"


@contextmanager
def portal():
    """A portal with the call's rehearsal and no submission, which this process is part of.

    Gives a `tests.portals.Portal`. After this, models can be imported: not before. Its
    PostgreSQL writes to disk as in production.
    """
    with empty_portal(is_throw_away=False) as made:
        os.environ |= made.environment
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "keepitlocal.settings")
        os.environ.setdefault(
            "SECRET_KEY", "only-to-measure-and-long-enough-for-checks"
        )
        os.environ.setdefault("LOG_LEVEL", "ERROR")
        made.did("migrate")
        made.did("load_call", CALL_FILE, "--rehearsal")
        django.setup()
        yield made
