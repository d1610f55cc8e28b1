"""The copy of a response that the public reads, as JSON and as texts to search."""

from dataclasses import asdict
from itertools import groupby

from submissions import wording
from submissions.models import Publication

from .rows import TEXT, TITLE, WORDING

# The two halves of a response that are published apart.
HALVES = [Publication.WITH_NAME, Publication.WITHOUT_NAME]


def contents_of(submission, rows, publication, redactions):
    """Return all that is published in one of the `HALVES`; {} when that is nothing.

    {"name": "Ada", "organisation": "…", "parts": [{"heading": "1.4 …", "rows": […]}]}
    """
    told = [row for row in rows if row.publication == publication]
    parts = [
        asdict(part) | {"rows": [_as_data(row, redactions) for row in of_part]}
        for part, of_part in groupby(told, key=lambda row: row.part)
    ]
    return _who(submission, publication) | {"parts": parts} if parts else {}


def _who(submission, publication):
    """Say who wrote it. What somebody keeps apart from a name goes without the type too:

    with few respondents of a type, that would be half the way back to the name.
    """
    whole = Publication(submission.publication)
    about = {
        "name": "",
        "organisation": "",
        "respondent_type": submission.respondent_type if publication == whole else "",
    }
    if publication == Publication.WITH_NAME:
        about |= {"name": submission.name, "organisation": submission.organisation}
    return about


def _as_data(row, redactions):
    text = redactions.public(row.place, row.text) if row.place else row.text
    data = {"kind": row.kind, "label": row.label, "quote": row.quote, "text": text}
    if row.kind == WORDING:
        pieces = wording.difference(row.quote, text)
        data["difference"] = [asdict(piece) for piece in pieces]
    return data


def texts_in(contents):
    """Yield (about, label, quote, text) for what can be searched for."""
    for part in contents["parts"]:
        for row in part["rows"]:
            if row["kind"] in (TEXT, TITLE, WORDING):
                yield part["about"], row["label"], row["quote"], row["text"]
