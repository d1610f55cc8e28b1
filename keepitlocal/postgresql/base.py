"""Django's PostgreSQL, but for how it finds out that a kept connection still works."""

from django.db.backends.postgresql import base

from keepitlocal import patience


class DatabaseWrapper(base.DatabaseWrapper):
    def is_usable(self):
        """Ask the server only if it has been silent: asking costs each request a round trip."""
        kept = self.connection
        if kept is not None and patience.has_just_answered(kept):
            return True
        return super().is_usable()
