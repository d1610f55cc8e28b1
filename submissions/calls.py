"""Calls as this process read them last: what is asked is the same for all who answer.

The database gives a call another edition with each change to its texts, sections, questions,
principles or wordings of emails, whoever makes it; a draft is read together with the edition
that its call has now. So what is kept here cannot go stale: docs/decisions/0034.
"""

from copy import copy

from consultations.models import Consultation

from .compiled import compiled

_kept: dict[int, Consultation] = {}


def read(pk, edition):
    """Return a call in this edition, with all that it asks and writes; no query, mostly.

    What it has is everybody's, as its sections and wordings: never changed in memory.
    """
    call = _kept.get(pk)
    if call is None or call.edition != edition:
        call = _from_database(pk)
    # What a request finds out about its call stays its own.
    return copy(call)


def every():
    """Return all calls, the newest first."""
    return [read(call.pk, call.edition) for call in _editions()]


@compiled
def _editions():
    return Consultation.objects.only("edition")


def of(submission):
    """Return the call of a submission, however that was read."""
    call = submission.consultation
    return read(call.pk, call.edition)


def section_of(submission, number):
    """Return the section of this number, or None."""
    sections = of(submission).sections.all()
    return next((one for one in sections if one.number == number), None)


def questions_of(submission):
    """Return each question by its slug."""
    sections = of(submission).sections.all()
    return {one.slug: one for section in sections for one in section.questions.all()}


def _from_database(pk):
    asked = ["sections__questions", "principles__versions__sentences"]
    calls = Consultation.objects.prefetch_related(*asked, "email_wordings")
    call = calls.get(pk=pk)
    # Else it was changed between two of these queries: good enough for one page.
    if Consultation.objects.filter(pk=pk, edition=call.edition).exists():
        _kept[pk] = call
    return call
