"""Notes on a submission: everybody on the staff reads them, only authors change theirs."""

from django.contrib import admin, messages
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from review.finding.selection import Selection
from review.forms.reading import NoteForm
from review.models import Note

from .reading import back, did, find, may_review, show


@require_POST
@may_review
def add_note(request, pk):
    """Keep a note; one that is refused comes back as it was typed."""
    found = find(pk)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return show(request, found, note_form=form, status=422)
    form.instance.submission = found
    form.instance.author = request.user
    form.save()
    did(request, found, "noted")
    messages.success(request, _("Your note is kept."))
    return back(request, found, "#notes")


@require_http_methods(["GET", "HEAD", "POST"])
@may_review
def note(request, pk, note):
    """Let an author change a note."""
    found, own = _find_own(request, pk, note)
    form = NoteForm(instance=own)
    if request.method == "POST":
        form = NoteForm(request.POST, instance=own)
        if form.is_valid():
            form.instance.changed_at = timezone.now()
            form.save()
            did(request, found, "note-changed")
            return back(request, found, "#notes")
    context = admin.site.each_context(request) | {
        "title": _("Change your note"),
        "submission": found,
        "selection": Selection.of(request),
        "note": own,
        "form": form,
    }
    status = 422 if form.is_bound else 200
    return TemplateResponse(request, "review/reading/note.html", context, status=status)


@require_POST
@may_review
def delete_note(request, pk, note):
    found, own = _find_own(request, pk, note)
    own.delete()
    did(request, found, "note-deleted")
    messages.success(request, _("Your note is deleted."))
    return back(request, found, "#notes")


def _find_own(request, pk, note):
    found = find(pk)
    notes = Note.objects.filter(submission=found, author=request.user)
    return found, get_object_or_404(notes, pk=note)
