"""The respondent's pages, in the order in which they are met."""

import re
from contextlib import suppress
from functools import wraps

from django.core import signing
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import (
    require_http_methods,
    require_safe,
)

from consultations.models import Consultation
from principles.models import PrincipleVersion

from . import emails, held, journey, reading, services
from .forms import LinkRequestForm, SaveAndReturnForm, SendForm
from .models import ResumeLink
from .parts import AboutYouForm, Clash, PrinciplesForm, SectionForm, part_form
from .typed import typed_text

page = require_http_methods(["GET", "HEAD", "POST"])


def show(request, template, context, form=None):
    """Render a page; with a form that was refused it answers 422."""
    refused = form is not None and form.is_bound
    if form is not None:
        context = context | {"form": form}
    return render(request, template, context, status=422 if refused else 200)


def posted(request):
    return request.POST if request.method == "POST" else None


# What anyone may read


@require_safe
def home(request):
    """Go straight to the call when there is one to go to, else list them."""
    published = Consultation.objects.published()
    real = published.filter(is_rehearsal=False)
    candidates = published.open() or real or published
    if len(candidates) == 1:
        return show_call(request, candidates[0])
    return show(request, "submissions/home.html", {"consultations": published})


@require_safe
def call(request, slug):
    return show_call(
        request, get_object_or_404(Consultation.objects.published(), slug=slug)
    )


def show_call(request, consultation, status=200):
    context = {
        "consultation": consultation,
        "drafts": held.drafts(request, consultation),
        "sent_here": held.sent(request, consultation),
    }
    return render(request, "submissions/call.html", context, status=status)


@require_safe
def call_text(request, slug):
    """Show the whole call as published, with its questions and principles."""
    consultation = get_object_or_404(Consultation.objects.published(), slug=slug)
    context = {
        "consultation": consultation,
        "sections": consultation.sections.prefetch_related("questions"),
        "versions": PrincipleVersion.objects.current(consultation),
    }
    return show(request, "submissions/call_text.html", context)


# A response, from its start


@page
def start(request, slug):
    """Say what to expect; the button makes an empty draft that this browser holds."""
    consultation = get_object_or_404(Consultation.objects.published(), slug=slug)
    if request.method == "POST":
        try:
            submission = services.start(consultation)
        except services.ConsultationClosed:
            return show_call(request, consultation, status=422)
        held.hold(request, submission)
        return redirect("submissions:contents", submission.key)
    if not consultation.is_open:
        return show_call(request, consultation)
    context = {
        "consultation": consultation,
        "sections": consultation.sections.prefetch_related("questions"),
    }
    return show(request, "submissions/start.html", context)


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
    return {"submission": submission, "consultation": submission.consultation}


@draft_page
def contents(request, submission):
    context = for_submission(submission) | {"parts": journey.parts(submission)}
    return show(request, "submissions/contents.html", context)


@draft_page
def about_you(request, submission):
    form = AboutYouForm(posted(request), submission=submission)
    return part_page(request, submission, form, "submissions/about_you.html")


@draft_page
def section(request, submission, number):
    section = get_object_or_404(submission.consultation.sections, number=number)
    form = SectionForm(posted(request), submission=submission, section=section)
    context = {"section": section}
    return part_page(request, submission, form, "submissions/section.html", context)


@draft_page
def principles(request, submission):
    form = PrinciplesForm(posted(request), submission=submission)
    return part_page(request, submission, form, "submissions/principles.html")


def part_page(request, submission, form, template, context=None):
    """Keep a part and go where the pressed button says, or show it.

    When somebody else changed the same fields it shows both texts, and answers 409.
    """
    context = (context or {}) | for_submission(submission)
    context["came_from_check"] = request.GET.get("from") == "check"
    if not (form.is_bound and form.is_valid()):
        return show(request, template, context, form)
    try:
        form.save()
    except Clash as clash:
        form.show_clash(clash)
        return render(request, template, context | {"form": form}, status=409)
    return redirect(url_after_saving(request, submission, form.part))


