"""The moderators' pages: what waits, and one response on the desk."""

from functools import wraps

from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from review import audit, roles
from review.bounded import BoundedPages
from review.finding.selection import Selection
from review.forms.publishing import ApproveForm, NarrowForm, ReasonForm, RedactForm
from review.passages import NoPassage
from review.publishing import queue, snapshot
from review.publishing.desk import Desk
from review.publishing.side_by_side import files_of, parts_of
from review.services import publishing as services
from submissions.models import Publication, Submission

may_moderate = permission_required(roles.MODERATE, raise_exception=True)
PER_PAGE = 50


@require_safe
@may_moderate
def waiting(request):
    """List what is in one state, with how many are in each."""
    selection = Selection.of(request)
    counts, counted_at = queue.counts(selection)
    state = request.GET.get("state") or queue.State.TO_CHECK
    if state not in counts:
        raise Http404
    listed = BoundedPages(queue.in_state(selection.submissions, state), PER_PAGE)
    context = admin.site.each_context(request) | {
        "title": _("Publishing"),
        "state": queue.State(state),
        "states": [(one, one.label, f"{count:,}") for one, count in counts.items()],
        "counted_at": counted_at,
        "selection": selection,
        "page": listed.page(request.GET.get("page", 1)),
    }
    return TemplateResponse(request, "review/publishing/waiting.html", context)


@require_POST
@may_moderate
def publish_chosen(request):
    """Publish those that were ticked in the list, each for itself."""
    ids = [pk for pk in request.POST.getlist("chosen")[:PER_PAGE] if pk.isdecimal()]
    done = 0
    for submission in Submission.objects.submitted().filter(pk__in=ids):
        try:
            services.publish(submission, staff=request.user)
        except services.NotPossible as reason:
            words = f"{submission.reference}: {reason}"
            messages.warning(request, words)
        else:
            done += 1
    words = ngettext(
        "%(count)s response is published", "%(count)s responses are published", done
    )
    messages.success(request, words % {"count": done})
    audit.note(request, audit.CHANGE, what="publish", submissions=ids, done=done)
    state = queue.State.PUBLISHED if done else queue.State.APPROVED
    return _to_list(request, state)


def _to_list(request, state):
    response = redirect("admin:review_publishing")
    query = Selection.of(request).query_string
    response["Location"] += f"{query}&state={state}" if query else f"?state={state}"
    return response


def find(pk):
    return get_object_or_404(Submission.objects.submitted(), pk=pk)


@require_safe
@may_moderate
def desk(request, pk):
    """Show a response as it was sent and, beside it, as the public would read it."""
    submission = find(pk)
    audit.note(request, audit.VIEW, about=submission)
    return show(request, submission)


def show(request, submission, status=200, **forms):
    """Return the page of the desk; `forms` are those that were refused."""
    on_desk = Desk(submission)
    decision = services.decision_about(submission)
    found = queue.with_state(Submission.objects.filter(pk=submission.pk)).get()
    published = list(submission.published_responses.all())
    context = admin.site.each_context(request) | {
        "title": submission.reference,
        "submission": submission,
        "selection": Selection.of(request),
        "desk": on_desk,
        "parts": parts_of(on_desk),
        "files": files_of(on_desk),
        "has_public_files": bool(on_desk.public_files(Publication.WITH_NAME)),
        "decision": decision,
        "state": queue.State(found.state),
        "revision": services.revision_of(submission),
        "has_lapsed": _has_lapsed(decision, found.state),
        "consent": Publication(submission.publication or Publication.NOT),
        "halves": [half for half in snapshot.HALVES if on_desk.contents(half)],
        "published": published,
        "redactions": submission.redactions.select_related("made_by", "lifted_by"),
        "decisions": submission.publishing_decisions.select_related("decided_by"),
        "next_to_check": queue.next_to_check(
            Selection.of(request).submissions, submission
        ),
        "refused": forms.get("redact"),
        "approve_form": forms.get("approve"),
        "hold_form": forms.get("hold") or ReasonForm(prefix="hold"),
        "down_form": forms.get("down") or ReasonForm(prefix="down"),
        "narrow_form": forms.get("narrow") or NarrowForm(prefix="narrow"),
        "can_be_narrowed": submission.publication
        in (Publication.WITH_NAME, Publication.WITHOUT_NAME),
    }
    template = "review/publishing/desk.html"
    return TemplateResponse(request, template, context, status=status)


def _has_lapsed(decision, state):
    """Whether it had been approved, and was changed since."""
    was_approved = decision is not None and decision.what == services.Step.APPROVED
    return was_approved and state == queue.State.TO_CHECK


