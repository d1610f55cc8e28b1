"""What a moderator decides about before approval: it looks like personal data."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from submissions.models import Publication
from submissions.personal_data import found_in


@dataclass(frozen=True)
class Finding:
    place: str
    # Where it stands, in words.
    where: str
    kind: str
    text: str


def findings(submission, rows, redactions):
    """Return a `Finding` for each thing that would be published and is not yet decided.

    `rows` are those with a text of their own, files too.
    """
    names = _Names(submission)
    left = set(submission.left_as_it_is.values_list("place", "text"))
    return [
        Finding(row.place, where(row), kind, text)
        for row in rows
        if row.place and row.publication != Publication.NOT
        for kind, text in found_in(
            _what_remains(row, redactions),
            names.not_for(row.publication),
            _("a name that is not published"),
        )
        if (row.place, text) not in left
    ]


def where(row):
    """Say where a row stands, as in "1.4" or "2. Local first, On sentence 3"."""
    if not hasattr(row, "part"):
        return _("A file's name")
    about = row.part.heading.split(" ")[0] if row.part.heading else row.part.group
    return ", ".join(filter(None, [about, row.label]))


def _what_remains(row, redactions):
    """Return the text without what is redacted, so that nothing is found across it."""
    pieces = redactions.pieces(row.place, row.text)
    return "\n".join(piece.text for piece in pieces if not piece.redaction)


class _Names:
    """The names around a response of which some are not to be published."""

    def __init__(self, submission):
        self._own = [submission.name, submission.organisation]
        helpers = submission.invitations.values_list("name", flat=True)
        own = {name.casefold() for name in self._own}
        self._never = [
            name
            for name in {submission.signed_off_by, *helpers}
            if name.casefold() not in own
        ]

    def not_for(self, publication):
        own = [] if publication == Publication.WITH_NAME else self._own
        return [name for name in (*own, *self._never) if name.strip()]
