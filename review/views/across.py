"""What everybody said in one place: to a question, on a principle, on a sentence."""

from dataclasses import dataclass

from django.contrib import admin
from django.db.models import Q, QuerySet, Value
from django.http import QueryDict
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from consultations.models import Consultation, Question
from principles.models import Principle, Sentence
from review import across, audit, figures, kept, keyset, wordings
from review.finding.groups import NONE
from review.finding.selection import Selection
from submissions import places
from submissions.models import RespondentType, Stance

from .finding import page_number
from .reading import may_read


@require_safe
@may_read
def questions(request):
    """Show the questions and principles of a call, with how many said something."""
    calls = list(Consultation.objects.published())
    slug = request.GET.get("call")
    call = next((one for one in calls if one.slug == slug), calls[0] if calls else None)
    selection = Selection.of(request)
    context = {"title": _("Questions and principles"), "calls": calls, "call": call}
    if call:
        counts = figures.of_selection(selection, call)
        context |= {
            "counted_at": counts.counted_at,
            "selection": selection,
            "sections": figures.questions_of(call, counts),
            "stances": figures.stances_on(call, counts),
            "stance_names": Stance.labels,
        }
    return _show(request, "review/across/questions.html", context)


@require_safe
@may_read
def question(request, pk):
    """Show all answers to one question, newest first."""
    found = get_object_or_404(
        Question.objects.select_related("section__consultation"), pk=pk
    )
    answers = across.answers_to(found)
    place = Place(
        found.section.consultation,
        f"question-{found.slug}",
        answers,
        "text",
        (figures.QUESTIONS, found.pk),
    )
    said, context = _voices(request, place)
    context |= {
        "title": _("Answers to %(code)s") % {"code": found.code},
        "question": found,
        "voices": across.with_same_words(said, answers, "text"),
    }
    return _show(request, "review/across/question.html", context, about=found)


@require_safe
@may_read
def principle(request, pk):
    """Show the stances and comments on one version of a principle."""
    principles = Principle.objects.select_related("consultation")
    found = get_object_or_404(principles, pk=pk)
    versions = list(found.versions.order_by("-number").prefetch_related("sentences"))
    version = _asked_for(request, versions)
    comments = across.comments_on(version)
    place = Place(
        found.consultation,
        f"principle-{found.number}-v{version.number}",
        comments,
        "comment",
        (across.COMMENTS, version.pk),
    )
    said, context = _voices(request, place)
    counted = kept.Figures(context["selection"], found.consultation)
    stances = counted.of(figures.STANCES, Q(version=version))
    context |= {
        "title": str(found),
        "principle": found,
        "versions": versions,
        "version": version,
        "stances": across.stances_by_type(version, stances),
        "stance_names": Stance.labels,
        "sentences": across.sentences_of(version, counted),
        "voices": across.with_stances(
            across.with_same_words(said, comments, "comment"), version
        ),
    }
    return _show(request, "review/across/principle.html", context, about=found)


def _asked_for(request, versions):
    """Return the version of this number, else the newest."""
    number = request.GET.get("version", "")
    return next((one for one in versions if str(one.number) == number), versions[0])


@require_safe
@may_read
def sentence(request, pk):
    """Show the comments on one sentence of a principle, and the wordings for it."""
    sentences = Sentence.objects.select_related("version__principle__consultation")
    found = get_object_or_404(sentences, pk=pk)
    comments = across.comments_on_sentence(found)
    place = Place(
        found.version.principle.consultation,
        f"sentence-{places.name_of_sentence(found)}",
        comments,
        "comment",
        (across.ON_SENTENCES, found.pk),
    )
    said, context = _voices(request, place)
    suggested = wordings.wordings_of(
        found, context["selection"].submissions, page_number(request)
    )
    context |= {
        "title": _("%(principle)s, sentence %(number)s")
        % {"principle": found.version.principle, "number": found.number},
        "sentence": found,
        "place": place.name,
        "here": _link(request, context["selection"].chosen),
        "voices": said,
        "suggested": suggested,
        "page": suggested.page,
    }
    return _show(request, "review/across/sentence.html", context, about=found)


@dataclass(frozen=True)
class Place:
    """Where many respondents said something."""

    call: Consultation
    # As in review/said.py.
    name: str
    # The rows in which they said it, and the column of their words.
    rows: QuerySet
    column: str
    # A kind of figure, and the key under which it counts them.
    counted: tuple


def _voices(request, place):
    """Return a page of voices, and what every page of voices shows."""
    selection = Selection.of(request)
    rows, same_as = place.rows, _same_as(request)
    if same_as:
        rows = across.saying_the_same(rows, place.column, same_as)
    submissions = selection.submissions.filter(across.among(rows))
    page = keyset.page_of(submissions, request.GET)
    counts = _by_type(selection, place, None if rows is place.rows else rows)
    kinds = _kinds(request, selection, counts.by_type)
    chosen = selection.chosen
    return across.voices_of(page.submissions, place.name, place.rows), {
        "call": place.call,
        "selection": selection,
        "shown": page.submissions,
        "newer": page.newer and _link(request, chosen, newer=page.newer),
        "older": page.older and _link(request, chosen, older=page.older),
        "kinds": kinds,
        "counted_at": counts.counted_at,
        "everyone": _link(request, _without_type(selection)),
        "total": sum(kind.count for kind in kinds if kind.is_shown),
        "same_as": same_as,
    }


def _same_as(request):
    """Return the id of the submission whose words are looked for, or None."""
    value = request.GET.get("same", "")
    is_id = value.isascii() and value.isdecimal() and len(value) < 18
    return int(value) if is_id else None


@dataclass(frozen=True)
class Kind:
    """A type of respondent among those who said something."""

    name: str
    count: int
    link: str
    is_shown: bool


def _by_type(selection, place, narrower=None):
    """Return the `kept.Figure` of who said something there, whichever type is chosen."""
    everyone = Selection(_query_of(_without_type(selection)), selection.user)
    counted = kept.Figures(everyone, place.call)
    if counted.are_kept and narrower is None:
        kind, key = place.counted
        return counted.of(kind).of(key)
    rows = place.rows if narrower is None else narrower
    found = everyone.submissions.filter(across.among(rows))
    return kept.Figure(figures.by_type(found, Value(place.name), "respondent_type"))


def _kinds(request, selection, counts):
    others = _without_type(selection)
    chosen = selection.chosen.get("type", [])
    return [
        Kind(
            name,
            counts[kind],
            _link(request, others | {"type": [kind or NONE]}),
            not chosen or (kind or NONE) in chosen,
        )
        for kind, name in [*RespondentType.choices, ("", _("Not said"))]
        if kind in counts
    ]


def _without_type(selection):
    return {name: some for name, some in selection.chosen.items() if name != "type"}


def _link(request, chosen, **more):
    """Return the query of an address: what is chosen, and what this page is about."""
    query = _query_of(chosen)
    for name in ("version", "same"):
        if name in request.GET:
            query[name] = request.GET[name]
    query.update(more)
    return f"?{query.urlencode()}"


def _query_of(chosen):
    query = QueryDict(mutable=True)
    for name, values in chosen.items():
        query.setlist(name, values)
    return query


def _show(request, template, context, about=None):
    audit.note(request, audit.VIEW, about=about)
    context = admin.site.each_context(request) | context
    return TemplateResponse(request, template, context)
