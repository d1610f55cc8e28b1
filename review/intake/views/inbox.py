"""What waits, and who sent it."""

from contextlib import suppress

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_safe,
)

from consultations.models import Consultation
from review import audit
from review.intake import services
from review.intake.forms import (
    DetailsForm,
)
from review.models import Intake
from submissions import typos
from submissions.models import LateRequest

from .base import (
    PER_PAGE,
    intake_page,
    may_moderate,
    page,
    show,
)


@require_safe
@may_moderate
def inbox(request):
    """Show who asks to be accepted late, and what waits to be placed and checked."""
    state = request.GET.get("state", "")
    intakes = {
        "": Intake.objects.waiting(),
        "place": Intake.objects.to_place(),
        "check": Intake.objects.to_check(),
        "done": Intake.objects.standing().taken_in().order_by("-checked_at"),
    }
    if state not in intakes:
        raise Http404
    listed = intakes[state].select_related(
        "submission", "handed_over_by", "consultation"
    )
    late = LateRequest.objects.filter(is_accepted=None, submission__submitted_at=None)
    context = {
        "title": _("Intake"),
        "page": Paginator(listed, PER_PAGE).get_page(request.GET.get("p")),
        "state": state,
        "late_requests": late.select_related("submission").order_by("asked_at")[
            :PER_PAGE
        ],
        "late_count": late.count(),
    }
    return show(request, "inbox", context)


@page
@may_moderate
def start(request):
    """Begin with how evidence came and from whom."""
    if request.method == "POST":
        form = DetailsForm(request.POST)
        if form.is_valid():
            intake = services.start(form.cleaned_data, staff=request.user)
            audit.note(request, audit.CHANGE, about=intake)
            _warn_of_address(request, intake)
            return redirect("admin:review_intake_add", intake.pk)
    else:
        call = Consultation.objects.published().first()
        form = DetailsForm(
            initial={"consultation": call, "received_at": timezone.now()}
        )
    return show(request, "details", {"title": _("Take evidence in")}, form)


@page
@intake_page
def details(request, intake):
    """Change what is known of the sender, until it is handed over."""
    if not intake.may_change:
        raise services.NoLongerOpen
    if request.method == "POST":
        form = DetailsForm(request.POST, instance=intake)
        if form.is_valid():
            services.keep_details(intake, form.cleaned_data)
            _warn_of_address(request, intake)
            return redirect("admin:review_intake_place", intake.pk)
    else:
        form = DetailsForm(instance=intake)
    context = {"title": _("The sender"), "intake": intake}
    return show(request, "details", context, form)


def _warn_of_address(request, intake):
    if meant := typos.suggestion(intake.email):
        words = _("Look at the email address again: did the sender mean %(address)s?")
        messages.warning(request, words % {"address": meant})


@page
@intake_page
def throw_away(request, intake):
    """Ask, then forget an intake that was begun by mistake."""
    if request.method == "POST":
        with suppress(services.NoLongerOpen):
            services.throw_away(intake)
        return redirect("admin:review_intake")
    context = {"title": _("Throw it away?"), "intake": intake}
    return show(request, "throw_away", context)
