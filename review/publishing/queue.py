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


_later = Revision.objects.filter(
    submission=OuterRef("pk"), number__gt=OuterRef("decision__revision")
)
_is_private = Q(publication__in=["", Publication.NOT])
_is_kept_back = Q(decision__what__in=[Step.HELD_BACK, Step.TAKEN_DOWN])
_is_approved = Q(decision__what=Step.APPROVED)
# Of what is not published, and may be.
_open = Q(published_at=None) & ~_is_private
# What holds of those in a state: every submission is in one. An approval of what was
# changed since has lapsed, and it is to be checked again.
CONDITIONS = {
    State.PUBLISHED: Q(published_at__isnull=False),
    State.NOT: Q(published_at=None) & (_is_private | _is_kept_back),
    State.APPROVED: _open & _is_approved & ~Exists(_later),
    State.TO_CHECK: _open
    & (
        Q(decision=None)
        | Q(decision__what__in=[Step.PUBLISHED, Step.NARROWED])
        | _is_approved & Exists(_later)
    ),
}


def with_decision(submissions):
    """Annotate `decision`, what was decided last or None."""
    decision = Q(publishing_decisions__ended_at=None)
    return submissions.annotate(
        decision=FilteredRelation("publishing_decisions", condition=decision)
    )


def with_state(submissions):
    """Annotate `state`, a `State`, and `decision`, what was decided last or None."""
    cases = [When(holds, then=Value(state)) for state, holds in CONDITIONS.items()]
    return with_decision(submissions).annotate(
        state=Case(*cases, output_field=CharField())
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


def forget_counts(call):
    """Have responses counted anew: one went from a state to another."""
    kept.forget(call, STATES)


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
    # Not by the annotated state: from the conditions PostgreSQL knows how many there are,
    # and finds the first of many by the index of what stands.
    found = with_decision(submissions).filter(CONDITIONS[state])
    return found.order_by("submitted_at", "pk")


def next_to_check(submissions, after):
    """Return the one to check next, or None: those sent later first, then from the start."""
    waiting = in_state(submissions, State.TO_CHECK).exclude(pk=after.pk)
    later = Q(submitted_at__gt=after.submitted_at) | Q(
        submitted_at=after.submitted_at, pk__gt=after.pk
    )
    return waiting.filter(later).first() or waiting.first()
