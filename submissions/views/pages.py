"""What every page of ours does, and who is let in to a draft's."""

import re
from functools import partial, wraps

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods

from submissions import guests, held, limits, reading, services
from submissions.forms import LateRequestForm
from submissions.models import LateRequest
from submissions.typed import typed_text

page = require_http_methods(["GET", "HEAD", "POST"])


def show(request, template, context, form=None):
    """Render a page; with a form that was refused it answers 422."""
    refused = form is not None and form.is_bound
    if form is not None:
        context = context | {"form": form}
    status = status_of(form) if refused else 200
    return render(request, template, context, status=status)


def status_of(form):
    """Return the status of a refusal: 422, unless it was not the form that was wrong."""
    if form.has_error("email", limits.TOO_OFTEN):
        return 429
    # There was no room for a file.
    if form.has_error("files", "no-room"):
        return 507
    # What keeps files did not answer.
    return 503 if form.has_error("files", "away") else 422


def attachment(content, content_type, name):
    """Return a file to keep, never to be shown among our pages."""
    disposition = content_disposition_header(as_attachment=True, filename=name)
    return HttpResponse(
        content,
        content_type=content_type,
        headers={"Content-Disposition": disposition},
    )


def posted(request):
    return request.POST if request.method == "POST" else None


def posted_files(request):
    return request.FILES if request.method == "POST" else None


def whole_number(text):
    """Return the number that a form of ours sent; anything else is not found."""
    if not re.fullmatch(r"[0-9]{1,18}", text or ""):
        raise Http404
    return int(text)


def draft_page(view=None, *, part=None):
    """Give the view the draft that this browser holds.

    It is its owner's page alone; with a `part`, such as "section-{number}", also that of
    the guests who are invited to it. A draft that is sent, or may no longer be, gets a
    page that says so. It gives back what was typed and cannot be kept.
    """
    if view is None:
        return partial(draft_page, part=part)

    @page
    @wraps(view)
    def wrapped(request, key, **kwargs):
        try:
            submission = guests.find(request, key, part and part.format(**kwargs))
        except services.InvitationWithdrawn:
            return withdrawn(request)
        if submission is None:
            return not_held(request)
        try:
            refuse_what_is_over(request, submission)
            # Whoever still writes keeps the session from running out.
            if request.method == "POST":
                request.session.renew()
            return view(request, submission, **kwargs)
        except services.InvitationWithdrawn:
            return withdrawn(request)
        except services.AlreadySubmitted:
            return already_sent(request, key, submission.guest)
        except services.KeptAfterClosing:
            return closed(request, submission, is_kept=True)
        except services.ConsultationClosed:
            return closed(request, submission)

    return wrapped


def refuse_what_is_over(request, submission):
    """Raise AlreadySubmitted or ConsultationClosed for what shows no form any more."""
    if submission.is_submitted:
        raise services.AlreadySubmitted
    # What is posted is judged by the database's clock, when it is kept; and no page says
    # that the call has closed because this machine's clock is ahead.
    seems_closed = request.method != "POST" and not submission.is_accepting
    if seems_closed and not submission.is_accepted_now():
        raise services.ConsultationClosed


def not_held(request):
    """Say that there is no such page; give back what was typed into it."""
    if request.method != "POST":
        raise Http404
    context = {"typed": typed_text(request.POST)}
    return render(request, "submissions/not_held.html", context, status=404)


def withdrawn(request):
    """Say that a guest is no longer let in; give back what was typed."""
    context = {"typed": typed_text(request.POST)}
    return render(request, "submissions/guest_withdrawn.html", context, status=404)


def already_sent(request, key, guest=None):
    """Lead to the confirmation; when something was typed, say so and give it back."""
    if guest:
        typed = typed_text(request.POST)
        template = "submissions/guest_sent.html"
        return guest_end(request, guest.submission, template, typed)
    submission = held.find(request, key)
    if submission is None or not submission.is_submitted:
        # An amendment that was discarded in another tab.
        return not_held(request)
    if request.method != "POST":
        return redirect("submissions:confirmation", submission.key)
    context = for_submission(submission) | {"typed": typed_text(request.POST)}
    return render(request, "submissions/already_sent.html", context, status=422)


def closed(request, submission, form=None, *, is_kept=False):
    """Say that the call has closed, show all that is kept, and offer to ask for more time.

    `form` is that request, when it was refused. A guest sees that it has closed, no more.
    """
    typed = [] if is_kept or form else typed_text(request.POST)
    if submission.guest:
        return guest_end(request, submission, "submissions/guest_closed.html", typed)
    read = reading.whole(submission)
    context = for_submission(submission) | {
        "typed": typed,
        "is_kept": is_kept,
        "read": read,
        "late_request": LateRequest.objects.filter(submission=submission).first(),
        "has_evidence": "evidence" not in services.missing_from(submission, read),
        "form": form or LateRequestForm(submission=submission),
    }
    is_refused = request.method == "POST" and not is_kept
    return render(
        request, "submissions/closed.html", context, status=422 if is_refused else 200
    )


def guest_end(request, submission, template, typed=()):
    """Show a guest that there is no more to write, and nothing of what is written."""
    context = for_submission(submission) | {"typed": typed}
    status = 422 if typed else 200
    return render(request, template, context, status=status)


def for_submission(submission):
    return {
        "submission": submission,
        "consultation": submission.consultation,
        # Where whoever reads this may have its files: see _file.html.
        "file_page": "" if submission.guest else "submissions:file",
    }
