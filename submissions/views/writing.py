"""The pages that people write on."""

import re
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from submissions import calls, journey, places
from submissions.parts import (
    AboutYouForm,
    Clash,
    PrinciplesForm,
    SectionForm,
    SentenceForm,
    part_form,
)

from .pages import draft_page, for_submission, posted, show, whole_number


@draft_page(part=journey.ABOUT_YOU)
def about_you(request, submission):
    form = AboutYouForm(posted(request), submission=submission)
    return part_page(request, submission, form, "submissions/about_you.html")


@draft_page(part="section-{number}")
def section(request, submission, number):
    section = calls.section_of(submission, number)
    if section is None:
        raise Http404
    form = SectionForm(posted(request), submission=submission, section=section)
    context = {"section": section}
    return part_page(request, submission, form, "submissions/section.html", context)


@draft_page(part=journey.PRINCIPLES)
def principles(request, submission):
    form = PrinciplesForm(posted(request), submission=submission)
    return part_page(request, submission, form, "submissions/principles.html")


@draft_page(part=journey.PRINCIPLES)
def sentence(request, submission, name):
    """Write about one sentence of a draft principle."""
    sentence = places.find_sentence(submission, name)
    if sentence is None:
        raise Http404
    form = SentenceForm(posted(request), submission=submission, sentence=sentence)
    back_url = places.url_of(submission, sentence.version.principle)
    context = {"sentence": sentence, "back_url": back_url}
    url = {
        "difference": f"{request.get_full_path()}#difference",
        "check": reverse("submissions:check_answers", args=[submission.key]),
    }.get(request.POST.get("go"), back_url)
    return part_page(
        request, submission, form, "submissions/sentence.html", context, url=url
    )


def part_page(request, submission, form, template, context=None, url=None):
    """Keep a part and go to `url`, else where the pressed button says; or show it.

    When somebody else changed the same fields it shows both texts, and answers 409.
    """
    context = (context or {}) | for_submission(submission)
    context["came_from_check"] = request.GET.get("from") == "check"
    if not (form.is_bound and form.is_valid()):
        return show(request, template, context, form)
    try:
        form.save()
    except Clash as clash:
        form.show_clash(clash)
        return render(request, template, context | {"form": form}, status=409)
    return redirect(url or url_after_saving(request, submission, form.part))


def url_after_saving(request, submission, part):
    go = request.POST.get("go", "")
    if found := re.fullmatch(r"evidence-([a-z0-9-]{1,40})", go):
        return places.url_to_add(submission, found[1])
    if found := re.fullmatch(r"sentence-([a-z0-9-]{1,20})(#[a-z]+)?", go):
        page = reverse("submissions:sentence", args=[submission.key, found[1]])
        return page + (found[2] or "")
    if found := re.fullmatch(r"item-([0-9a-f]{32})-([a-z0-9-]{1,40})", go):
        return places.url_of_item(submission, UUID(found[1]), found[2])
    match go:
        case "onward":
            return journey.url_after(submission, part)
        case "check":
            return reverse("submissions:check_answers", args=[submission.key])
        case _:
            return reverse("submissions:contents", args=[submission.key])


@draft_page(part="{part}")
def earlier(request, submission, part):
    """Show what had been written in a part before, each with a button to put it back."""
    form = part_form(submission, part)
    if form is None:
        raise Http404
    if request.method == "POST":
        texts = submission.past_texts.filter(field__in=form.written)
        past = get_object_or_404(texts, pk=whole_number(request.POST.get("version")))
        form.put_back(past)
        return redirect(f"{form.url}#id_{past.field}")
    context = for_submission(submission) | {
        "earlier": form.earlier(),
        "part_url": form.url,
    }
    return show(request, "submissions/earlier.html", context)
