"""What may be the same evidence, come twice: from the same sender, or in the same words."""

import re
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.contrib.postgres.search import SearchQuery
from django.utils.translation import gettext as _

from review.finding.search import CONFIG, understood
from review.models import ASIDE, Intake, Original, SearchDocument
from review.said import said_by
from submissions.models import Submission

SHOWN = 10
# Passages that are looked for, and how many of the longest words of each.
PROBES, PROBE_WORDS = 3, 8
CANDIDATES = 20
# Of so many words that follow one another; of so many of them is the same text.
RUN, NEARLY = 5, 0.5


@dataclass(frozen=True)
class Duplicate:
    why: str
    submission: Submission | None = None
    intake: Intake | None = None


def of(intake, desk):
    """Return the `Duplicate`s to look at before an intake is taken in."""
    others = Submission.objects.submitted().exclude(pk=intake.submission_id)
    others = others.filter(consultation=intake.consultation_id)
    found = {}
    for one in (
        *_nearly_the_same(others, desk),
        *_from_the_same_sender(others, intake),
    ):
        found.setdefault(one.submission.pk, one)
    return [*list(found.values())[:SHOWN], *_of_the_same_original(intake, desk)]


def _from_the_same_sender(others, intake):
    same = []
    if intake.email:
        same += others.of_address(intake.email)[:SHOWN]
    if intake.organisation:
        part = understood(intake.organisation).part
        # By the index of names; then by the whole of it.
        named = others.filter(search__who__contains=part)
        same += named.filter(organisation__iexact=intake.organisation)[:SHOWN]
    return [Duplicate(_("from the same sender"), submission=one) for one in same]


def _nearly_the_same(others, desk):
    """Yield those that say most of it in the same words, however the rest differs."""
    passages = _passages(desk)
    runs = _runs(" ".join(passages))
    if not runs:
        return
    probes = [_longest_words(passage) for passage in passages[:PROBES]]
    query = reduce(or_, (SearchQuery(probe, config=CONFIG) for probe in probes))
    documents = SearchDocument.objects.filter(submission__in=others, words=query)
    keys = list(documents.values_list("submission", flat=True)[:CANDIDATES])
    texts = said_by(keys) if keys else {}
    for submission in others.filter(pk__in=keys) if keys else []:
        theirs = _runs(" ".join(said.text for said in texts[submission.pk]))
        share = len(runs & theirs) / len(runs)
        if share >= NEARLY:
            words = _("%(share)d%% of it stands there in the same words")
            yield Duplicate(words % {"share": round(share * 100)}, submission)


def _passages(desk):
    """Return what counts as evidence so far, the longest passages first."""
    texts = [
        paragraph.text
        for paragraph in desk.paragraphs
        if all(placed.place != ASIDE for placed in paragraph.placed)
    ]
    texts = texts or [one.text for one in desk.transcriptions.values() if one.text]
    return sorted(texts, key=len, reverse=True)


def _longest_words(text):
    words = sorted(set(_words(text)), key=lambda word: (-len(word), word))
    return " ".join(words[:PROBE_WORDS])


def _runs(text):
    """Return every few words that follow one another."""
    words = _words(text)
    return {tuple(words[start : start + RUN]) for start in range(len(words) - RUN + 1)}


def _words(text):
    return re.findall(r"\w+", text.lower())


def _of_the_same_original(intake, desk):
    sums = [one.original.stored.sha256 for one in desk.originals]
    others = Original.objects.filter(stored__sha256__in=sums).exclude(intake=intake)
    found = Intake.objects.standing().filter(pk__in=others.values("intake"))
    return [
        Duplicate(_("the same original"), intake=one)
        for one in found.select_related("submission")[:SHOWN]
    ]