@require_safe
@may_moderate
def preview(request, pk, half):
    """Show one half of a response on the page that the public would get."""
    submission = find(pk)
    audit.note(request, audit.VIEW, about=submission)
    on_desk = Desk(submission)
    contents = half in snapshot.HALVES and on_desk.contents(half)
    if not contents:
        raise Http404
    is_named = half == Publication.WITH_NAME
    context = {
        "submission": submission,
        "consultation": submission.consultation,
        "name": submission.respondent if is_named else None,
        "contents": contents,
        "files": [],
        "file_names": [file.text for file in on_desk.public_files(half)],
        "is_preview": True,
    }
    return render(request, "review/published/response.html", context)


def on_the_desk(what):
    """Give the view the response; what is not possible is said, and nothing is changed.

    The view returns a page, or None to lead back to the desk.
    """

    def decorated(view):
        @require_POST
        @may_moderate
        @wraps(view)
        def wrapped(request, pk, **kwargs):
            submission = find(pk)
            done = what
            try:
                response = view(request, submission, **kwargs)
            except services.NotPossible as reason:
                messages.error(request, reason)
                response, done = None, "refused"
            audit.note(request, audit.CHANGE, about=submission, what=done)
            return response or _to_desk(request, submission)

        return wrapped

    return decorated


def _to_desk(request, submission, anchor=""):
    response = redirect("admin:review_desk", submission.pk)
    response["Location"] += Selection.of(request).query_string + anchor
    return response


@on_the_desk("redact")
def redact(request, submission):
    form = RedactForm(request.POST)
    if form.is_valid():
        try:
            services.redact(submission, staff=request.user, **form.how())
        except NoPassage as refusal:
            form.add_error(None, str(refusal))
        else:
            # Whoever goes through what was found goes on with the rest of it.
            is_finding = "finding" in request.POST
            anchor = "findings" if is_finding else form.cleaned_data["place"]
            return _to_desk(request, submission, f"#{anchor}")
    return show(request, submission, 422, redact=form)


@on_the_desk("lift")
def lift(request, submission, redaction):
    standing = submission.redactions.select_related("submission")
    found = get_object_or_404(standing, pk=redaction)
    services.lift(found, staff=request.user)
    return _to_desk(request, submission, f"#{found.place}")


@on_the_desk("leave")
def leave(request, submission):
    """Let one thing be published that looks like personal data, or all that was shown."""
    asked = zip(
        request.POST.getlist("place"), request.POST.getlist("text"), strict=False
    )
    # Only what is there: nobody fills the table with words of his own.
    found = {(one.place, one.text) for one in Desk(submission).findings}
    chosen = [one for one in asked if one in found]
    services.leave(submission, chosen, staff=request.user)
    return _to_desk(request, submission, "#findings")


@on_the_desk("approve")
def approve(request, submission):
    has_files = bool(Desk(submission).public_files(Publication.WITH_NAME))
    form = ApproveForm(request.POST, has_files=has_files)
    if not form.is_valid():
        return show(request, submission, 422, approve=form)
    revision = form.cleaned_data["revision"]
    services.approve(submission, staff=request.user, revision=revision)
    messages.success(request, _("%(it)s is approved") % {"it": submission.reference})
    return _to_next(request, submission) if "next" in request.POST else None


def _to_next(request, submission):
    following = queue.next_to_check(Selection.of(request).submissions, submission)
    if following is None:
        messages.info(request, _("That was the last one to check"))
        return _to_list(request, queue.State.APPROVED)
    return _to_desk(request, following)


@on_the_desk("hold back")
def hold_back(request, submission):
    form = ReasonForm(request.POST, prefix="hold")
    if not form.is_valid():
        return show(request, submission, 422, hold=form)
    reason = form.cleaned_data["reason"]
    services.hold_back(submission, staff=request.user, reason=reason)
    return None


@on_the_desk("publish")
def publish(request, submission):
    services.publish(submission, staff=request.user)
    messages.success(request, _("%(it)s is published") % {"it": submission.reference})


@on_the_desk("take down")
def take_down(request, submission):
    form = ReasonForm(request.POST, prefix="down")
    if not form.is_valid():
        return show(request, submission, 422, down=form)
    reason = form.cleaned_data["reason"]
    services.take_down(submission, staff=request.user, reason=reason)
    messages.success(request, _("Nobody can read it any more"))


@on_the_desk("narrow")
def narrow(request, submission):
    form = NarrowForm(request.POST, prefix="narrow")
    if not form.is_valid():
        return show(request, submission, 422, narrow=form)
    services.narrow(submission, staff=request.user, **form.cleaned_data)
    messages.success(request, _("From now on less may be published"))
