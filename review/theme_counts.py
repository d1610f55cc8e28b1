"""How often themes were put on what, by question or by type of respondent.

Withdrawn submissions and drafts count nowhere: the `Selection` leaves them out.
"""

from dataclasses import dataclass
from math import ceil

from django.db import connection
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from consultations.models import Question
from principles.models import Principle
from review import kept
from review.codebook import Entry, tree
from review.finding.selection import Selection
from review.models import ThemedPassage
from submissions.models import RespondentType

QUESTION, TYPE = "question", "type"
WHOLE_PRINCIPLES, ITEMS = "principles", "items"
NONE = (0, 0)
LEVELS = 4


@dataclass(frozen=True)
class Column:
    """`key` names it in an address: "question-12", "principle-3", "type-academic"."""

    key: str
    label: str
    # What the label is short for.
    words: str


@dataclass(frozen=True)
class Cell:
    column: Column | None
    submissions: int
    passages: int
    # From 0 for none to 4 for the most in the table: how strongly it is tinted.
    level: int = 0


@dataclass(frozen=True)
class Row:
    entry: Entry
    total: Cell
    cells: list[Cell]


def standing(selection: Selection):
    """Return the passages in submissions that are chosen."""
    if selection.is_everything:
        # Said as a join, the newest are found by the index of what stands.
        return ThemedPassage.objects.filter(
            submission__submitted_at__isnull=False, submission__withdrawn_at=None
        )
    return ThemedPassage.objects.filter(
        submission__in=selection.submissions.order_by().values("pk")
    )


def columns(consultation, by):
    """Return the `Column`s of a table, in the order of the call."""
    if by == TYPE:
        types = [
            Column(f"type-{value}", label, label)
            for value, label in RespondentType.choices
        ]
        return [*types, Column("type-", _("Not said"), _("Type not provided"))]
    questions = Question.objects.filter(section__consultation=consultation)
    asked = [
        Column(f"question-{question.pk}", question.code, question.wording)
        for question in questions.order_by("section__number", "position", "code")
    ]
    principles = [
        Column(f"principle-{principle.pk}", f"P{principle.number}", str(principle))
        for principle in Principle.objects.filter(consultation=consultation)
    ]
    whole = Column(WHOLE_PRINCIPLES, _("All P"), _("The principles as a whole"))
    items = Column(ITEMS, _("Evidence"), _("Evidence items"))
    return [*asked, *principles, whole, items]


def _by_type(submissions, within):
    return _counted(submissions, within, "theme")


def _by_place(submissions, within):
    return [
        [[theme, _key(question, principle, is_general)], kind, *numbers]
        for theme, question, principle, is_general, kind, *numbers in _counted(
            submissions,
            within,
            "theme",
            "question",
            "version__principle",
            Q(place=WHOLE_PRINCIPLES),
        )
    ]


def _counted(submissions, within, *by):
    """Return rows of these columns and the type of respondent, with two numbers.

    That is how many submissions there are, and how many passages. Counted by submission
    first: PostgreSQL would sort them all to count each once, and takes twice as long.
    """
    passages = ThemedPassage.objects.filter(within, submission__in=submissions)
    by = [*by, "submission__respondent_type"]
    each = passages.order_by().values_list(*by, "submission").annotate(Count("pk"))
    sql, params = each.query.sql_with_params()
    columns = ", ".join(f"by_{number}" for number in range(len(by)))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {columns}, count(*), sum(passages)::int"  # noqa: S608
            f" FROM ({sql}) AS each ({columns}, submission, passages)"
            f" GROUP BY {columns}",
            params,
        )
        return [list(row) for row in cursor.fetchall()]


# Submissions and passages, by the id of a theme; the second by a column's key as well.
THEMES = kept.Kind("themes", _by_type)
PLACES = kept.Kind("themes by place", _by_place)


def forget_counts(consultation):
    """Have themes counted anew: their passages went from one to another."""
    kept.forget(consultation, THEMES, PLACES)


def table(consultation, selection, by):
    """Return the columns, a `Row` for each theme, and when it was counted or None."""
    figures = kept.Figures(selection, consultation)
    themes = figures.of(THEMES)
    counted_at = themes.counted_at
    if by == TYPE:
        numbers = _added_up(
            ((theme, f"type-{kind}"), *some) for theme, kind, *some in themes.rows
        )
    else:
        places = figures.of(PLACES)
        numbers = _added_up((tuple(key), *some) for key, _kind, *some in places.rows)
        counted_at = counted_at and min(counted_at, places.counted_at)
    totals = totals_of(themes)
    shown = columns(consultation, by)
    most = max((submissions for submissions, _passages in numbers.values()), default=1)
    rows = [
        Row(
            entry,
            Cell(None, *totals.get(entry.theme.pk, NONE)),
            [_cell(column, numbers, entry.theme, most) for column in shown],
        )
        for entry in tree(consultation)
    ]
    return shown, rows, counted_at


def _added_up(rows):
    """Return {key: (submissions, passages)}."""
    sums = {}
    for key, submissions, passages in rows:
        before = sums.get(key, NONE)
        sums[key] = (before[0] + submissions, before[1] + passages)
    return sums


def _cell(column, numbers, theme, most):
    submissions, passages = numbers.get((theme.pk, column.key), NONE)
    return Cell(column, submissions, passages, ceil(LEVELS * submissions / most))


def totals_of(figure):
    """Return {theme: (submissions, passages)} of a `Figure` of themes."""
    return _added_up((theme, *some) for theme, _kind, *some in figure.rows)


def _key(question, principle, is_general):
    if question:
        return f"question-{question}"
    if principle:
        return f"principle-{principle}"
    return WHOLE_PRINCIPLES if is_general else ITEMS


def in_column(passages, column):
    """Return the passages that a table counts in a column."""
    what, _dash, value = column.key.partition("-")
    return passages.filter(
        {
            "question": Q(question=value),
            "principle": Q(version__principle=value),
            "type": Q(submission__respondent_type=value),
            WHOLE_PRINCIPLES: Q(place=WHOLE_PRINCIPLES),
            ITEMS: Q(place__startswith="item-"),
        }[what]
    )
