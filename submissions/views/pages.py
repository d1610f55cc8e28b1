"""What every page of ours does, and who is let in to a draft's."""

import re
from functools import partial, wraps

from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from submissions import guests, reading, services
from submissions.typed import typed_text

page = require_http_methods(["GET", "HEAD", "POST"])


def show(request, template, context, form=None):
    """Render a page; with a form that was refused it answers 422."""
    refused = form is not None and form.is_bound
    if form is not None:
        context = context | {"form": form}
    return render(request, template, context, status=422 if refused else 200)


def posted(request):
    return request.POST if request.method == "POST" else None


def whole_number(text):
    """Return the number that a form of ours sent; anything else is not found."""
    if not re.fullmatch(r"[0-9]{1,18}", text or ""):
        raise Http404
    return int(text)


def draft_page(view=None, *, part=None):
    """Give the view the draft that this browser holds.

    It is its owner's page alone; with a `part`, such as "section-{number}", also that of
    the guests who are invited to it. A draft that is sent, or whose call has closed, gets
    a page that says so and gives back whatever was typed.
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
            if submission.is_submitted:
                raise services.AlreadySubmitted
            # What is posted is judged by the database's clock, when it is kept.
            if request.method != "POST" and not submission.consultation.is_accepting:
                raise services.ConsultationClosed
            # Whoever still writes keeps the session from running out.
            request.session.modified = request.method == "POST"
            return view(request, submission, **kwargs)
        except services.InvitationWithdrawn:
            return withdrawn(request)
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


def withdrawn(request):
    """Say that a guest is no longer let in; give back what was typed."""
    context = {"typed": typed_text(request.POST)}
    return render(request, "submissions/guest_withdrawn.html", context, status=404)


def already_sent(request, submission):
    if submission.guest:
        return guest_end(request, submission, "submissions/guest_sent.html")
    if request.method != "POST":
        return redirect("submissions:confirmation", submission.key)
    submission.refresh_from_db()
    context = for_submission(submission) | {"typed": typed_text(request.POST)}
    return render(request, "submissions/already_sent.html", context, status=422)


def closed(request, submission):
    if submission.guest:
        return guest_end(request, submission, "submissions/guest_closed.html")
    context = for_submission(submission) | {
        "typed": typed_text(request.POST),
        "read": reading.whole(submission),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "submissions/closed.html", context, status=status)


def guest_end(request, submission, template):
    """Show a guest that there is no more to write, and nothing of what is written."""
    context = for_submission(submission) | {"typed": typed_text(request.POST)}
    status = 422 if request.method == "POST" else 200
    return render(request, template, context, status=status)


def for_submission(submission):
    return {"submission": submission, "consultation": submission.consultation}
