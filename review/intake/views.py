"""The pages of intake: an inbox, a desk to place passages on, and a check by another."""

from contextlib import suppress
from functools import wraps

from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from consultations.models import Consultation
from review import audit, roles
from review.models import ASIDE, Intake
from submissions import reading, typos
from submissions.files.download import as_download
from submissions.files.refusals import WORDS, Unacceptable
from submissions.models import LateRequest

from . import duplicates, services
from .desk import Desk
from .forms import (
    DetailsForm,
    OriginalsForm,
    PlacingForm,
    SendBackForm,
    TypedForm,
    title_of,
)

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


@require_safe
@may_moderate
def inbox(request):
    """Show who asks to be accepted late, and what waits to be placed and checked."""
    state = request.GET.get("state", "")
    intakes = {
        "": Intake.objects.waiting(),
        "place": Intake.objects.to_place(),
        "check": Intake.objects.to_check(),
        "done": Intake.objects.standing().taken_in().order_by("-checked_at"),
    }
    if state not in intakes:
        raise Http404
    listed = intakes[state].select_related(
        "submission", "handed_over_by", "consultation"
    )
    late = LateRequest.objects.filter(is_accepted=None, submission__submitted_at=None)
    context = {
        "title": _("Intake"),
        "page": Paginator(listed, PER_PAGE).get_page(request.GET.get("p")),
        "state": state,
        "late_requests": late.select_related("submission").order_by("asked_at")[
            :PER_PAGE
        ],
        "late_count": late.count(),
    }
    return show(request, "inbox", context)


@page
@may_moderate
def start(request):
    """Begin with how evidence came and from whom."""
    if request.method == "POST":
        form = DetailsForm(request.POST)
        if form.is_valid():
            intake = services.start(form.cleaned_data, staff=request.user)
            audit.note(request, audit.CHANGE, about=intake)
            _warn_of_address(request, intake)
            return redirect("admin:review_intake_add", intake.pk)
    else:
        call = Consultation.objects.published().first()
        form = DetailsForm(
            initial={"consultation": call, "received_at": timezone.now()}
        )
    return show(request, "details", {"title": _("Take evidence in")}, form)


@page
@intake_page
def details(request, intake):
    """Change what is known of the sender, until it is handed over."""
    if not intake.may_change:
        raise services.NoLongerOpen
    if request.method == "POST":
        form = DetailsForm(request.POST, instance=intake)
        if form.is_valid():
            services.keep_details(intake, form.cleaned_data)
            _warn_of_address(request, intake)
            return redirect("admin:review_intake_place", intake.pk)
    else:
        form = DetailsForm(instance=intake)
    context = {"title": _("The sender"), "intake": intake}
    return show(request, "details", context, form)


def _warn_of_address(request, intake):
    if meant := typos.suggestion(intake.email):
        words = _("Look at the email address again: did the sender mean %(address)s?")
        messages.warning(request, words % {"address": meant})


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


@page
@intake_page
def place(request, intake):
    """Place an original's passages under questions and principles."""
    if not intake.may_change:
        raise services.NoLongerOpen
    desk = Desk(intake)
    form, clashes = PlacingForm(None, desk=desk), {}
    if request.method == "POST":
        form = PlacingForm(request.POST, desk=desk)
        if form.is_valid():
            try:
                services.keep_texts(intake, form.texts())
                if (response := _do(request, intake, form)) is not None:
                    return response
                desk = Desk(intake)
                form.take_for_seen(desk.transcriptions)
            except services.Clash as clash:
                clashes = clash.texts
                form.take_for_seen(clashes)
                form.add_error(None, _("Somebody else has changed the same text."))
    context = {
        "title": str(intake),
        "intake": intake,
        "desk": desk,
        "clashes": clashes,
        "duplicates": duplicates.of(intake, desk),
        "selected": set(request.POST.getlist("paragraph")),
    }
    return show(request, "place", context, form)


def _do(request, intake, form):
    """Do what the pressed button says; return where to go, or None if it is refused."""
    data = request.POST
    if pk := data.get("take_back", ""):
        return _take_back(request, intake, form, pk)
    if "hand_over" in data:
        return _hand_over(request, intake, form)
    if "save" in data:
        messages.success(request, _("Saved."))
        return redirect("admin:review_intake_place", intake.pk)
    name = data.get("put") or form.cleaned_data["into"]
    if not form.desk.places.knows(name):
        form.add_error("into", _("Choose where to put it"))
        return None
    chosen, words = form.chosen(), form.cleaned_data["words"]
    try:
        services.put(intake, name, chosen, words)
    except services.NotInOriginal:
        words = _("Select paragraphs of the original first: tick their numbers")
        form.add_error(None, words)
        return None
    messages.success(request, _where(form.desk, name, len(chosen)))
    return _to_next(intake)


