"""The staff site's first page: what came in, and what waits for somebody."""

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.http import Http404, QueryDict
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from consultations.models import Consultation
from consultations.uk_time import UK
from review import audit, charts, figures, roles, waiting
from review.finding.selection import Selection
from submissions.models import Stance


def context_of(request):
    """Return what the first page shows; of one call, the newest unless asked."""
    calls = list(Consultation.objects.published())
    call = next((one for one in calls if one.slug == request.GET.get("call")), None)
    call = call or next(iter(calls), None)
    context = {
        "calls": calls,
        "call": call,
        "waiting": waiting.for_user(request.user, call),
    }
    if call is None or not request.user.has_perm(roles.READ):
        return context
    selection = Selection(QueryDict(f"call={call.slug}"), request.user)
    counts = figures.of_selection(selection, call)
    return context | {
        "selection": selection,
        "drafts": call.submissions.drafts().filter(amends=None).count(),
        "received": counts.received,
        "counted_at": counts.counted_at or timezone.now(),
        "charts": _charts(call, counts),
    }


@require_safe
@permission_required(roles.READ, raise_exception=True)
def charts_of_selection(request):
    """Show the charts of the first page for what the list shows, of one call."""
    asked = Selection.of(request)
    calls = Consultation.objects.published()
    call = calls.filter(slug__in=asked.chosen.get("call", [])).first() or calls.first()
    if call is None:
        raise Http404
    query = request.GET.copy()
    query["call"] = call.slug
    selection = Selection(query, request.user)
    counts = figures.of_selection(selection, call)
    context = admin.site.each_context(request) | {
        "title": _("Charts"),
        "call": call,
        "selection": selection,
        "received": counts.received,
        "counted_at": counts.counted_at,
        "charts": _charts(call, counts),
    }
    audit.note(request, audit.VIEW, groups=list(selection.chosen))
    return TemplateResponse(request, "review/charts.html", context)


def _charts(call, counts):
    closes_on = call.closes_at.astimezone(UK).date()
    stances = figures.stances_on(call, counts)
    return {
        "timeline": charts.timeline(figures.days_of(call, counts), closes_on),
        "types": charts.bars(figures.types_of(counts)),
        "sections": _sections(figures.questions_of(call, counts)),
        "stances": [(version, _row(taken)) for version, taken in stances],
        "stance_names": Stance.labels,
    }


def _row(taken):
    return charts.pieces(
        [(one.label, count, one.value) for one, count in taken.items()]
    )


def _sections(counted):
    """Draw all questions to one scale, whichever section they stand in."""
    questions = [pair for _section, pairs in counted for pair in pairs]
    drawn = iter(charts.bars([(one.code, count, one) for one, count in questions]))
    return [(section, [next(drawn) for _ in pairs]) for section, pairs in counted]