def url_after_saving(request, submission, part):
    match request.POST.get("go"):
        case "onward":
            return journey.url_after(submission, part)
        case "check":
            return reverse("submissions:check_answers", args=[submission.key])
        case _:
            return reverse("submissions:contents", args=[submission.key])


@draft_page
def earlier(request, submission, part):
    """Show what had been written in a part before, each with a button to put it back."""
    form = part_form(submission, part)
    if form is None:
        raise Http404
    if request.method == "POST":
        texts = submission.past_texts.filter(field__in=form.written)
        past = get_object_or_404(texts, pk=whole_number(request.POST.get("version")))
        form.put_back(past)
        return redirect(f"{journey.url_of(submission, part)}#id_{past.field}")
    context = for_submission(submission) | {
        "earlier": form.earlier(),
        "part_url": journey.url_of(submission, part),
    }
    return show(request, "submissions/earlier.html", context)


def whole_number(text):
    """Return the number that a form of ours sent; anything else is not found."""
    if not re.fullmatch(r"[0-9]{1,18}", text or ""):
        raise Http404
    return int(text)


@draft_page
def save_and_return(request, submission):
    """Email a way back to this draft, and close it here if the computer is shared."""
    initial = {
        "email": submission.email,
        "wants_reminders": submission.wants_reminders,
    }
    form = SaveAndReturnForm(posted(request), initial=initial)
    if not (form.is_bound and form.is_valid()):
        context = for_submission(submission)
        return show(request, "submissions/save_and_return.html", context, form)
    details = {name: form.cleaned_data[name] for name in initial}
    with services.open_draft(submission) as draft:
        services.keep_details(draft, details)
        services.request_link(draft.email)
    if form.cleaned_data["leave"]:
        held.let_go(request, submission)
    request.session["link_sent_to"] = details["email"]
    return redirect("submissions:link_sent")


@draft_page
def check_answers(request, submission):
    """Show everything on one page; the button sends it."""
    form = SendForm(posted(request))
    if form.is_bound and form.is_valid():
        # What is missing is told by the page below.
        with suppress(services.Incomplete):
            services.submit(submission)
            return redirect("submissions:confirmation", submission.key)
    context = for_submission(submission) | {
        "read": reading.whole(submission),
        "missing": services.missing_from(submission),
    }
    return show(request, "submissions/check_answers.html", context, form)


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


# Emailed links


@page
def request_link(request):
    """Ask for a way back; the answer is the same whether there is one or not."""
    form = LinkRequestForm(posted(request))
    if not (form.is_bound and form.is_valid()):
        return show(request, "submissions/request_link.html", {}, form)
    with transaction.atomic():
        services.request_link(form.cleaned_data["email"])
    request.session["link_sent_to"] = form.cleaned_data["email"]
    return redirect("submissions:link_sent")


@require_safe
def link_sent(request):
    context = {
        # Shown once: the next person at this computer need not know it.
        "address": request.session.pop("link_sent_to", ""),
        "days": emails.RESUME_LINK_DAYS,
    }
    return show(request, "submissions/link_sent.html", context)


@page
def resume(request, token):
    """Say whose response a link opens; only the button opens it.

    Mail scanners follow links, and press no buttons.
    """
    links = ResumeLink.objects.for_token(token)
    link = get_object_or_404(links.select_related("submission__consultation"))
    if request.method == "POST":
        held.hold(request, link.submission)
        # Goes on to the confirmation by itself when it was sent.
        return redirect("submissions:contents", link.submission.key)
    context = for_submission(link.submission) | {"sent_to": masked(link.sent_to)}
    return show(request, "submissions/resume.html", context)


def masked(address):
    """Return an address that its owner recognises: n…@e…."""
    local, _at, domain = address.partition("@")
    return f"{local[:1]}…@{domain[:1]}…"


@csrf_exempt
@page
def reminders(request, token):
    """Stop reminders in one click from a mail program; show a button to a browser.

    RFC 8058: the mail program posts without cookies and follows no redirect.
    """
    submission_id = signed_id_or_404(token)
    if request.method == "POST":
        services.stop_reminders(submission_id)
        return HttpResponse(_("Reminders stopped."), content_type="text/plain")
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
