"""What may be the same evidence, come twice: from the same sender, or the same letter."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from review.models import Intake, Original
from submissions.models import Submission

SHOWN = 10


@dataclass(frozen=True)
class Duplicate:
    why: str
    submission: Submission | None = None
    intake: Intake | None = None


def of(intake, desk):
    """Return the `Duplicate`s to look at before an intake is taken in."""
    return [*_same_sender(intake), *_same_original(intake, desk)]


def _same_sender(intake):
    same = Q()
    if intake.email:
        same |= Q(email__iexact=intake.email)
    if intake.organisation:
        same |= Q(organisation__iexact=intake.organisation)
    if not same:
        return []
    sent = Submission.objects.submitted().filter(consultation=intake.consultation_id)
    found = sent.filter(same).exclude(pk=intake.submission_id)
    return [
        Duplicate(_("from the same sender"), submission=one) for one in found[:SHOWN]
    ]


def _same_original(intake, desk):
    sums = [one.original.stored.sha256 for one in desk.originals]
    others = Original.objects.filter(stored__sha256__in=sums).exclude(intake=intake)
    found = Intake.objects.filter(pk__in=others.values("intake"))
    return [
        Duplicate(_("the same original"), intake=one)
        for one in found.select_related("submission")[:SHOWN]
    ]
