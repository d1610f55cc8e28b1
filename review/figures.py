"""What came in, counted: for the charts, under any selection of submissions."""

import datetime as dt
from dataclasses import asdict, dataclass

from django.db.models import Count, Func
from django.db.models.functions import TruncDate
from django.utils import timezone

from consultations.models import Question
from consultations.uk_time import UK
from principles.models import PrincipleVersion
from submissions.models import PrincipleComment, RespondentType, Stance

from .models import SearchDocument, Tally

# More than these take longer to count than somebody waits for a page.
COUNTED_AT_ONCE = 2_000
# Kept by the worker, every few minutes; older ones are counted by whoever looks.
KEPT_FOR = dt.timedelta(minutes=15)


@dataclass(frozen=True)
class Counts:
    """Numbers of submissions, by keys that JSON has too: ids and dates as text."""

    by_day: dict[str, int]
    by_type: dict[str, int]
    by_question: dict[str, int]
    # As in "7 agree": the id of a version and a stance on it.
    by_stance: dict[str, int]

    @property
    def received(self):
        return sum(self.by_day.values())


def count(submissions):
    """Return the `Counts` of a QuerySet of submissions, in four queries.

    The search documents hold which questions each has answered: there are far more answers.
    """
    submissions = submissions.order_by()
    stances = PrincipleComment.objects.filter(
        submission__in=submissions, version__isnull=False
    ).exclude(stance="")
    return Counts(
        by_day=_counted(submissions, TruncDate("submitted_at", tzinfo=UK)),
        by_type=_counted(submissions, "respondent_type"),
        by_question=_counted(
            SearchDocument.objects.filter(submission__in=submissions),
            Func("questions", function="unnest"),
        ),
        by_stance=_counted(stances, "version", "stance"),
    )


def _counted(rows, *by):
    """Return {key: number of rows}, by columns or expressions."""
    found = rows.order_by().values_list(*by).annotate(count=Count("pk"))
    return {" ".join(map(str, key)): count for *key, count in found}


def of_call(call):
    """Return the `Counts` of a call and when they were counted.

    Those of a large call are kept for some minutes.
    """
    submissions = call.submissions.submitted()
    if submissions.count() > COUNTED_AT_ONCE:
        kept = Tally.objects.filter(consultation=call).first()
        if kept and timezone.now() - kept.counted_at < KEPT_FOR:
            return Counts(**kept.counts), kept.counted_at
        return keep(call)
    return count(submissions), timezone.now()


def keep(call):
    """Count a call, keep the `Counts`, and return them with the moment."""
    now = timezone.now()
    counts = count(call.submissions.submitted())
    Tally.objects.update_or_create(
        consultation=call, defaults={"counts": asdict(counts), "counted_at": now}
    )
    return counts, now


def keep_all():
    """Count again what is kept, so that nobody waits for it."""
    for tally in Tally.objects.select_related("consultation"):
        keep(tally.consultation)


def days_of(call, counts):
    """Return {date: count} without gaps, from the opening to the last that came in."""
    by_day = {dt.date.fromisoformat(day): n for day, n in counts.by_day.items()}
    first = min([call.opens_at.astimezone(UK).date(), *by_day])
    last = max([call.closes_at.astimezone(UK).date(), *by_day])
    dates = [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]
    return {date: by_day.get(date, 0) for date in dates}


def types_of(counts):
    """Return [(name, count, value)] for each type, and for those who gave none."""
    types = [
        (kind.label, counts.by_type.get(kind.value, 0), kind.value)
        for kind in RespondentType
    ]
    if "" in counts.by_type:
        types.append(("", counts.by_type[""], ""))
    return types


def questions_of(call, counts):
    """Return [(section, [(question, count)])]: how many answered each question."""
    return [
        (
            section,
            [
                (question, counts.by_question.get(str(question.pk), 0))
                for question in section.questions.all()
            ],
        )
        for section in call.sections.prefetch_related("questions")
    ]


def stances_on(call, counts):
    """Return [(version, {stance: count})] for current and commented versions."""
    current = {version.pk for version in PrincipleVersion.objects.current(call)}
    commented = {int(key.split()[0]) for key in counts.by_stance}
    versions = PrincipleVersion.objects.filter(pk__in=current | commented)
    return [
        (
            version,
            {one: counts.by_stance.get(f"{version.pk} {one}", 0) for one in Stance},
        )
        for version in versions.select_related("principle").order_by(
            "principle__number", "-number"
        )
    ]


def provisional(call):
    """Return the questions of a call whose wording waits to be confirmed."""
    return Question.objects.provisional().filter(section__consultation=call)
