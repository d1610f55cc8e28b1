"""Exports: what goes into a file, those that are being made, and their download."""

from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.core.files.storage import storages
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from consultations.models import Consultation
from review import audit, roles
from review.door.again import confirmed_recently
from review.exports.making import name_of
from review.exports.work import folder_for, written
from review.finding.selection import Selection
from review.forms.exports import ExportForm
from review.models import Export, Format, Rows
from review.services import exports as services

may_export = permission_required(roles.EXPORT, raise_exception=True)

# So many are made while the page waits, in half a second; more, and what takes longer than
# CSV and JSON, are made by a worker.
MADE_AT_ONCE = 2_000
CONTENT_TYPES = {
    Format.CSV: "text/csv; charset=utf-8",
    Format.JSON: "application/json",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.ZIP: "application/zip",
}
SHOWN = 30


@may_export
def exports(request):
    """Show what can be exported of a selection, and give it or have it made."""
    return _asked(request) if request.method == "POST" else _page(request)


@confirmed_recently
def _asked(request):
    return _page(request)


def _page(request):
    selection = Selection.of(request)
    counts = selection.by_call
    calls = Consultation.objects.filter(slug__in=counts)
    form = ExportForm(
        request.POST if request.method == "POST" else None,
        calls=calls,
        instance=Export(
            owner=request.user,
            query=selection.query_string[1:],
            format=Format.XLSX,
            rows=Rows.SUBMISSIONS,
        ),
    )
    if request.method == "POST" and form.is_valid():
        return _given(request, form.save(commit=False), selection)
    context = admin.site.each_context(request) | {
        "title": _("Exports"),
        "form": form,
        "calls": [(call, counts[call.slug]) for call in calls],
        "count": counts.total(),
        "counted_at": selection.counted_at,
        "selection": selection,
        "at_once": MADE_AT_ONCE,
        **_mine(request),
    }
    status = 422 if form.errors else 200
    return TemplateResponse(request, "review/exports/page.html", context, status=status)


def _given(request, export, selection):
    """Send the file, or have it made; either is written down."""
    chosen = selection.submissions.filter(consultation=export.consultation)
    export.total = chosen.count()
    audit.note(
        request,
        audit.EXPORT,
        about=export.consultation,
        format=export.format,
        rows=export.rows,
        filter=_filter_to_note(selection),
        submissions=export.total,
        with_email=export.with_email,
        with_review=export.with_review,
    )
    can_be_sent = export.format in (Format.CSV, Format.JSON)
    if can_be_sent and export.total <= MADE_AT_ONCE:
        return _made_at_once(export, selection)
    services.request_export(export)
    messages.success(
        request, _("Your file is being made. It will stand below, for seven days.")
    )
    return redirect(reverse("admin:review_exports") + selection.query_string + "#mine")


def _filter_to_note(selection):
    """Return the filter without what was searched for: that may be somebody's name."""
    return {
        name: values if name != "q" else len(values)
        for name, values in selection.chosen.items()
    }


def _made_at_once(export, selection):
    """Give the file, which is whole before its first byte is sent."""
    with folder_for(export) as folder:
        path, moment = written(export, selection, folder)
        return FileResponse(
            # Deleted with its folder, it lasts for as long as it is open.
            path.open("rb"),
            as_attachment=True,
            filename=name_of(export, moment),
            content_type=CONTENT_TYPES[export.format],
        )


@may_export
@require_safe
def progress(request):
    """Show how far the exports are, for the script that puts it into the page."""
    return TemplateResponse(request, "review/exports/_mine.html", _mine(request))


def _mine(request):
    mine = list(request.user.exports.select_related("consultation")[:SHOWN])
    for export in mine:
        export.in_words = Selection.from_string(export.query, request.user).in_words()
    return {"mine": mine, "is_waiting": any(export.is_wanted for export in mine)}


@may_export
@confirmed_recently
@require_safe
def file(request, pk):
    """Give an export to whoever asked for it, or to who may have everybody's."""
    export = _export_or_404(request, pk)
    if not Export.objects.standing().filter(pk=pk).exists():
        messages.warning(request, _("That file is deleted. Export it again."))
        return redirect("admin:review_exports")
    try:
        content = storages["exports"].open(export.file)
    except FileNotFoundError as error:
        raise Http404 from error
    audit.note(
        request,
        audit.DOWNLOAD,
        about=export,
        filter=_filter_to_note(Selection.from_string(export.query, export.owner)),
        submissions=export.done,
        sha256=export.sha256,
    )
    return FileResponse(
        content,
        as_attachment=True,
        filename=export.name,
        content_type=CONTENT_TYPES[export.format],
        headers={"Content-Length": content.size},
    )


@may_export
@require_POST
def remove(request, pk):
    """Delete the file of an export now, or stop its being made."""
    export = _export_or_404(request, pk)
    services.remove(Export.objects.filter(pk=export.pk))
    audit.note(request, audit.CHANGE, about=export)
    messages.success(request, _("It is deleted."))
    return redirect(reverse("admin:review_exports") + "#mine")


def _export_or_404(request, pk):
    found = Export.objects.all()
    if not request.user.has_perm(roles.EVERY_EXPORT):
        found = found.filter(owner=request.user)
    return get_object_or_404(found, pk=pk)
