"""Sessions in the database, as Django keeps them, but for their keys.

A cookie holds the key, a row its hash: whoever reads the table or a backup of it cannot
take up anybody's session.
"""

import datetime as dt
import hashlib

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from submissions.compiled import compiled

NEAR_ENOUGH = dt.timedelta(days=1)


def hash_of(key):
    """Return as much of the SHA-256 of a key as Django's column holds: 160 bits."""
    return hashlib.sha256(key.encode()).hexdigest()[:40]


@compiled
def _standing(key, moment):
    return Session.objects.filter(session_key=key, expire_date__gt=moment)


class SessionStore(db.SessionStore):
    # When the one that was read runs out.
    runs_out_at = None

    def _get_session_from_db(self):
        [kept] = _standing(hash_of(self.session_key), timezone.now()) or [None]
        if kept is None:
            self._session_key = None
            return None
        self.runs_out_at = kept.expire_date
        return kept

    def renew(self):
        """Have it run out as late as one that begins now; up to a day sooner is near enough.

        Else each text that is saved would cost a second transaction.
        """
        if self.runs_out_at and self.get_expiry_date() - self.runs_out_at > NEAR_ENOUGH:
            self.modified = True

    def exists(self, session_key):
        return super().exists(hash_of(session_key))

    def create_model_instance(self, data):
        row = super().create_model_instance(data)
        row.session_key = hash_of(row.session_key)
        return row

    def delete(self, session_key=None):
        if key := session_key or self.session_key:
            super().delete(hash_of(key))

    def save(self, must_create=False):
        """Save, and let trouble of the database be trouble of the database.

        Django takes it for a session that was deleted in the meantime, and would tell
        whoever has just sent a text that their request was bad.
        """
        try:
            super().save(must_create)
        except UpdateError as error:
            if isinstance(error.__context__, OperationalError | InterfaceError):
                raise error.__context__ from None
            raise
