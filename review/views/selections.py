"""Selections that were given a name: kept, shared, renamed and deleted."""

from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from review import audit, roles
from review.finding.selection import Selection
from review.forms.finding import SavedSelectionForm
from review.models import SavedSelection

may_read = permission_required(roles.READ, raise_exception=True)


@may_read
def selections(request):
    """Show the saved selections; a POST saves the one of the address under a name."""
    if request.method not in ("GET", "HEAD", "POST"):
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    selection = Selection.of(request)
    if request.method != "POST":
        return _show(request, selection)
    query = selection.query_string.removeprefix("?")
    form = SavedSelectionForm(
        request.POST, instance=SavedSelection(owner=request.user, query=query)
    )
    if not form.is_valid():
        return _show(request, selection, form, status=422)
    saved = form.save()
    audit.note(request, audit.CHANGE, about=saved, is_shared=saved.is_shared)
    words = _("“%(name)s” is saved. Its address can be passed on.")
    messages.success(request, words % {"name": saved.name})
    to_list = reverse("admin:submissions_submission_changelist")
    return redirect(to_list + selection.query_string)


def _show(request, selection, form=None, status=200):
    saved = SavedSelection.objects.for_user(request.user).select_related("owner")
    described = [
        (one, Selection.from_string(one.query, request.user).in_words())
        for one in saved
    ]
    context = admin.site.each_context(request) | {
        "title": _("Saved selections"),
        "selection": selection,
        "form": form or SavedSelectionForm(),
        "mine": [pair for pair in described if pair[0].owner_id == request.user.pk],
        "shared": [pair for pair in described if pair[0].owner_id != request.user.pk],
    }
    template = "review/finding/selections.html"
    return TemplateResponse(request, template, context, status=status)


@may_read
def selection(request, pk):
    """Rename a saved selection of one's own, or share it."""
    saved = get_object_or_404(SavedSelection, pk=pk, owner=request.user)
    form = SavedSelectionForm(
        request.POST if request.method == "POST" else None, instance=saved
    )
    if request.method == "POST" and form.is_valid():
        form.save()
        audit.note(request, audit.CHANGE, about=saved, is_shared=saved.is_shared)
        messages.success(request, _("“%(name)s” is saved.") % {"name": saved.name})
        return redirect("admin:review_selections")
    context = admin.site.each_context(request) | {
        "title": _("Rename or share"),
        "saved": saved,
        "form": form,
        "in_words": Selection.from_string(saved.query, request.user).in_words(),
    }
    status = 422 if form.errors else 200
    template = "review/finding/selection.html"
    return TemplateResponse(request, template, context, status=status)


@require_POST
@may_read
def delete_selection(request, pk):
    saved = get_object_or_404(SavedSelection, pk=pk, owner=request.user)
    audit.note(request, audit.CHANGE, about=saved, what="deleted")
    name = saved.name
    saved.delete()
    messages.success(request, _("“%(name)s” is deleted.") % {"name": name})
    return redirect("admin:review_selections")
