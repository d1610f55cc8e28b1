"""How often each theme stands on what, and the passages behind each number."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from consultations.models import Consultation
from review import audit, passages
from review.bounded import BoundedPages
from review.codebook import chosen_call
from review.finding.selection import Selection
from review.forms.themes import SplitForm
from review.models import Theme
from review.said import said_by
from review.services import themes as services
from review.theme_counts import (
    QUESTION,
    TYPE,
    columns,
    in_column,
    standing,
    table,
)

from .themes import may_read, may_review, page

PER_PAGE, AROUND, OF_WHOLE = 25, 240, 600


@require_safe
@may_read
def themes_counts(request):
    """Show how often each theme stands on what, each number with its passages."""
    call, selection = chosen_call(request), Selection.of(request)
    by = TYPE if request.GET.get("by") == TYPE else QUESTION
    shown, rows, counted_at = table(call, selection, by) if call else ([], [], None)
    return page(
        request,
        "review/themes/counts.html",
        _("Themes counted"),
        call=call,
        calls=Consultation.objects.all(),
        selection=selection,
        by=by,
        columns=shown,
        rows=rows,
        counted_at=counted_at,
        query=selection.query_string.removeprefix("?"),
    )


@require_safe
@may_read
def theme_passages(request, pk):
    """Show the passages that one number of the counts stands for, each in its text."""
    theme = get_object_or_404(Theme.objects.select_related("consultation"), pk=pk)
    audit.note(request, audit.VIEW, about=theme)
    return _show(request, theme)


def _show(request, theme, form=None):
    column, found = _found(request, theme)
    ordered = found.select_related("submission", "added_by")
    pages = BoundedPages(ordered.order_by("-submission__submitted_at", "pk"), PER_PAGE)
    selection = Selection.of(request)
    shown = pages.get_page(request.GET.get("page"))
    return page(
        request,
        "review/themes/passages.html",
        theme.name,
        status=422 if form else 200,
        theme=theme,
        call=theme.consultation,
        column=column,
        selection=selection,
        shown=shown,
        in_context=_in_context(shown.object_list),
        form=form or SplitForm(found=found),
        query=_query(selection, column),
    )


def _query(selection, column):
    """Return what chose these passages, as an address has it."""
    asked = [selection.query_string.removeprefix("?")]
    asked += [f"column={column.key}"] if column else []
    return "&".join(filter(None, asked))


def _found(request, theme):
    """Return the `Column` that the address names, or None, and its passages."""
    key = request.GET.get("column")
    known = [*columns(theme.consultation, QUESTION), *columns(theme.consultation, TYPE)]
    column = next((one for one in known if one.key == key), None)
    found = standing(Selection.of(request)).filter(theme=theme)
    return column, in_column(found, column) if column else found


def _in_context(found):
    """Return each passage with the words around it; four queries for all of them."""
    said = said_by({passage.submission_id for passage in found})
    texts = {(pk, text.place): text for pk, texts in said.items() for text in texts}
    return [
        _around(passage, texts.get((passage.submission_id, passage.place)))
        for passage in found
    ]


def _around(passage, said):
    span = passages.moved(passage, said.text) if said else None
    shown = {"passage": passage, "code": said.code if said else ""}
    if span is None:
        return shown | {"words": passage.quote, "is_lost": True}
    start, end = span
    if passage.is_whole:
        end = min(end, OF_WHOLE)
    return shown | {
        "is_lost": False,
        "begins_before": start > AROUND,
        "before": said.text[max(0, start - AROUND) : start],
        "words": said.text[start:end],
        "after": "" if passage.is_whole else said.text[end : end + AROUND],
        "goes_on": len(said.text) > end + (0 if passage.is_whole else AROUND),
    }


@require_POST
@may_review
def split_theme(request, pk):
    """Make chosen passages of a theme a theme of their own."""
    theme = get_object_or_404(Theme.objects.select_related("consultation"), pk=pk)
    _column, found = _found(request, theme)
    form = SplitForm(request.POST, found=found)
    if form.is_valid():
        moving = form.cleaned_data["passages"].values_list("pk", flat=True)
        name = form.cleaned_data["name"]
        try:
            new = services.split(theme, list(moving), request.user, name=name)
        except services.Refused as refusal:
            form.add_error("name", str(refusal))
        else:
            audit.note(request, audit.CHANGE, about=theme, did="split", into=new.pk)
            words = _("“%(new)s” is a theme of its own: give it a meaning.")
            messages.success(request, words % {"new": new})
            return redirect("admin:review_theme", new.pk)
    return _show(request, theme, form=form)
