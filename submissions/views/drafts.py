"""A draft as a whole: its contents page, the way back to it, and sending it."""

from contextlib import suppress

from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from submissions import (
    guests,
    held,
    journey,
    limits,
    personal_data,
    reading,
    services,
)
from submissions.forms import LateRequestForm, SaveAndReturnForm, SendForm

from .pages import closed, draft_page, for_submission, page, posted, show


@draft_page(part=guests.ANY_PART)
def contents(request, submission):
    context = for_submission(submission)
    if submission.guest:
        context["parts"] = journey.parts(submission)
        return show(request, "submissions/guest_contents.html", context)
    context["parts"] = journey.parts_with_guests(submission)
    return show(request, "submissions/contents.html", context)


@draft_page
def save_and_return(request, submission):
    """Email a way back to this draft, and close it here if the computer is shared."""
    initial = {
        "email": submission.email,
        "wants_reminders": submission.wants_reminders,
    }
    form = SaveAndReturnForm(posted(request), initial=initial)
    if form.is_bound and form.is_valid() and limits.is_exceeded(limits.LINKS, request):
        form.add_error("email", limits.too_often())
    if not (form.is_bound and form.is_valid()):
        context = for_submission(submission)
        return show(request, "submissions/save_and_return.html", context, form)
    details = {name: form.cleaned_data[name] for name in initial}
    # Also after closing: the link leads to what was written, and may be asked for late.
    with (
        suppress(services.KeptAfterClosing),
        services.open_draft(submission) as draft,
    ):
        services.keep_details(draft, details)
        services.request_link(draft.email)
    if form.cleaned_data["leave"]:
        held.let_go(request, submission)
        if submission.amends:
            held.let_go(request, submission.amends)
    else:
        request.session["link_asked_for_in"] = str(submission.key)
    request.session["link_sent_to"] = details["email"]
    response = redirect("submissions:link_sent")
    if form.cleaned_data["leave"]:
        # What this browser kept of texts on their way to us goes too.
        response["Clear-Site-Data"] = '"storage"'
    return response


@draft_page
def check_answers(request, submission):
    """Show everything on one page; the button sends it."""
    read = reading.whole(submission) if request.method != "POST" else None
    is_shared = read.is_shared if read else submission.invitations.exists()
    form = SendForm(
        posted(request),
        is_shared=is_shared,
        initial={"signed_off_by": submission.signed_off_by},
    )
    if form.is_bound and form.is_valid():
        try:
            signed_off_by = form.cleaned_data.get("signed_off_by", "")
            sent = services.submit(submission, signed_off_by=signed_off_by)
            return redirect("submissions:confirmation", sent.key)
        except services.NothingChanged:
            form.add_error(None, _("You have changed nothing that could be sent"))
        except services.Incomplete:
            # What is missing is told by the page below.
            pass
    read = read or reading.whole(submission)
    context = for_submission(submission) | {
        "read": read,
        "missing": services.missing_from(submission, read),
        "personal_data": personal_data.in_what_will_be_published(submission, read),
    }
    return show(request, "submissions/check_answers.html", context, form)


@page
def discard(request, key):
    """Ask, then forget the changes to what was sent; also after closing."""
    amendment = held.get_or_404(request, key)
    if amendment.is_submitted:
        return redirect("submissions:confirmation", amendment.key)
    if amendment.amends is None:
        raise Http404
    if request.method == "POST":
        services.discard(amendment)
        return redirect("submissions:confirmation", amendment.amends.key)
    return show(request, "submissions/discard.html", for_submission(amendment))


@draft_page
def late_request(request, submission):
    """Ask staff to accept a draft late; the form is on the page that says it is closed."""
    form = LateRequestForm(posted(request), submission=submission)
    if not form.is_bound or submission.is_accepted_now():
        return redirect("submissions:contents", submission.key)
    if not form.is_valid():
        return closed(request, submission, form)
    # What cannot be asked for is not offered on the page that this leads to.
    with suppress(services.NotForAsking):
        services.ask_late(submission, **form.cleaned_data)
    return redirect("submissions:contents", submission.key)
