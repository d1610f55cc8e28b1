"""The page to read one submission on, and what staff do from there."""

from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from review import audit, changes, history, layout, roles, shortcuts
from review.finding import listing
from review.finding.selection import Selection
from review.forms.reading import AssignForm, NoteForm
from review.models import Assignment, Flag
from review.services import reading as services
from submissions.data import in_words
from submissions.models import Submission

may_read = permission_required(roles.READ, raise_exception=True)
may_review = permission_required(roles.REVIEW, raise_exception=True)


def find(pk):
    return get_object_or_404(Submission.objects.submitted(), pk=pk)


@require_safe
@may_read
def submission(request, pk):
    """Show a submission whole, with what staff make of it beside it."""
    found = find(pk)
    audit.note(request, audit.VIEW, about=found)
    return show(request, found)


def show(request, submission, *, note_form=None, status=200):
    """Return the reading page; `note_form` is one that was refused."""
    selection = Selection.of(request)
    parts, files = layout.parts_of(submission)
    context = admin.site.each_context(request) | {
        "opts": Submission._meta,
        "title": submission.reference,
        "submission": submission,
        "selection": selection,
        "parts": parts,
        "words": sum(part.words for part in parts),
        "files": files,
        "file_page": "admin:submissions_submission_file",
        "for_staff": True,
        "keys": shortcuts.KEYS,
        "has_shortcuts": shortcuts.are_on(request.user),
        "may_review": request.user.has_perm(roles.REVIEW),
        "place": listing.place_of(selection, submission),
        **_what_staff_made_of_it(request.user, submission, note_form),
    }
    template = "admin/submissions/submission/change_form.html"
    return TemplateResponse(request, template, context, status=status)


def _what_staff_made_of_it(user, submission, note_form):
    revisions = list(submission.revisions.defer("contents"))
    readings = list(submission.readings.select_related("user").order_by("read_at"))
    mine = next((one for one in readings if one.user_id == user.pk), None)
    assignment = Assignment.objects.filter(submission=submission)
    assignment = assignment.select_related("user").first()
    return {
        "revisions": revisions,
        "readings": readings,
        "my_reading": mine,
        "changed_since": mine and revisions and mine.revision < revisions[-1].number,
        "assignment": assignment,
        "assign_form": AssignForm(assignment=assignment),
        "is_mine": assignment is not None and assignment.user_id == user.pk,
        "is_flagged": Flag.objects.filter(submission=submission, user=user).exists(),
        "notes": submission.notes.select_related("author"),
        "note_form": note_form or NoteForm(),
        "history": history.of(submission),
    }


def back(request, submission, anchor=""):
    """Lead back to the reading page, within the same list."""
    page = reverse("admin:submissions_submission_change", args=[submission.pk])
    return redirect(f"{page}{Selection.of(request).query_string}{anchor}")


def did(request, submission, what, **details):
    audit.note(request, audit.CHANGE, about=submission, what=what, **details)


@require_POST
@may_review
def mark_read(request, pk):
    """Write down that it is read, and go on to the next of the list if asked to."""
    found = find(pk)
    services.mark_read(found, request.user)
    did(request, found, "read")
    if "next" not in request.POST:
        return back(request, found)
    selection = Selection.of(request)
    following = listing.place_of(selection, found).next
    if following:
        words = _("%(reference)s is marked as read. This is the next.")
        messages.success(request, words % {"reference": found.reference})
        return back(request, following)
    words = _("%(reference)s is marked as read. It is the last of this list.")
    messages.success(request, words % {"reference": found.reference})
    to_list = reverse("admin:submissions_submission_changelist")
    return redirect(to_list + selection.query_string)


@require_POST
@may_review
def mark_unread(request, pk):
    found = find(pk)
    services.mark_unread(found, request.user)
    did(request, found, "unread")
    return back(request, found)


@require_POST
@may_review
def flag(request, pk):
    """Put the person's flag on it, or take it off: as the button said."""
    found = find(pk)
    if request.POST.get("flag") == "off":
        services.unflag(found, request.user)
    else:
        services.flag(found, request.user)
    did(request, found, "flag")
    return back(request, found)


@require_POST
@may_review
def assign(request, pk):
    """Hand it to a colleague, take it, or give it back."""
    found = find(pk)
    form = AssignForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose who is to have it, and try again."))
        return back(request, found)
    to = form.cleaned_data["to"]
    try:
        services.assign(found, to, by=request.user, seen=form.cleaned_data["seen"])
    except services.TakenMeanwhile:
        words = _("Nothing was changed: a colleague changed whose it is meanwhile.")
        messages.warning(request, words)
    else:
        did(request, found, "assigned" if to else "released", to=to and to.pk)
    return back(request, found)


@require_POST
@may_review
def take_next(request):
    """Give the person the one of the list that the fewest have read."""
    selection = Selection.of(request)
    found = services.take_next(selection.submissions, request.user)
    if found:
        did(request, found, "assigned", to=request.user.pk)
        messages.success(request, _("%s is yours to read.") % found.reference)
        return back(request, found)
    words = _(
        "Nothing is left in this list that is nobody's and that you have not read."
    )
    messages.info(request, words)
    to_list = reverse("admin:submissions_submission_changelist")
    return redirect(to_list + selection.query_string)


@require_safe
@may_read
def revision(request, pk, number):
    """Show what stood in a submission at one time."""
    found = find(pk)
    stood = get_object_or_404(found.revisions, number=number)
    audit.note(request, audit.VIEW, about=found, revision=number)
    context = admin.site.each_context(request) | {
        "opts": Submission._meta,
        "title": _("%(reference)s as it was") % {"reference": found.reference},
        "submission": found,
        "revision": stood,
        "contents": in_words(stood.contents),
    }
    template = "admin/submissions/submission/revision.html"
    return TemplateResponse(request, template, context)


@require_safe
@may_read
def changed(request, pk, since):
    """Show what the respondent has changed since one sending, word by word."""
    found = find(pk)
    before = get_object_or_404(found.revisions, number=since)
    newest = found.revisions.order_by("number").last()
    audit.note(request, audit.VIEW, about=found, since=since)
    context = admin.site.each_context(request) | {
        "opts": Submission._meta,
        "title": _("Changes to %(reference)s") % {"reference": found.reference},
        "submission": found,
        "selection": Selection.of(request),
        "before": before,
        "newest": newest,
        "changes": changes.between(before.contents, newest.contents),
    }
    return TemplateResponse(request, "review/reading/changed.html", context)