def _where(desk, name, count):
    if name == ASIDE:
        words = ngettext(
            "%(count)s paragraph is set aside.",
            "%(count)s paragraphs are set aside.",
            count,
        )
        return words % {"count": count}
    words = ngettext(
        "%(count)s paragraph is now under %(place)s.",
        "%(count)s paragraphs are now under %(place)s.",
        count,
    )
    place = title_of(desk.places.by_name[name])
    return words % {"count": count, "place": place}


def _to_next(intake):
    """Lead back to the first paragraph that is not placed yet."""
    response = redirect("admin:review_intake_place", intake.pk)
    if unplaced := Desk(intake).unplaced:
        response["Location"] += f"#paragraph-{unplaced[0].key}"
    return response


def _take_back(request, intake, form, pk):
    placed = services.take_back(intake, int(pk)) if pk.isdecimal() else None
    if placed and placed.words_stand:
        words = _(
            "It is not marked any more, but its words were edited, or are a part of it: "
            "take them out of the text yourself."
        )
        messages.warning(request, words)
    return redirect("admin:review_intake_place", intake.pk)


def _hand_over(request, intake, form):
    try:
        services.hand_over(intake, staff=request.user)
    except services.NothingPlaced:
        form.add_error(None, _("Nothing is placed yet: there is nothing to check"))
        return None
    words = _("It waits to be checked by somebody else.")
    messages.success(request, words)
    if unplaced := len(form.desk.unplaced):
        words = ngettext(
            "%(count)s paragraph of the original stands nowhere.",
            "%(count)s paragraphs of the original stand nowhere.",
            unplaced,
        )
        messages.warning(request, words % {"count": unplaced})
    return redirect("admin:review_intake")


@page
@intake_page
def check(request, intake):
    """Have another person confirm that a transcription is right, or say what is not."""
    if not intake.is_handed_over:
        return redirect("admin:review_intake_place", intake.pk)
    form = SendBackForm()
    if request.method == "POST" and "send_back" in request.POST:
        form = SendBackForm(request.POST)
        if form.is_valid():
            services.send_back(intake, reason=form.cleaned_data["reason"])
            messages.success(request, _("It is open to be changed again."))
            return redirect("admin:review_intake")
    elif request.method == "POST":
        return _take_in(request, intake)
    desk = Desk(intake)
    context = {
        "title": str(intake),
        "intake": intake,
        "desk": desk,
        "duplicates": duplicates.of(intake, desk),
        "may_check": not intake.is_taken_in and intake.handed_over_by != request.user,
    }
    return show(request, "check", context, form)


def _take_in(request, intake):
    try:
        seen = parse_datetime(request.POST.get("seen", "")[:40])
    except ValueError:
        # As if it were no moment at all: not what was seen.
        seen = None
    try:
        submission = services.take_in(intake, staff=request.user, seen=seen)
    except services.SamePerson:
        words = _("You handed it over yourself: somebody else must check it.")
        messages.error(request, words)
    except services.ChangedMeanwhile:
        words = _("It was changed since you opened it. Look at it again.")
        messages.warning(request, words)
    else:
        words = _("It is taken in as %(reference)s.")
        messages.success(request, words % {"reference": submission.reference})
        if not submission.email:
            return redirect("admin:review_intake_letter", intake.pk)
    return redirect("admin:review_intake_check", intake.pk)


@require_safe
@intake_page
def letter(request, intake):
    """Show a letter to print: the reference, and what we made of what was sent."""
    if not intake.is_taken_in:
        return redirect("admin:review_intake_place", intake.pk)
    context = {
        "title": _("Letter to the sender"),
        "intake": intake,
        "submission": intake.submission,
        "read": reading.whole(intake.submission),
        "today": timezone.now(),
    }
    return show(request, "letter", context)


@page
@intake_page
def throw_away(request, intake):
    """Ask, then forget an intake that was begun by mistake."""
    if request.method == "POST":
        with suppress(services.NoLongerOpen):
            services.throw_away(intake)
        return redirect("admin:review_intake")
    context = {"title": _("Throw it away?"), "intake": intake}
    return show(request, "throw_away", context)
