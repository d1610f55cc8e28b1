"""Other wordings that respondents suggest for a sentence: each with who suggests it."""

from dataclasses import dataclass

from django.core.paginator import Page
from django.db import connection

from consultations.staff import WithinPages
from submissions.models import SentenceComment, Submission
from submissions.wording import difference

PER_PAGE = 20
# So many are compared: those that were written last.
COMPARED = 5_000
# Of those who suggest one wording, as many are named.
NAMED = 5
# What str.split() takes for spaces, but for the usual one.
SPACES = (
    r"\u0009-\u000d\u001c-\u001f\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f"
    r"\u3000"
)
# Most texts have no other spaces than between words: to see that takes a tenth of
# replacing them.
TEXT = rf"""
    CASE WHEN suggestion ~ '[{SPACES}]|  |^ | $'
    THEN btrim(regexp_replace(suggestion, '[ {SPACES}]+', ' ', 'g'))
    ELSE suggestion END
"""
# A page beyond the last is the last.
PAGE = f"""
    WITH suggested AS ({{suggested}}), grouped AS (
        SELECT {TEXT} AS text, count(*) AS number, min(submission_id) AS first,
            array_agg(submission_id) AS ids
        FROM (SELECT * FROM suggested LIMIT %s) AS compared GROUP BY 1
    ), every AS (
        SELECT count(*) AS wordings, (SELECT count(*) FROM suggested) AS suggestions
        FROM grouped
    )
    SELECT wordings, suggestions, text, number, ARRAY(
        SELECT s.id FROM submissions_submission s WHERE s.id = ANY(ids)
        ORDER BY s.submitted_at, s.id LIMIT {NAMED}
    )
    FROM every CROSS JOIN grouped ORDER BY number DESC, first
    LIMIT {PER_PAGE}
    OFFSET {PER_PAGE} * least(
        %s, (SELECT greatest(wordings - 1, 0) / {PER_PAGE} FROM every)
    )
"""  # noqa: S608


@dataclass(frozen=True)
class Wording:
    """One suggested wording of a sentence, and who suggests it."""

    text: str
    count: int
    pieces: list
    # The first of them.
    named: list[Submission]

    @property
    def unnamed(self):
        return self.count - len(self.named)


@dataclass(frozen=True)
class Wordings:
    """A page of wordings, the most frequent first."""

    page: Page
    # How many suggest one, of any page; or where `is_more`, more than that.
    suggestions: int
    is_more: bool


def wordings_of(sentence, submissions, number):
    """Return a page of the `Wordings` that these submissions suggest; two queries.

    Wordings that differ in their spaces alone are one.
    """
    number = max(1, number)
    rows = _rows(sentence, submissions, number)
    wordings, suggestions = rows[0][:2] if rows else (0, 0)
    people = Submission.objects.in_bulk([pk for *_others, ids in rows for pk in ids])
    page = WithinPages(range(wordings), PER_PAGE).page(number)
    page.object_list = [
        Wording(
            text,
            count,
            difference(sentence.text, text),
            [people[pk] for pk in ids if pk in people],
        )
        for _wordings, _suggestions, text, count, ids in rows
    ]
    return Wordings(page, min(suggestions, COMPARED), suggestions > COMPARED)


def _rows(sentence, submissions, number):
    suggested = SentenceComment.objects.filter(
        sentence=sentence, submission__in=submissions.order_by()
    ).exclude(suggestion="")
    last = suggested.order_by("-pk").values("submission_id", "suggestion")
    sql, params = last[: COMPARED + 1].query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(PAGE.format(suggested=sql), [*params, COMPARED, number - 1])
        return cursor.fetchall()
