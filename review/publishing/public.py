"""What the public can find among the published responses: nothing but their copies."""

from django.contrib.postgres.search import SearchHeadline, SearchQuery, SearchRank
from django.db.models import Count, F

from principles.models import Principle
from review.models import PublishedResponse, PublishedText
from submissions.models import RespondentType

# Ranking reads what it ranks: so many, and the page says so.
MOST_RANKED = 1_000
# Cannot stand in a text: fields.tidy takes them out.
FOUND, FOUND_END = "\x02", "\x03"


def responses(consultation, kind=""):
    """Return the published responses of a call, of one type of respondent or all."""
    found = PublishedResponse.objects.filter(consultation=consultation)
    found = found.filter(respondent_type=kind) if kind else found
    return found.defer("contents")


def texts(consultation, kind=""):
    found = PublishedText.objects.filter(consultation=consultation)
    return found.filter(response__respondent_type=kind) if kind else found


def types_of(consultation):
    """Return the types of respondents with something published, as choices."""
    found = PublishedResponse.objects.filter(consultation=consultation)
    there = set(found.order_by().values_list("respondent_type", flat=True).distinct())
    return [choice for choice in RespondentType.choices if choice[0] in there]


def search(consultation, words, kind=""):
    """Return the ids of the texts that say it, the best first, at most MOST_RANKED."""
    query = _query(words)
    matches = texts(consultation, kind).filter(search=query).values("pk")[:MOST_RANKED]
    ranked = PublishedText.objects.filter(pk__in=matches)
    rank = SearchRank(F("search"), query)
    return list(ranked.order_by(-rank, "response", "pk").values_list("pk", flat=True))


def excerpts(ids, words):
    """Return these texts in this order, each with its `response` and an `excerpt`."""
    headline = SearchHeadline(
        "text",
        _query(words),
        config="english",
        start_sel=FOUND,
        stop_sel=FOUND_END,
        max_words=40,
        min_words=15,
        max_fragments=2,
        fragment_delimiter=" … ",
    )
    found = PublishedText.objects.filter(pk__in=ids).annotate(excerpt=headline)
    found = found.select_related("response").defer("text", "response__contents")
    by_id = {text.pk: text for text in found}
    return [by_id[pk] for pk in ids if pk in by_id]


def _query(words):
    return SearchQuery(words, config="english", search_type="websearch")


def subjects(consultation):
    """Return (about, heading, number of texts) for what has published texts, in order."""
    counted = texts(consultation).order_by().values_list("about")
    counts = dict(counted.annotate(Count("pk")))
    return [
        (about, heading, counts[about])
        for about, heading in headings(consultation)
        if about in counts
    ]


def headings(consultation):
    """Yield (about, heading) for all that a call asks."""
    for section in consultation.sections.prefetch_related("questions"):
        for question in section.questions.all():
            yield f"question-{question.slug}", f"{question.code} {question.wording}"
    for principle in Principle.objects.filter(consultation=consultation):
        yield f"principle-{principle.number}", str(principle)
