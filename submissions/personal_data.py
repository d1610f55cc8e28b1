"""Points out, before sending, what people rarely mean to publish.

Email addresses, UK telephone numbers and postcodes; and the respondent's own name where the
text is to be published without it. A hint, not a filter: nothing is changed or refused.
"""

import re
from dataclasses import dataclass
from functools import partial

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import places
from .models import Publication, publication_of

# Lengths are bounded, and a search begins only where a word does: a text of 200,000 letters
# without a space takes no longer than any other.
EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
# Ten or eleven digits after 0 or +44, with the spaces, dots, dashes and brackets of habit.
# What may not stand before is looked at last: so a search skips to where one may begin.
PHONE = re.compile(
    r"(?:\+(?<![\w+]\+)44|\((?<![\w+]\()0|0(?<![\w+]0))"
    r"(?:[\s().-]{0,3}\d){9,11}(?!\d)"
)
POSTCODE = re.compile(
    r"\b(?:GIR ?0AA|[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][ABD-HJLNP-UW-Z]{2})\b",
    re.IGNORECASE,
)
# Every postcode ends so, few words do, and this is found in a quarter of the time.
END_OF_POSTCODE = re.compile(r"[0-9][ABD-HJLNP-UW-Z]{2}\b", re.IGNORECASE)
DIGITS = "0123456789"
# "in 2 at", "b2 3rd": words and ordinals, not the end of a postcode, unless in capitals.
NOT_A_POSTCODE = re.compile(r".*\d(?:st|nd|rd|th)", re.DOTALL)

EMAIL_ADDRESS = gettext_lazy("an email address")
TELEPHONE_NUMBER = gettext_lazy("a telephone number")
A_POSTCODE = gettext_lazy("a postcode")
YOUR_NAME = gettext_lazy("your name")

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
        Found(*place(), kind, text)
        for place, said, whole in _texts(submission, read)
        for publication in [publication_of(submission, said)]
        if publication != Publication.NOT
        for kind, text in found_in(whole, _names(submission, publication))
    ]


def _texts(submission, read):
    """Yield (place, said, text) for everything that was written.

    `place` is called for where it stands and the address to change it at.
    """
    for section in read.sections:
        for asked in section.questions:
            if asked.answer:
                place = partial(_of_answer, submission, asked.question)
                yield place, asked.answer, asked.answer.text
    for principle in read.principles:
        place = partial(_of_comment, submission, principle.version.principle)
        if principle.comment:
            yield place, principle.comment, principle.comment.comment
        for sentence in principle.sentences:
            if said := sentence.said:
                place = partial(_of_sentence, submission, sentence.sentence)
                yield place, said, f"{said.comment}\n{said.suggestion}"
    if read.general:
        yield partial(_of_general, submission), read.general, read.general.comment
    for item in read.items:
        said = (item.title, item.details, item.place, item.service, item.period)
        yield partial(_of_item, submission, item), item, "\n".join(said)
    for attachment in read.files:
        yield partial(_of_file, submission, attachment), attachment, attachment.name


def _of_answer(submission, question):
    where = _("your answer to question %(code)s") % {"code": question.code}
    return where, places.url_of(submission, question, FROM_CHECK)


def _of_comment(submission, principle):
    return _about(principle), places.url_of(submission, principle, FROM_CHECK)


def _of_sentence(submission, sentence):
    url = places.url_of_sentence(submission, sentence, FROM_CHECK)
    return _about(sentence.version.principle), url


def _about(principle):
    return _("what you say about principle %(number)s") % {"number": principle.number}


def _of_general(submission):
    page = reverse("submissions:principles", args=[submission.key])
    where = _("what you say about the principles as a whole")
    return where, f"{page}{FROM_CHECK}#id_comment"


def _of_item(submission, item):
    where = _("your evidence “%(title)s”") % {"title": item}
    return where, places.url_of_item(submission, item.key, "check")


def _of_file(submission, attachment):
    where = _("the name of your file “%(name)s”") % {"name": attachment}
    page = reverse("submissions:items", args=[submission.key])
    return where, f"{page}#files"


def _names(submission, publication):
    if publication != Publication.WITHOUT_NAME:
        return []
    return [name for name in (submission.name, submission.organisation) if name]


def found_in(text, names, of_names=None):
    """Return (kind, text) for each different thing, in the order of their kinds.

    `of_names` says of what kind the names are, if not the reader's own.
    """
    found = [
        (EMAIL_ADDRESS, EMAIL.findall(text) if "@" in text else []),
        (TELEPHONE_NUMBER, PHONE.findall(text) if "0" in text or "+" in text else []),
        (A_POSTCODE, _postcodes(text)),
        *((of_names or YOUR_NAME, _whole_words(name).findall(text)) for name in names),
    ]
    return list(dict.fromkeys((str(kind), one) for kind, ones in found for one in ones))


def _postcodes(text):
    has_digits = any(map(text.__contains__, DIGITS))
    if not (has_digits and END_OF_POSTCODE.search(text)):
        return []
    return [one for one in POSTCODE.findall(text) if not NOT_A_POSTCODE.fullmatch(one)]


def _whole_words(name):
    return re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)
