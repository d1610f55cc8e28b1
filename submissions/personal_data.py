"""Points out, before sending, what people rarely mean to publish.

Email addresses, UK telephone numbers and postcodes; and the respondent's own name where the
text is to be published without it. A hint, not a filter: nothing is changed or refused.
"""

import re
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from . import places
from .models import Publication, publication_of

# Lengths are bounded, and a search begins only where a word does: a text of 200,000 letters
# without a space takes no longer than any other.
EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
# Ten or eleven digits after 0 or +44, with the spaces, dots, dashes and brackets of habit.
PHONE = re.compile(r"(?<![\w+])(?:\+44|\(?0)(?:[\s().-]{0,3}\d){9,11}(?!\d)")
POSTCODE = re.compile(
    r"\b(?:GIR ?0AA|[A-Z]{1,2}\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2})\b", re.IGNORECASE
)
# "in 2 at", "b2 3rd": words and ordinals, not the end of a postcode, unless in capitals.
NOT_A_POSTCODE = re.compile(r".*\d(?:st|nd|rd|th)", re.DOTALL)

FROM_CHECK = "?from=check"


@dataclass(frozen=True)
class Found:
    """One thing found: in which text, of what kind, and how it reads there."""

    where: str
    url: str
    kind: str
    text: str


def in_what_will_be_published(submission, read):
    """Return a `Found` for each thing, each once in a text of a `ReadSubmission`."""
    return [
        Found(where, url, kind, text)
        for where, url, said, whole in _texts(submission, read)
        for publication in [publication_of(submission, said)]
        if publication != Publication.NOT
        for kind, text in found_in(whole, _names(submission, publication))
    ]


def _texts(submission, read):
    """Yield (where, url, said, text) for everything that was written."""
    for section in read.sections:
        for asked in section.questions:
            if asked.answer:
                code = asked.question.code
                where = _("your answer to question %(code)s") % {"code": code}
                url = places.url_of(submission, asked.question, FROM_CHECK)
                yield where, url, asked.answer, asked.answer.text
    for principle in read.principles:
        number = principle.version.principle.number
        where = _("what you say about principle %(number)s") % {"number": number}
        url = places.url_of(submission, principle.version.principle, FROM_CHECK)
        if principle.comment:
            yield where, url, principle.comment, principle.comment.comment
        for sentence in principle.sentences:
            if said := sentence.said:
                page = places.url_of_sentence(submission, sentence.sentence, FROM_CHECK)
                yield where, page, said, f"{said.comment}\n{said.suggestion}"
    if read.general:
        where = _("what you say about the principles as a whole")
        page = reverse("submissions:principles", args=[submission.key])
        url = f"{page}{FROM_CHECK}#id_comment"
        yield where, url, read.general, read.general.comment
    for item in read.items:
        where = _("your evidence “%(title)s”") % {"title": item}
        said = (item.title, item.details, item.place, item.service, item.period)
        yield (
            where,
            places.url_of_item(submission, item.key, "check"),
            item,
            "\n".join(said),
        )
    for attachment in read.files:
        where = _("the name of your file “%(name)s”") % {"name": attachment}
        page = reverse("submissions:items", args=[submission.key])
        yield where, f"{page}#files", attachment, attachment.name


def _names(submission, publication):
    if publication != Publication.WITHOUT_NAME:
        return []
    return [name for name in (submission.name, submission.organisation) if name]


def found_in(text, names, of_names=None):
    """Return (kind, text) for each different thing, in the order of their kinds.

    `of_names` says of what kind the names are, if not the reader's own.
    """
    patterns = [
        (_("an email address"), EMAIL),
        (_("a telephone number"), PHONE),
        (_("a postcode"), POSTCODE),
        *((of_names or _("your name"), _whole_words(name)) for name in names),
    ]
    found = [
        (kind, match.group())
        for kind, pattern in patterns
        for match in pattern.finditer(text)
        if not (pattern is POSTCODE and NOT_A_POSTCODE.fullmatch(match.group()))
    ]
    return list(dict.fromkeys(found))


def _whole_words(name):
    return re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)
