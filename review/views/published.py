"""What anyone may read of what was sent: only the copies that staff published."""

from django import forms
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from consultations.models import Consultation
from consultations.staff import WithinPages
from review.models import PublishedFile, PublishedResponse
from review.publishing import public
from submissions.fields import LineField
from submissions.files.download import as_download

PER_PAGE = 25


class SearchForm(forms.Form):
    q = LineField(label=gettext_lazy("Words to find"), required=False)
    type = forms.ChoiceField(label=gettext_lazy("Who answered"), required=False)

    def __init__(self, *args, types, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["type"].choices = [("", _("Everybody")), *types]


@require_safe
def responses(request, slug):
    """List the published responses of a call, or the texts in them that say something."""
    consultation = _call(slug)
    form = SearchForm(request.GET, types=public.types_of(consultation))
    asked = form.cleaned_data if form.is_valid() else {}
    words, kind = asked.get("q", ""), asked.get("type", "")
    if words:
        found = public.search(consultation, words, kind)
    else:
        found = public.responses(consultation, kind)
    page = _page(request, found)
    subjects = public.subjects(consultation)
    context = {
        "consultation": consultation,
        "form": form,
        "words": words,
        "kind": kind,
        "page": page,
        "hits": _hits(page.object_list, words, subjects) if words else [],
        "is_cut": bool(words) and page.paginator.count == public.MOST_RANKED,
        "subjects": subjects,
        "query": _query_of(asked),
    }
    template = "review/published/responses.html"
    return render(request, template, context, status=200 if form.is_valid() else 422)


@require_safe
def about(request, slug, about):
    """Show all that was published about one question or principle, response by response."""
    consultation = _call(slug)
    heading = dict(public.headings(consultation)).get(about)
    if heading is None:
        raise Http404
    form = SearchForm(request.GET, types=public.types_of(consultation))
    asked = form.cleaned_data if form.is_valid() else {}
    texts = public.texts(consultation, asked.get("type", "")).filter(about=about)
    texts = texts.select_related("response").defer("response__contents")
    context = {
        "consultation": consultation,
        "about": about,
        "heading": heading,
        "form": form,
        # By public ids, which are random: in no order that says anything.
        "page": _page(request, texts.order_by("response", "pk")),
        "query": _query_of(asked),
    }
    template = "review/published/about.html"
    return render(request, template, context, status=200 if form.is_valid() else 422)


@require_safe
def response(request, slug, public_id):
    """Show one published response."""
    consultation = _call(slug)
    found = get_object_or_404(
        PublishedResponse.objects.filter(consultation=consultation), pk=public_id
    )
    context = {
        "consultation": consultation,
        "response": found,
        "name": found.name,
        "contents": found.contents,
        "files": found.files.select_related("stored"),
        "is_preview": False,
    }
    return render(request, "review/published/response.html", context)


@require_safe
def file(request, slug, public_id, key):
    """Hand out a published file."""
    files = PublishedFile.objects.select_related("stored").filter(
        response=public_id, response__consultation=_call(slug)
    )
    return as_download(get_object_or_404(files, pk=key))


def _hits(ids, words, subjects):
    """Return (text, heading of what it is about) for each text that was found."""
    headings = {about: heading for about, heading, _count in subjects}
    return [
        (text, headings.get(text.about, "")) for text in public.excerpts(ids, words)
    ]


def _call(slug):
    return get_object_or_404(Consultation.objects.published(), slug=slug)


def _page(request, found):
    return WithinPages(found, PER_PAGE).page(request.GET.get("page", 1))


def _query_of(asked):
    """Return what was asked as an address has it, to be followed by the page."""
    given = {name: value for name, value in asked.items() if value}
    return f"{urlencode(given)}&" if given else ""
