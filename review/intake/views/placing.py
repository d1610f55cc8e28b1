"""The desk: an original beside the questions."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from review.intake import duplicates, services
from review.intake.desk import Desk
from review.intake.forms import (
    PlacingForm,
    title_of,
)
from review.models import ASIDE

from .base import intake_page, page, show


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
