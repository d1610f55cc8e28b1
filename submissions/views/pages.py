"""What every page of ours does, and who is let in to a draft's."""

import re
from functools import wraps

from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from submissions import held, reading, services
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
    """Return the status of a refusal: 507 when there was no room for a file, else 422."""
    return 507 if form.has_error("files", "no-room") else 422


def posted(request):
    return request.POST if request.method == "POST" else None


def posted_files(request):
    return request.FILES if request.method == "POST" else None


def whole_number(text):
    """Return the number that a form of ours sent; anything else is not found."""
    if not re.fullmatch(r"[0-9]{1,18}", text or ""):
        raise Http404
    return int(text)


def draft_page(view):
    """Give the view the draft that this browser holds.

    One that is sent, or whose call has closed, gets a page that says so and gives
    back whatever was typed.
    """

    @page
    @wraps(view)
    def wrapped(request, key, **kwargs):
        submission = held.find(request, key)
        if submission is None:
            return not_held(request)
        try:
            if submission.is_submitted:
                raise services.AlreadySubmitted
            # What is posted is judged by the database's clock, when it is kept.
            if request.method != "POST" and not submission.consultation.is_accepting:
                raise services.ConsultationClosed
            # Whoever still writes keeps the session from running out.
            request.session.modified = request.method == "POST"
            return view(request, submission, **kwargs)
        except services.AlreadySubmitted:
            return already_sent(request, submission)
        except services.ConsultationClosed:
            return closed(request, submission)

    return wrapped


def not_held(request):
    """Say that there is no such page; give back what was typed into it."""
    if request.method != "POST":
        raise Http404
    context = {"typed": typed_text(request.POST)}
    return render(request, "submissions/not_held.html", context, status=404)


def already_sent(request, submission):
    if request.method != "POST":
        return redirect("submissions:confirmation", submission.key)
    submission.refresh_from_db()
    context = for_submission(submission) | {"typed": typed_text(request.POST)}
    return render(request, "submissions/already_sent.html", context, status=422)


def closed(request, submission):
    context = for_submission(submission) | {
        "typed": typed_text(request.POST),
        "read": reading.whole(submission),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "submissions/closed.html", context, status=status)


def for_submission(submission):
    return {
        "submission": submission,
        "consultation": submission.consultation,
        # Where whoever reads this may have its files: see _file.html.
        "file_page": "submissions:file",
    }
