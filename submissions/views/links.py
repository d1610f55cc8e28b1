"""Emailed links: the way back, and the end of reminders."""

from django.core import signing
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from outbox.words import masked
from submissions import emails, held, journey, limits, services, typos
from submissions.forms import LinkRequestForm
from submissions.models import ResumeLink, Submission

from .pages import for_submission, guest_end, page, posted, show, withdrawn


@page
def request_link(request):
    """Ask for a way back; the answer is the same whether there is one or not."""
    form = LinkRequestForm(posted(request))
    if not (form.is_bound and form.is_valid()):
        return show(request, "submissions/request_link.html", {}, form)
    # Whoever is known or not: the answer tells nothing of the address.
    if limits.is_exceeded(limits.LINKS, request):
        form.add_error("email", limits.too_often())
        return show(request, "submissions/request_link.html", {}, form)
    with transaction.atomic():
        services.request_link(form.cleaned_data["email"])
    request.session["link_sent_to"] = form.cleaned_data["email"]
    return redirect("submissions:link_sent")


@require_safe
def link_sent(request):
    # Shown once: the next person at this computer need not know it.
    address = request.session.pop("link_sent_to", "")
    context = {
        "address": address,
        "response": request.session.pop("link_asked_for_in", ""),
        "meant": typos.suggestion(address),
        "days": emails.RESUME_LINK_DAYS,
    }
    return show(request, "submissions/link_sent.html", context)


@page
def resume(request, token):
    """Say whose response a link opens; only the button opens it.

    Mail scanners follow links, and press no buttons.
    """
    links = ResumeLink.objects.for_token(token).select_related("invitation")
    link = get_object_or_404(links.select_related("submission__consultation"))
    if link.invitation:
        return open_invitation(request, link.submission, link.invitation)
    if request.method == "POST":
        held.hold(request, link.submission)
        for changes in Submission.objects.filter(amends=link.submission):
            held.hold(request, changes)
        # Goes on to the confirmation by itself when it was sent.
        return redirect("submissions:contents", link.submission.key)
    context = for_submission(link.submission) | {"sent_to": masked(link.sent_to)}
    return show(request, "submissions/resume.html", context)


def open_invitation(request, submission, invitation):
    """Do the same for a guest."""
    if invitation.withdrawn_at:
        return withdrawn(request)
    if submission.is_submitted:
        return guest_end(request, submission, "submissions/guest_sent.html")
    if request.method == "POST":
        held.hold_as_guest(request, invitation)
        services.note_opened(invitation)
        return redirect("submissions:contents", submission.key)
    context = for_submission(submission) | {
        "invitation": invitation,
        "titles": journey.titles_of(invitation),
    }
    return show(request, "submissions/open_invitation.html", context)


@csrf_exempt
@page
def reminders(request, token):
    """Stop reminders in one click from a mail program; show a button to a browser.

    RFC 8058: the mail program posts without cookies and follows no redirect.
    """
    submission_id = signed_id_or_404(token)
    if request.method == "POST":
        services.stop_reminders(submission_id)
        return HttpResponse(
            _("Reminders stopped."), content_type="text/plain; charset=utf-8"
        )
    return show(request, "submissions/reminders.html", {"token": token})


@page
def stop_reminders(request, token):
    if request.method != "POST":
        return redirect("submissions:reminders", token)
    services.stop_reminders(signed_id_or_404(token))
    return show(request, "submissions/reminders_stopped.html", {})


def signed_id_or_404(token):
    try:
        return emails.submission_of_stop_token(token)
    except signing.BadSignature as error:
        raise Http404 from error
