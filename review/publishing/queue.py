"""Which responses wait for what on their way to the public."""

from django.db import models
from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    FilteredRelation,
    OuterRef,
    Q,
    Value,
    When,
)
from django.utils.translation import gettext_lazy as _

from review.models import Step
from submissions.models import Publication, Revision


class State(models.TextChoices):
    TO_CHECK = "to-check", _("To check")
    APPROVED = "approved", _("Approved")
    PUBLISHED = "published", _("Published")
    NOT = "not", _("Not to be published")


def with_state(submissions):
    """Annotate `state`, a `State`, and `decision`, what was decided last or None.

    An approval of what was changed since has lapsed: it is to be checked again.
    """
    later = Revision.objects.filter(
        submission=OuterRef("pk"), number__gt=OuterRef("decision__revision")
    )
    is_not = Q(publication__in=["", Publication.NOT]) | Q(
        decision__what__in=[Step.HELD_BACK, Step.TAKEN_DOWN]
    )
    return submissions.annotate(
        decision=FilteredRelation(
            "publishing_decisions",
            condition=Q(publishing_decisions__ended_at=None),
        ),
    ).annotate(
        state=Case(
            When(published_at__isnull=False, then=Value(State.PUBLISHED)),
            When(is_not, then=Value(State.NOT)),
            When(
                Q(decision__what=Step.APPROVED) & ~Exists(later),
                then=Value(State.APPROVED),
            ),
            default=Value(State.TO_CHECK),
            output_field=CharField(),
        )
    )


def counts(submissions):
    """Return how many are in each state, as {State: number}; one query."""
    found = with_state(submissions).order_by().values_list("state")
    counted = dict(found.annotate(Count("pk")))
    return {state: counted.get(state, 0) for state in State}


def in_state(submissions, state):
    """Return those in a state, the longest waiting first."""
    found = with_state(submissions).filter(state=state)
    return found.order_by("submitted_at", "pk")


def next_to_check(submissions, after):
    """Return the one to check next, or None: those sent later first, then from the start."""
    waiting = in_state(submissions, State.TO_CHECK).exclude(pk=after.pk)
    later = Q(submitted_at__gt=after.submitted_at) | Q(
        submitted_at=after.submitted_at, pk__gt=after.pk
    )
    return waiting.filter(later).first() or waiting.first()
