"""What came in, counted: for the charts, under any selection of submissions."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import CharField, Count, Func, Value
from django.db.models.functions import Concat, TruncDate

from consultations.models import Question
from consultations.uk_time import UK
from principles.models import PrincipleVersion
from submissions.models import PrincipleComment, RespondentType, Stance

from . import kept
from .models import SearchDocument


def by_type(rows, key, kind="submission__respondent_type"):
    """Return a row for each key and type of respondent, with how many there are."""
    counted = rows.order_by().values_list(key, kind).annotate(number=Count("pk"))
    return [list(row) for row in counted]


def _days(submissions, within):
    day = TruncDate("submitted_at", tzinfo=UK)
    found = submissions.filter(within).annotate(day=day)
    found = by_type(found, "day", "respondent_type")
    return [[str(day), kind, number] for day, kind, number in found]


def _questions(submissions, within):
    # The search documents hold what each has answered: there are far more answers.
    documents = SearchDocument.objects.filter(within, submission__in=submissions)
    answered = documents.annotate(question=Func("questions", function="unnest"))
    return by_type(answered, "question")


def _stances(submissions, within):
    taken = PrincipleComment.objects.filter(
        within, submission__in=submissions, version__isnull=False
    ).exclude(stance="")
    key = Concat("version", Value(" "), "stance", output_field=CharField())
    return by_type(taken.annotate(key=key), "key")


DAYS = kept.Kind("days", _days)
# By the ids of questions; by the id of a version and a stance on it, as in "7 agree".
QUESTIONS = kept.Kind("questions", _questions)
STANCES = kept.Kind("stances", _stances)
RECEIVED = (DAYS, QUESTIONS, STANCES)


@dataclass(frozen=True)
class Counts:
    """Numbers of submissions, by day, type, question, and stance on a version."""

    days: kept.Figure
    questions: kept.Figure
    stances: kept.Figure

    @property
    def received(self):
        return self.days.total

    @property
    def counted_at(self):
        return self.days.counted_at


def count(submissions):
    """Return the `Counts` of a QuerySet of submissions, in three queries."""
    submissions = submissions.order_by()
    counted = (kind.count(submissions, kept.EVERYTHING) for kind in RECEIVED)
    return Counts(*map(kept.Figure, counted))


def of_selection(selection, call):
    """Return the `Counts` of what a selection has of a call."""
    figures = kept.Figures(selection, call)
    return Counts(*map(figures.of, RECEIVED))


def days_of(call, counts):
    """Return {date: count} without gaps, from the opening to the last that came in."""
    by_day = {dt.date.fromisoformat(day): n for day, n in counts.days.by_key.items()}
    first = min([call.opens_at.astimezone(UK).date(), *by_day])
    last = max([call.closes_at.astimezone(UK).date(), *by_day])
    dates = [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]
    return {date: by_day.get(date, 0) for date in dates}


def types_of(counts):
    """Return [(name, count, value)] for each type, and for those who gave none."""
    by_type = counts.days.by_type
    types = [
        (kind.label, by_type.get(kind.value, 0), kind.value) for kind in RespondentType
    ]
    if "" in by_type:
        types.append(("", by_type[""], ""))
    return types


def questions_of(call, counts):
    """Return [(section, [(question, count)])]: how many answered each question."""
    answers = counts.questions.by_key
    return [
        (
            section,
            [
                (question, answers.get(question.pk, 0))
                for question in section.questions.all()
            ],
        )
        for section in call.sections.prefetch_related("questions")
    ]


def stances_on(call, counts):
    """Return [(version, {stance: count})] for current and commented versions."""
    current = {version.pk for version in PrincipleVersion.objects.current(call)}
    taken = counts.stances.by_key
    commented = {int(key.split()[0]) for key in taken}
    versions = PrincipleVersion.objects.filter(pk__in=current | commented)
    return [
        (
            version,
            {one: taken.get(f"{version.pk} {one}", 0) for one in Stance},
        )
        for version in versions.select_related("principle").order_by(
            "principle__number", "-number"
        )
    ]


def provisional(call):
    """Return the questions of a call whose wording waits to be confirmed."""
    return Question.objects.provisional().filter(section__consultation=call)
