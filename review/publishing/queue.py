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

from review import kept
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


def _by_state(submissions, within):
    found = with_state(submissions.filter(within)).values_list(
        "consultation", "state", "respondent_type"
    )
    return [
        [[call, state], kind, number]
        for call, state, kind, number in found.annotate(number=Count("pk"))
    ]


STATES = kept.Kind("publishing", _by_state)


def counts(selection):
    """Return how many are in each state, as {State: number}, and when it was counted."""
    if selection.chosen.keys() <= {"call", "type"}:
        figure = selection.among(kept.of_all_calls(STATES))
    else:
        found = selection.submissions.order_by()
        figure = kept.Figure(STATES.count(found, kept.EVERYTHING))
    counted = dict.fromkeys(State, 0)
    for (_call, state), _kind, number in figure.rows:
        counted[state] += number
    return counted, figure.counted_at


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
