"""The second person, and the letter to the sender."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_safe,
)

from review.intake import duplicates, services
from review.intake.desk import Desk
from review.intake.forms import (
    SendBackForm,
)
from submissions import reading

from .base import intake_page, page, show


@page
@intake_page
def check(request, intake):
    """Have another person confirm that a transcription is right, or say what is not."""
    if not intake.is_handed_over:
        return redirect("admin:review_intake_place", intake.pk)
    form = SendBackForm()
    if request.method == "POST" and "send_back" in request.POST:
        form = SendBackForm(request.POST)
        if form.is_valid():
            services.send_back(intake, reason=form.cleaned_data["reason"])
            messages.success(request, _("It is open to be changed again."))
            return redirect("admin:review_intake")
    elif request.method == "POST":
        return _take_in(request, intake)
    desk = Desk(intake)
    context = {
        "title": str(intake),
        "intake": intake,
        "desk": desk,
        "duplicates": duplicates.of(intake, desk),
        "may_check": not intake.is_taken_in and intake.handed_over_by != request.user,
    }
    return show(request, "check", context, form)


def _take_in(request, intake):
    try:
        seen = parse_datetime(request.POST.get("seen", "")[:40])
    except ValueError:
        # As if it were no moment at all: not what was seen.
        seen = None
    try:
        submission = services.take_in(intake, staff=request.user, seen=seen)
    except services.SamePerson:
        words = _("You handed it over yourself: somebody else must check it.")
        messages.error(request, words)
    except services.ChangedMeanwhile:
        words = _("It was changed since you opened it. Look at it again.")
        messages.warning(request, words)
    else:
        words = _("It is taken in as %(reference)s.")
        messages.success(request, words % {"reference": submission.reference})
        if not submission.email:
            return redirect("admin:review_intake_letter", intake.pk)
    return redirect("admin:review_intake_check", intake.pk)


@require_safe
@intake_page
def letter(request, intake):
    """Show a letter to print: the reference, and what we made of what was sent."""
    if not intake.is_taken_in:
        return redirect("admin:review_intake_place", intake.pk)
    context = {
        "title": _("Letter to the sender"),
        "intake": intake,
        "submission": intake.submission,
        "read": reading.whole(intake.submission),
        "today": timezone.now(),
    }
    return show(request, "letter", context)
