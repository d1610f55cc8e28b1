"""The list of submissions: filtered, searched, and worked through."""

from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from review import audit, roles
from review.finding import filtering
from review.finding.listing import Listing
from review.finding.selection import Selection
from review.forms.finding import SavedSelectionForm, TogetherForm
from review.models import SavedSelection
from review.services import together
from submissions.models import Submission

may_read = permission_required(roles.READ, raise_exception=True)
may_review = permission_required(roles.REVIEW, raise_exception=True)


@require_safe
@may_read
def submissions(request):
    """Show the submissions of a selection, a page of them at a time."""
    selection = Selection.of(request)
    if "" in [value for _name, values in request.GET.lists() for value in values]:
        # A form sends its empty boxes too: the address is to be passed on.
        return redirect(url_of_list(request, selection))
    audit.note(request, audit.VIEW, groups=list(selection.options))
    return show(request, selection)


def show(request, selection, *, together_form=None, status=200):
    """Return the page of the list; `together_form` is one that was refused."""
    listing = Listing(selection, page_number(request))
    context = admin.site.each_context(request) | {
        "opts": Submission._meta,
        "title": _("Submissions"),
        "selection": selection,
        "typed": request.GET.get("q", ""),
        "panel": filtering.panel(selection),
        "chips": filtering.chips(selection),
        "sorts": filtering.sorts(selection),
        "listing": listing,
        "pages": filtering.pages(listing),
        "saved": SavedSelection.objects.for_user(request.user).select_related("owner"),
        "save_form": SavedSelectionForm(),
        "together_form": together_form or TogetherForm(),
        "may_review": request.user.has_perm(roles.REVIEW),
        "may_export": request.user.has_perm(roles.EXPORT),
    }
    return TemplateResponse(request, "review/finding/list.html", context, status=status)


def page_number(request):
    """Return the page that is asked for, 1 for what is no number."""
    number = request.GET.get("page", "")
    return int(number) if number.isdecimal() and len(number) < 9 else 1


def url_of_list(request, selection):
    """Return the address of the list, at the page that was asked for."""
    query = selection.query_string
    if (page := page_number(request)) > 1:
        query = f"{query}{'&' if query else '?'}page={page}"
    return reverse("admin:submissions_submission_changelist") + query


@require_POST
@may_review
def work_together(request):
    """Mark several submissions as read, or give them to somebody."""
    selection = Selection.of(request)
    form = TogetherForm(request.POST)
    if not form.is_valid():
        return show(request, selection, together_form=form, status=422)
    if "read" in request.POST:
        _mark_read(request, form.cleaned_data["seen"])
    else:
        _assign(request, form.cleaned_data["seen"], form.cleaned_data["assign_to"])
    return redirect(url_of_list(request, selection))


def _mark_read(request, seen):
    chosen = Submission.objects.submitted().filter(pk__in=seen)
    count = together.mark_all_read(chosen, request.user)
    audit.note(request, audit.CHANGE, what="read", submissions=sorted(seen))
    words = ngettext(
        "%(count)s submission is marked as read by you.",
        "%(count)s submissions are marked as read by you.",
        count,
    )
    messages.success(request, words % {"count": count})


def _assign(request, seen, to):
    count = together.assign_all(seen, to, by=request.user)
    audit.note(
        request,
        audit.CHANGE,
        what="assigned" if to else "released",
        submissions=sorted(seen),
        to=to and to.pk,
    )
    if to:
        words = ngettext(
            "%(count)s submission is assigned to %(who)s now.",
            "%(count)s submissions are assigned to %(who)s now.",
            count,
        )
    else:
        words = ngettext(
            "%(count)s submission is nobody's now.",
            "%(count)s submissions are nobody's now.",
            count,
        )
    messages.success(request, words % {"count": count, "who": to})
    if count < len(seen):
        words = _("The others were given to somebody else meanwhile, and stay theirs.")
        messages.warning(request, words)
