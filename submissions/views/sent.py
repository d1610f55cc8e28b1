"""After sending."""

from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from submissions import held, reading
from submissions.documents.pdf import TooLong
from submissions.documents.sent import copy_of

from .pages import attachment, for_submission, show


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
    return show_copy(request, submission)


@require_safe
def copy_pdf(request, key):
    """Hand out what was sent as a PDF."""
    submission = held.get_or_404(request, key)
    if not submission.is_submitted:
        return redirect("submissions:check_answers", key)
    try:
        content = copy_of(submission)
    except TooLong:
        return show_copy(request, submission, is_too_long=True, status=422)
    return attachment(content, "application/pdf", f"{submission.reference}.pdf")


def show_copy(request, submission, *, is_too_long=False, status=200):
    context = for_submission(submission) | {
        "read": reading.whole(submission),
        "is_too_long": is_too_long,
    }
    return render(request, "submissions/copy.html", context, status=status)
