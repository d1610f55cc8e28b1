"""What anyone may read, and the start of a response."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from consultations.models import Consultation
from principles.models import PrincipleVersion
from submissions import held, limits, services

from .pages import attachment, page, show


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
        "invitations": held.invitations(request, consultation),
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


@require_safe
def pack(request, slug, name):
    """Hand out the questions as a file to work on offline, also of a closed call."""
    # Few ask for it, and what writes PDF and Word fills ten megabytes of each process.
    from submissions.documents.pack import FORMATS, question_pack  # noqa: PLC0415

    consultation = get_object_or_404(Consultation.objects.published(), slug=slug)
    if name not in FORMATS:
        raise Http404
    content = question_pack(consultation, FORMATS[name])
    return attachment(content, FORMATS[name].content_type, f"{slug}-{name}")


@require_safe
def privacy(request, slug):
    """Show how the call uses data: the version of its notice that holds now."""
    consultation = get_object_or_404(Consultation.objects.published(), slug=slug)
    context = {"consultation": consultation, "notice": consultation.privacy_notice}
    return show(request, "submissions/privacy.html", context)


@require_safe
def accessibility(request):
    """Say what everybody can expect of these pages, and whom to tell otherwise."""
    contact = Consultation.objects.open().first()
    return show(request, "submissions/accessibility.html", {"contact": contact})


@page
def start(request, slug):
    """Say what to expect; the button makes an empty draft that this browser holds."""
    consultation = get_object_or_404(Consultation.objects.published(), slug=slug)
    if request.method == "POST":
        if limits.is_exceeded(limits.STARTS, request):
            return render(request, "submissions/too_often.html", status=429)
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
