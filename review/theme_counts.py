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
from review.codebook import Entry, tree
from review.finding.selection import Selection
from review.models import ThemedPassage
from submissions.models import RespondentType, Submission

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
    passages: int
    submissions: int
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
        # Only what was sent bears any; to leave out the few withdrawn is five times faster.
        withdrawn = Submission.objects.filter(withdrawn_at__isnull=False).order_by()
        return ThemedPassage.objects.exclude(submission__in=withdrawn.values("pk"))
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


def table(consultation, selection, by):
    """Return the columns, and a `Row` for each theme of the codebook."""
    of_call = standing(selection).filter(theme__consultation=consultation)
    counted = (_by_type if by == TYPE else _by_place)(of_call)
    totals = totals_of(of_call)
    shown = columns(consultation, by)
    most = max((submissions for _passages, submissions in counted.values()), default=1)
    return shown, [
        Row(
            entry,
            Cell(None, *totals.get(entry.theme.pk, NONE)),
            [_cell(column, counted, entry.theme, most) for column in shown],
        )
        for entry in tree(consultation)
    ]


def _cell(column, counted, theme, most):
    passages, submissions = counted.get((theme.pk, column.key), NONE)
    return Cell(column, passages, submissions, ceil(LEVELS * submissions / most))


def totals_of(passages):
    """Return {theme: (passages, submissions)}."""
    return {pk: numbers for pk, *numbers in _counted(passages, "theme")}


def _by_type(passages):
    counted = _counted(passages, "theme", "submission__respondent_type")
    return {(theme, f"type-{value}"): numbers for theme, value, *numbers in counted}


def _by_place(passages):
    counted = _counted(
        passages,
        "theme",
        "question",
        "version__principle",
        Q(place=WHOLE_PRINCIPLES),
    )
    return {
        (theme, _key(question, principle, is_general)): numbers
        for theme, question, principle, is_general, *numbers in counted
    }


def _counted(passages, *by):
    """Return rows of these columns, with how many passages and submissions there are.

    Counted by submission first: PostgreSQL would sort them all to count each once, and
    takes twice as long.
    """
    each = passages.order_by().values_list(*by, "submission").annotate(Count("pk"))
    sql, params = each.query.sql_with_params()
    names = [f"by_{number}" for number in range(len(by))]
    columns = ", ".join(names)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {columns}, sum(passages)::int, count(*)"  # noqa: S608
            f" FROM ({sql}) AS each ({columns}, submission, passages)"
            f" GROUP BY {columns}",
            params,
        )
        return cursor.fetchall()


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
