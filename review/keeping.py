"""The worker counts what large calls have received, so that nobody waits for it."""

from django.utils import timezone

from consultations.models import Consultation

from . import across, figures, kept, theme_counts
from .finding import selection
from .models import KeptFigure
from .publishing import queue

KINDS = (
    *figures.RECEIVED,
    across.COMMENTS,
    across.ON_SENTENCES,
    across.WORDINGS,
    theme_counts.THEMES,
    theme_counts.PLACES,
    selection.COLUMNS,
    queue.STATES,
)
# The task that counts has other things to do, and ends after 90.
SECONDS = 30


def keep_all():
    """Count again what has grown old of large calls, the oldest first."""
    now = timezone.now()
    for call in Consultation.objects.all():
        if kept.is_large(call):
            for kind in _due(call, now):
                if (timezone.now() - now).total_seconds() > SECONDS:
                    return
                kept.keep(call, kind)


def _due(call, now):
    counted = {one.name: one for one in KeptFigure.objects.filter(consultation=call)}
    never = [kind for kind in KINDS if kind.name not in counted]
    old = [
        kind
        for kind in KINDS
        if kind.name in counted and kept.is_due(counted[kind.name], now)
    ]
    return [*never, *sorted(old, key=lambda kind: counted[kind.name].counted_at)]
