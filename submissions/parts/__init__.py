"""The parts of the journey as forms, which several people may write on at once.

A form remembers what stood in each of its fields when the page was made. When it comes
back, only fields that were changed are written; one that somebody else has changed in the
meantime is a clash, and then nothing is written until the respondent has seen both texts.
"""

from submissions import journey, places

from .about_you import AboutYouForm
from .attached import AttachedForm
from .base import Clash, PartForm, fingerprint
from .item import ItemForm, item_part, key_of_item_part
from .principles import PrinciplesForm
from .section import SectionForm
from .sentence import SentenceForm

__all__ = [
    "AboutYouForm",
    "AttachedForm",
    "Clash",
    "ItemForm",
    "PartForm",
    "PrinciplesForm",
    "SectionForm",
    "SentenceForm",
    "fingerprint",
    "item_part",
    "part_form",
]


def part_form(submission, code, data=None, beside=""):
    """Return the form of a part by its code, or None when the call has no such part.

    `beside` is the place where a new evidence item was asked for.
    """
    if code == journey.ABOUT_YOU:
        return AboutYouForm(data, submission=submission)
    if code == journey.PRINCIPLES:
        return PrinciplesForm(data, submission=submission)
    if code == journey.EVIDENCE:
        return AttachedForm(data, submission=submission)
    if key := key_of_item_part(code):
        return ItemForm(data, submission=submission, key=key, beside=beside)
    if sentence := places.find_sentence(submission, code.removeprefix("sentence-")):
        return SentenceForm(data, submission=submission, sentence=sentence)
    for section in submission.consultation.sections.all():
        if journey.section_part(section) == code:
            return SectionForm(data, submission=submission, section=section)
    return None
