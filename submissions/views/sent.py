"""After sending."""

from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from submissions import held, reading

from .pages import for_submission, show


@require_safe
def confirmation(request, key):
    """Show the reference: the receipt, as often as it is asked for."""
    submission = held.get_or_404(request, key)
    if not submission.is_submitted:
        return redirect("submissions:contents", key)
    return show(request, "submissions/confirmation.html", for_submission(submission))


@require_safe
def copy(request, key):
    """Show what was sent."""
    submission = held.get_or_404(request, key)
    if not submission.is_submitted:
        return redirect("submissions:check_answers", key)
    context = for_submission(submission) | {"read": reading.whole(submission)}
    return show(request, "submissions/copy.html", context)
