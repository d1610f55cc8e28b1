"""After sending."""

from contextlib import suppress
from functools import wraps

from django.conf import settings
from django.http import StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from submissions import events, held, reading, services, takeout
from submissions.forms import PublicationForm, WholeForm
from submissions.models import Submission

from .pages import attachment, for_submission, page, posted, show


def sent_page(view):
    """Give the view what was sent and this browser holds; a draft has its own pages."""

    @wraps(view)
    def wrapped(request, key):
        submission = held.get_or_404(request, key)
        if not submission.is_submitted:
            return redirect("submissions:contents", key)
        return view(request, submission)

    return wrapped


@require_safe
@sent_page
def confirmation(request, submission):
    """Show the reference: the receipt, as often as it is asked for."""
    context = for_submission(submission) | {
        "last_sent_at": submission.last_sent_at,
        "amendment": Submission.objects.filter(amends=submission).first(),
    }
    return show(request, "submissions/confirmation.html", context)


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
    # What writes PDF is large, and most processes never need it.
    from submissions.documents.pdf import TooLong  # noqa: PLC0415
    from submissions.documents.sent import copy_of  # noqa: PLC0415

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
        "last_sent_at": submission.last_sent_at,
        "read": reading.whole(submission),
        "is_too_long": is_too_long,
    }
    return render(request, "submissions/copy.html", context, status=status)


@require_safe
def status(request, key):
    """Say what has happened to a response, where it stands, and what we wrote about it."""
    submission = held.get_or_404(request, key)
    if submission.amends:
        return redirect("submissions:status", submission.amends.key)
    context = for_submission(submission) | {
        "standing": events.standing(submission),
        "events": events.of(submission),
        "emails": events.emails_about(submission),
    }
    return show(request, "submissions/status.html", context)


@require_safe
def data(request, key):
    """Stream everything that we hold of one response, as a ZIP file."""
    submission = held.get_or_404(request, key)
    name = f"{submission.reference or 'keep-it-local-draft'}.zip"
    return StreamingHttpResponse(
        takeout.as_zip(submission),
        content_type="application/zip",
        headers={"Content-Disposition": content_disposition_header(True, name)},
    )


@page
@sent_page
def amend(request, submission):
    """Go on to the draft in which what was sent is changed."""
    if request.method != "POST":
        return redirect("submissions:confirmation", submission.key)
    try:
        amendment = services.amend(submission)
    except services.Refused:
        # The confirmation no longer offers it, and says why.
        return redirect("submissions:confirmation", submission.key)
    held.hold(request, amendment)
    return redirect("submissions:contents", amendment.key)


@page
@sent_page
def publication(request, submission):
    """Choose again how the response may be used, until it is published."""
    form = PublicationForm(
        posted(request), initial={"publication": submission.publication}
    )
    if submission.is_settled or not (form.is_bound and form.is_valid()):
        context = for_submission(submission)
        return show(request, "submissions/publication.html", context, form)
    with suppress(services.Settled):
        services.choose_publication(submission, form.cleaned_data["publication"])
    return redirect("submissions:confirmation", submission.key)


@page
@sent_page
def withdraw(request, submission):
    """Ask, then take a response back for good."""
    if submission.is_withdrawn:
        return redirect("submissions:confirmation", submission.key)
    form = WholeForm(posted(request))
    if submission.is_settled or not (form.is_bound and form.is_valid()):
        context = for_submission(submission) | {
            "days_kept": settings.KEEP_WITHDRAWN_DAYS
        }
        return show(request, "submissions/withdraw.html", context, form)
    with suppress(services.Settled):
        services.withdraw(submission)
    return redirect("submissions:confirmation", submission.key)
