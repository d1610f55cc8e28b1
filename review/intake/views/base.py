"""What every page of an intake begins with and answers by."""

from functools import wraps

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
)

from review import audit, roles
from review.intake import services
from review.models import Intake

PER_PAGE = 50

may_moderate = permission_required(roles.MODERATE, raise_exception=True)
page = require_http_methods(["GET", "HEAD", "POST"])


def intake_page(view):
    """Give the view the intake; one that may no longer be changed leads to where it is."""

    @may_moderate
    @wraps(view)
    def wrapped(request, pk, **kwargs):
        intakes = Intake.objects.standing().select_related(
            "consultation", "submission", "started_by", "handed_over_by", "checked_by"
        )
        intake = get_object_or_404(intakes, pk=pk)
        audit.note(request, _action(request), about=intake)
        try:
            return view(request, intake, **kwargs)
        except services.NoLongerOpen:
            return no_longer_open(request, intake)

    return wrapped


def _action(request):
    return audit.CHANGE if request.method == "POST" else audit.VIEW


def show(request, name, context, form=None):
    """Render a page in the staff site's frame; with a form that was refused it answers 422."""
    is_refused = form is not None and form.is_bound
    return TemplateResponse(
        request,
        f"review/intake/{name}.html",
        admin.site.each_context(request) | {"form": form} | context,
        status=422 if is_refused else 200,
    )


def no_longer_open(request, intake):
    """Lead to where the intake is now; what was typed and cannot be kept is given back."""
    typed = [
        text
        for name, text in request.POST.items()
        if name.startswith(("text", "reason")) and text.strip()
    ]
    if request.method != "POST" or not typed:
        return redirect(_url_name(intake), intake.pk)
    context = {
        "title": _("It was handed over meanwhile"),
        "intake": intake,
        "typed": typed,
    }
    response = show(request, "no_longer_open", context)
    response.status_code = 422
    return response


def _url_name(intake):
    return (
        "admin:review_intake_check"
        if intake.is_handed_over
        else "admin:review_intake_place"
    )
