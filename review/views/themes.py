"""The codebook: a call's themes, and what happens to them."""

from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from consultations.models import Consultation
from review import audit, kept, roles
from review.codebook import chosen_call, tree
from review.finding.selection import Selection
from review.forms.themes import MergeForm, ThemeForm
from review.models import Theme, ThemeChange
from review.services import themes as services
from review.theme_counts import NONE, THEMES, totals_of

may_read = permission_required(roles.READ, raise_exception=True)
may_review = permission_required(roles.REVIEW, raise_exception=True)


def page(request, template, title, status=200, **context):
    """Return a page of the themes in the frame of the staff site."""
    context |= admin.site.each_context(request) | {
        "title": title,
        "may_review": request.user.has_perm(roles.REVIEW),
    }
    return TemplateResponse(request, template, context, status=status)


def of_call(name, call):
    """Return the address of one of these pages, of one call."""
    return f"{reverse(name)}?call={call.slug}"


@require_safe
@may_read
def codebook(request):
    """Show the themes of a call as a tree, and how often each is used."""
    call = chosen_call(request)
    themes = kept.Figure([])
    if call:
        themes = kept.Figures(Selection.of(request), call).of(THEMES)
    counts = totals_of(themes)
    return page(
        request,
        "review/themes/codebook.html",
        _("Themes"),
        call=call,
        calls=Consultation.objects.all(),
        counted_at=themes.counted_at,
        rows=[
            (entry, *counts.get(entry.theme.pk, NONE))
            for entry in (tree(call) if call else [])
        ],
    )


@require_http_methods(["GET", "HEAD", "POST"])
@may_review
def add_theme(request):
    """Add a theme to the codebook of a call."""
    call = chosen_call(request)
    if call is None:
        return redirect("admin:review_themes")
    entries = tree(call)
    form = ThemeForm(entries=entries, initial={"colour": services.next_colour(call)})
    if request.method == "POST":
        form = ThemeForm(request.POST, entries=entries)
        if form.is_valid():
            try:
                theme = services.add(call, request.user, **form.cleaned_data)
            except services.Refused as refusal:
                form.add_error("name", str(refusal))
            else:
                audit.note(request, audit.CHANGE, about=theme, did="added")
                words = _("“%(name)s” is in the codebook.") % {"name": theme}
                messages.success(request, words)
                return redirect(of_call("admin:review_themes", call))
    return page(
        request,
        "review/themes/add.html",
        _("Add a theme"),
        status=422 if form.is_bound else 200,
        call=call,
        form=form,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@may_read
def theme(request, pk):
    """Show a theme, with its history, to change it or merge it into another."""
    found = get_object_or_404(Theme.objects.select_related("consultation"), pk=pk)
    audit.note(request, audit.VIEW, about=found)
    if request.method == "POST":
        return _change(request, found)
    return show(request, found)


@may_review
def _change(request, found):
    form = ThemeForm(request.POST, entries=tree(found.consultation), theme=found)
    if form.is_valid():
        try:
            services.change(found, request.user, **form.cleaned_data)
        except services.Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            audit.note(request, audit.CHANGE, about=found, did="changed")
            messages.success(request, _("It is changed."))
            return redirect("admin:review_theme", found.pk)
    return show(request, found, form=form, status=422)


def show(request, found, *, form=None, merge_form=None, status=200):
    """Return the page of a theme; a form is one that was refused."""
    entries = tree(found.consultation)
    fields = ["name", "meaning", "parent", "colour"]
    as_it_is = {name: getattr(found, name) for name in fields}
    figures = kept.Figures(Selection.of(request), found.consultation)
    themes = figures.of(THEMES, Q(theme=found))
    submissions, passages = totals_of(themes).get(found.pk, NONE)
    changes = ThemeChange.objects.filter(Q(theme=found) | Q(other=found))
    return page(
        request,
        "review/themes/theme.html",
        found.name,
        status=status,
        theme=found,
        call=found.consultation,
        form=form or ThemeForm(initial=as_it_is, entries=entries, theme=found),
        merge_form=merge_form or MergeForm(entries=entries, theme=found),
        passages=passages,
        submissions=submissions,
        counted_at=themes.counted_at,
        reason_to_keep=services.reason_to_keep(found),
        changes=changes.select_related("theme", "other", "changed_by"),
    )


@require_POST
@may_review
def merge_theme(request, pk):
    """Merge a theme into another, which takes its passages and parts."""
    found = get_object_or_404(Theme.objects.select_related("consultation"), pk=pk)
    entries = tree(found.consultation)
    form = MergeForm(request.POST, entries=entries, theme=found)
    if form.is_valid():
        into = form.cleaned_data["into"]
        try:
            services.merge(found, into, request.user)
        except services.Refused as refusal:
            form.add_error("into", str(refusal))
        else:
            audit.note(request, audit.CHANGE, about=found, did="merged", into=into.pk)
            words = _("“%(theme)s” is now part of “%(into)s”, which took its passages.")
            messages.success(request, words % {"theme": found, "into": into})
            return redirect("admin:review_theme", into.pk)
    return show(request, found, merge_form=form, status=422)


@require_POST
@may_review
def separate_theme(request, pk):
    """Undo the merge of a theme."""
    found = get_object_or_404(Theme, pk=pk)
    try:
        services.separate(found, request.user)
    except services.Refused as refusal:
        messages.error(request, str(refusal))
    else:
        audit.note(request, audit.CHANGE, about=found, did="separated")
        words = _("“%(theme)s” has its passages back.") % {"theme": found}
        messages.success(request, words)
    return redirect("admin:review_theme", found.pk)


@require_POST
@may_review
def delete_theme(request, pk):
    """Delete a theme that stands on nothing."""
    found = get_object_or_404(Theme.objects.select_related("consultation"), pk=pk)
    audit.note(request, audit.CHANGE, about=found, did="deleted")
    try:
        services.delete(found)
    except services.Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("admin:review_theme", found.pk)
    words = _("“%(theme)s” is deleted: it stood on nothing.") % {"theme": found}
    messages.success(request, words)
    return redirect(of_call("admin:review_themes", found.consultation))
