"""What everybody said in one place: to a question, on a principle, on a sentence."""

from dataclasses import dataclass

from django.contrib import admin
from django.db.models import Count
from django.http import QueryDict
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from consultations.models import Consultation, Question
from consultations.staff import WithinPages
from principles.models import Principle, Sentence
from review import across, audit, figures, keyset
from review.finding.groups import NONE
from review.finding.selection import Selection
from submissions import places
from submissions.models import RespondentType, Stance

from .reading import may_read

WORDINGS_A_PAGE = 20


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
        counts = _counts(call, selection)
        context |= {
            "selection": selection,
            "sections": figures.questions_of(call, counts),
            "stances": figures.stances_on(call, counts),
            "stance_names": Stance.labels,
        }
    return _show(request, "review/across/questions.html", context)


def _counts(call, selection):
    if selection.chosen.keys() <= {"call"}:
        # Those of a large call are kept, because counting takes seconds.
        return figures.of_call(call)[0]
    return figures.count(selection.submissions.filter(consultation=call))


@require_safe
@may_read
def question(request, pk):
    """Show all answers to one question, newest first."""
    found = get_object_or_404(
        Question.objects.select_related("section__consultation"), pk=pk
    )
    answers = across.answers_to(found)
    said, context = _voices(request, answers, "text", f"question-{found.slug}")
    context |= {
        "title": _("Answers to %(code)s") % {"code": found.code},
        "question": found,
        "call": found.section.consultation,
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
    place = f"principle-{found.number}-v{version.number}"
    said, context = _voices(request, comments, "comment", place)
    submissions = context["selection"].submissions
    context |= {
        "title": str(found),
        "principle": found,
        "call": found.consultation,
        "versions": versions,
        "version": version,
        "stances": across.stances_by_type(version, submissions),
        "stance_names": Stance.labels,
        "sentences": across.sentences_of(version, submissions),
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
    place = f"sentence-{places.name_of_sentence(found)}"
    said, context = _voices(request, comments, "comment", place)
    submissions = context["selection"].submissions
    groups = across.wordings_of(found, submissions)
    page = WithinPages(groups, WORDINGS_A_PAGE).get_page(request.GET.get("page"))
    context |= {
        "title": _("%(principle)s, sentence %(number)s")
        % {"principle": found.version.principle, "number": found.number},
        "sentence": found,
        "call": found.version.principle.consultation,
        "place": place,
        "here": _link(request, context["selection"].chosen),
        "voices": said,
        "page": page,
        "wordings": across.with_names(found, submissions, page.object_list),
        "suggested": across.suggested(found, submissions).count(),
    }
    return _show(request, "review/across/sentence.html", context, about=found)


def _voices(request, rows, column, place):
    """Return a page of voices, and what every page of voices shows."""
    selection = Selection.of(request)
    same_as = _same_as(request)
    if same_as:
        rows = across.saying_the_same(rows, column, same_as)
    submissions = selection.submissions.filter(across.among(rows))
    page = keyset.page_of(submissions, request.GET)
    kinds = _kinds(request, selection, across.among(rows))
    chosen = selection.chosen
    return across.voices_of(page.submissions, place), {
        "selection": selection,
        "shown": page.submissions,
        "newer": page.newer and _link(request, chosen, newer=page.newer),
        "older": page.older and _link(request, chosen, older=page.older),
        "kinds": kinds,
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


def _kinds(request, selection, condition):
    others = _without_type(selection)
    everyone = Selection(_query_of(others), selection.user)
    counted = everyone.submissions.filter(condition).order_by()
    counts = dict(counted.values_list("respondent_type").annotate(count=Count("pk")))
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
