"""The portal and its peers, on one PostgreSQL and one broker, growing together."""

import threading
from contextlib import contextmanager

from benchmarks.portals import portal
from benchmarks.processes import postmaster
from keepitlocal.local import valkey
from keepitlocal.local.guardian import Guardian
from keepitlocal.local.programs import running
from tests.portals import say_nothing

from . import environment
from .asking import beside
from .pretalx_portal import Pretalx

PRETALX, IMPORT_EXPORT = "pretalx", "django-import-export"
COUNT = "SELECT count(*) FROM submissions_submission WHERE submitted_at IS NOT NULL"
A_NAME = """
    SELECT split_part(organisation, ' ', 1) FROM submissions_submission
    WHERE organisation <> '' ORDER BY id LIMIT 1
"""


class Sites:
    """Starts processes of ours and of the peers, and gives all of them the same data."""

    def __init__(self, made, redis_url):
        self.portal = made
        self._ours = made.environment | {"REDIS_URL": redis_url}
        made.did("collectstatic", "--no-input")
        self._pretalx = Pretalx(made, redis_url)
        # By name: what starts a process that answers.
        self.peers = {PRETALX: self.pretalx, IMPORT_EXPORT: self.import_export}
        self.postgres = postmaster(made.data_dir)

    def grow(self, size, *, alone=False):
        """Have so many submissions, and pretalx the same; `alone`: for an export only."""
        with self.ours() as ours:
            ours.ask("grow", size=size, searchable=not alone)
        if not alone:
            self._pretalx.copy()

    def count(self):
        [(count,)] = self.portal.rows(COUNT)
        return count

    def a_name(self):
        """Return a word of the name of an organisation."""
        [(word,)] = self.portal.rows(A_NAME)
        return word

    def ours(self):
        return beside("ours", self._ours, self.portal.data_dir / "ours.log")

    def pretalx(self):
        return self._pretalx.process()

    def import_export(self):
        added = {"PEERS": environment.site_packages()}
        log = self.portal.data_dir / "import_export.log"
        return beside("import_export", self._ours | added, log)


@contextmanager
def sites():
    """Give `Sites` on servers of their own, until the block is left."""
    environment.ensure()
    with portal() as made:
        broker = valkey.made_ready(made.data_dir, is_throw_away=True)
        guardian = Guardian()
        try:
            with running(broker.program(), guardian, say_nothing, threading.Event()):
                yield Sites(made, broker.url)
        finally:
            guardian.dismiss()
