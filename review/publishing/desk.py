"""A response on a moderator's desk: what is in it, what of it is published, what is open."""

from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from submissions import reading
from submissions.models import Publication

from . import checks, rows, snapshot
from .redacting import Redactions


class Desk:
    def __init__(self, submission):
        self.submission = submission

    @cached_property
    def _read(self):
        return reading.whole(self.submission)

    @cached_property
    def rows(self):
        return rows.rows_of(self.submission, self._read)

    @cached_property
    def files(self):
        return rows.files_of(self.submission, self._read)

    @cached_property
    def redactions(self):
        return Redactions(self._standing)

    @cached_property
    def _standing(self):
        standing = self.submission.redactions.standing()
        return list(standing.select_related("made_by", "submission"))

    @cached_property
    def texts(self):
        """Every text that words can be taken out of, by its place."""
        return {row.place: row.text for row in (*self.rows, *self.files) if row.place}

    @cached_property
    def findings(self):
        files = [file for file in self.files if self.is_public(file)]
        return checks.findings(self.submission, [*self.rows, *files], self.redactions)

    @cached_property
    def lost(self):
        return self.redactions.lost_from(self.texts)

    @property
    def obstacles(self):
        """What stands in the way of approval, in sentences for a person."""
        found = []
        if not self.has_something:
            found.append(_("Nothing in it may be published"))
        if count := len(self.findings):
            words = ngettext(
                "%(count)s thing that looks like personal data is still to be decided",
                "%(count)s things that look like personal data are still to be decided",
                count,
            )
            found.append(words % {"count": count})
        if self.lost:
            found.append(
                _("Words that you redacted are gone from the text: undo that redaction")
            )
        return found

    @property
    def has_something(self):
        return any(row.publication in snapshot.HALVES for row in self.rows)

    def is_public(self, file):
        return file.can_be_published and not self.redactions.takes_out(file.place)

    def public_files(self, half):
        """Return the files that go with one half."""
        return [
            file
            for file in self.files
            if half == Publication.WITH_NAME and self.is_public(file)
        ]

    def contents(self, half):
        """Return what the public reads of one half; {} for nothing."""
        return snapshot.contents_of(self.submission, self.rows, half, self.redactions)
