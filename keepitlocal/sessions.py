"""Sessions in the database, as Django keeps them."""

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.db import InterfaceError, OperationalError


class SessionStore(db.SessionStore):
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
