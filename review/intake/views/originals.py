"""What came, as it came."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_POST,
    require_safe,
)

from review import audit
from review.intake import services
from review.intake.forms import (
    OriginalsForm,
    TypedForm,
)
from submissions.files.download import as_download
from submissions.files.refusals import WORDS, Unacceptable

from .base import intake_page, page, show


@page
@intake_page
def add(request, intake):
    """Keep originals: a pasted text, files, or both."""
    if not intake.may_change:
        raise services.NoLongerOpen
    if request.method == "POST":
        form = OriginalsForm(request.POST, request.FILES)
        if form.is_valid() and _keep_originals(form, intake, request.user):
            return redirect("admin:review_intake_place", intake.pk)
    else:
        form = OriginalsForm()
    context = {
        "title": _("Add the original"),
        "intake": intake,
        "originals": intake.originals.select_related("stored"),
    }
    return show(request, "add", context, form)


def _keep_originals(form, intake, staff):
    """Keep each file that is acceptable, then the text; tell the form of the others."""
    data = form.cleaned_data
    for upload in data["files"]:
        try:
            services.add_file(intake, upload, staff=staff)
        except Unacceptable as refusal:
            words = _("%(name)s: %(words)s. Select it again when it is mended")
            problem = {"name": upload.name, "words": WORDS[refusal.code]}
            form.add_error("files", ValidationError(words % problem))
    if data["text"] and not form.errors:
        name = data["title"] or str(_("Pasted text"))
        try:
            services.add_text(intake, name=name, text=data["text"], staff=staff)
        except Unacceptable as refusal:
            form.add_error("text", WORDS[refusal.code])
    return not form.errors


@page
@intake_page
def type_text(request, intake, original):
    """Type what a scan says, beside nothing but its name: the scan is a download away."""
    original = get_object_or_404(intake.originals.select_related("stored"), pk=original)
    if not intake.may_change:
        raise services.NoLongerOpen
    form = TypedForm(
        request.POST if request.method == "POST" else None,
        initial={"text": original.text},
    )
    if form.is_bound and form.is_valid():
        try:
            services.type_text(original, form.cleaned_data["text"])
            return redirect("admin:review_intake_place", intake.pk)
        except services.PlacedAlready:
            form.add_error(
                "text", _("Some of it is placed already: take that back first")
            )
    context = {"title": original.name, "intake": intake, "original": original}
    return show(request, "type_text", context, form)


@require_POST
@intake_page
def remove_original(request, intake, original):
    """Take an original away of which nothing is placed."""
    original = get_object_or_404(intake.originals, pk=original)
    try:
        services.remove_original(original)
    except services.PlacedAlready:
        words = _("Some of it is placed already: take that back first.")
        messages.error(request, words)
    return redirect("admin:review_intake_place", intake.pk)


@require_safe
@intake_page
def file(request, intake, original):
    """Give staff an original as it came."""
    original = get_object_or_404(intake.originals.select_related("stored"), pk=original)
    audit.note(request, audit.DOWNLOAD, about=original)
    return as_download(original)
