"""Putting themes on what one respondent said, and taking them off."""

from difflib import get_close_matches

from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from review import audit
from review.forms.themes import PutOnForm
from review.models import ThemedPassage
from review.passages import NoPassage, find
from review.services import themes, theming
from submissions.models import Submission

from .themes import may_review, page

# How many places are offered to choose from, and how much of the text around each.
MOST_CHOICES, AROUND = 20, 60


class Unknown(ValueError):
    """The name of a theme that is not in the codebook."""


@require_POST
@may_review
def put_theme_on(request, pk):
    """Put a theme on words, or ask for what is missing; nothing typed is lost."""
    submission = get_object_or_404(Submission.objects.submitted(), pk=pk)
    form = PutOnForm(request.POST.copy(), consultation=submission.consultation)
    asked = {"text": "", "choices": [], "unknown": ""}
    if form.is_valid():
        try:
            said = theming.text_at(submission, form.cleaned_data["place"])
            asked["text"] = said.text
            span = _span(form, said)
            theme = _theme(form, submission, request.user)
        except NoPassage as refusal:
            form.add_error("quote", str(refusal))
            asked["choices"] = _choices(said.text, getattr(refusal, "spans", []))
        except theming.Gone as refusal:
            form.add_error(None, str(refusal))
        except Unknown as name:
            words = _("There is no theme “%(name)s” yet. Add it, or choose another")
            form.add_error("theme", words % {"name": name})
            asked["unknown"] = str(name)
        except themes.Refused as refusal:
            form.add_error("theme", str(refusal))
        else:
            passage = theming.put_on(theme, submission, said, span, request.user)
            audit.note(request, audit.CHANGE, about=submission, theme=passage.theme_id)
            return _back(request, passage, passage.anchor)
    return _ask(request, submission, form, **asked)


def _ask(request, submission, form, **asked):
    if picked := form.cleaned_data.get("picked"):
        form.data["theme"] = picked.name
    return page(
        request,
        "review/themes/put_on.html",
        _("Add a theme"),
        status=422,
        submission=submission,
        form=form,
        near=_near(asked["unknown"], submission.consultation),
        next=request.POST.get("next", ""),
        **asked,
    )


def _span(form, said):
    data = form.cleaned_data
    if not data["quote"]:
        return None
    return find(said.text, data["quote"], data["start"])


def _theme(form, submission, staff):
    data = form.cleaned_data
    if data["picked"]:
        return data["picked"]
    if data["new"]:
        return themes.add(submission.consultation, staff, name=data["theme"])
    raise Unknown(data["theme"])


def _choices(text, spans):
    """Return where the words stand, with what is around them."""
    return [
        {
            "start": start,
            "before": text[max(0, start - AROUND) : start],
            "words": text[start:end],
            "after": text[end : end + AROUND],
        }
        for start, end in spans[:MOST_CHOICES]
    ]


def _near(name, consultation):
    """Return the themes that are called nearly so."""
    by_name = {theme.name.lower(): theme for theme in consultation.themes.standing()}
    return [by_name[near] for near in get_close_matches(name.lower(), by_name)]


@require_POST
@may_review
def take_theme_off(request, pk):
    """Take a theme off a passage; it may be off already."""
    found = ThemedPassage.objects.select_related("submission", "theme").filter(pk=pk)
    passage = found.first()
    if passage is None:
        return redirect("admin:review_themes")
    audit.note(
        request,
        audit.CHANGE,
        about=passage.submission,
        theme_taken_off=passage.theme_id,
    )
    theming.take_off(passage)
    return _back(request, passage, passage.place)


def _back(request, passage, anchor):
    """Return to the words, or their text, on the page that this was done on."""
    address = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        name = "admin:submissions_submission_change"
        address = reverse(name, args=[passage.submission_id])
    return redirect(f"{address.partition('#')[0]}#{anchor}")
