"""Fills a database with large, equal submissions, by SQL: 100,000 of them in a few minutes.

`make_submissions` makes what looks like a call; here every submission says equally much,
so that a time can be divided by their number.
"""

import datetime as dt
import math
from contextlib import contextmanager

from django.db import connection, transaction
from django.utils import timezone
from psycopg2.extras import execute_values

from consultations.models import Question
from principles.models import PrincipleVersion
from review.made_up.rows import Maker
from submissions.models import Submission

BATCH = 5_000
# Different texts; each stands in many submissions.
POOL = 20_000
# One in so many begins like a formula.
FORMULAS = 100
TEXTS = 30
# As in a call that 100,000 begin within six weeks, one after the other.
OPEN = dt.timedelta(weeks=6)
EVERY = OPEN / 100_000
# They send within minutes or days: one in six takes less than half an hour, one in six
# more than a day.
MEDIAN, SPREAD, LONGEST = dt.timedelta(hours=4), 2, dt.timedelta(weeks=2)
POOL_TABLE = "CREATE TEMPORARY TABLE bulk_pool (number integer PRIMARY KEY, text text)"
# Neighbours say different things.
TEXT = (
    "SELECT text FROM bulk_pool"
    " WHERE number = (s.id * 31 + said.about * 7919) %% %(pool)s"
)
# In the order of writing: fifty seconds for each text, while others write theirs.
WRITTEN = f"""
    SELECT s.id, said.about, ({TEXT}) FROM submissions_submission s
    CROSS JOIN unnest(%(about)s) WITH ORDINALITY said (about, number)
    WHERE s.id BETWEEN %(first)s AND %(last)s ORDER BY s.id + 1.4 * said.number
"""


# One respondent in so many keeps an answer back.
KEEPS_BACK = 10
CONFIDENCE = f"""
    CASE WHEN by %% {KEEPS_BACK} = 0 AND about = %(kept_back)s
    THEN 'locality-only' ELSE 'publish' END
"""


def fill(call, count, *, length=270):
    """Make so many submissions, each with 30 texts of `length` characters.

    That is an answer to each of its 27 questions and a comment on three principles, written
    while others wrote theirs. They have no search documents. The database has fresh
    statistics afterwards.
    """
    maker = Maker(call, "bulk")
    with in_bulk() as cursor:
        cursor.execute(POOL_TABLE)
        execute_values(cursor, "INSERT INTO bulk_pool VALUES %s", pool(maker, length))
        for begun in range(0, count, BATCH):
            with transaction.atomic():
                submissions = sent(maker, min(BATCH, count - begun))
                say(cursor, call, submissions)
        cursor.execute("DROP TABLE bulk_pool")
        cursor.execute("VACUUM ANALYZE")


@contextmanager
def in_bulk():
    """Give a cursor whose statements may take long, and set off no trigger."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("SET session_replication_role = replica")
        connection.connection.patience = math.inf
        try:
            yield cursor
        finally:
            connection.close()


def pool(maker, length):
    """Yield numbered texts of so many characters, a few of which begin like formulas."""
    for number in range(POOL):
        text = "=" if number % FORMULAS == 0 else ""
        while len(text) < length:
            text += maker.words.text() + "\n\n"
        yield number, text[:length]


def sent(maker, count):
    """Make so many who begin one after the other, and send when they are done."""
    submissions = [maker.submission() for _ in range(count)]
    opened = timezone.now() - OPEN - LONGEST
    for submission in submissions:
        took = min(LONGEST, MEDIAN * maker.random.lognormvariate(0, SPREAD))
        submission.submitted_at = opened + maker.made * EVERY + took
        submission.reference = maker.reference()
    return Submission.objects.bulk_create(submissions, batch_size=1_000)


def say(cursor, call, submissions):
    questions = Question.objects.filter(section__consultation=call)
    versions = PrincipleVersion.objects.current(call)
    questions = list(questions.values_list("pk", flat=True))
    versions = list(versions.values_list("pk", flat=True))[: TEXTS - len(questions)]
    these = {"pool": POOL, "first": submissions[0].pk, "last": submissions[-1].pk}
    cursor.execute(
        "INSERT INTO submissions_answer (submission_id, question_id, text, confidence)"
        f" SELECT *, {CONFIDENCE} FROM ({WRITTEN}) written (by, about, text)",
        these | {"about": questions, "kept_back": questions[0]},
    )
    cursor.execute(
        "INSERT INTO submissions_principlecomment"
        " (submission_id, version_id, comment, stance, confidence)"
        f" SELECT *, 'agree', 'publish' FROM ({WRITTEN}) written",
        these | {"about": versions},
    )


def keep_back_one_in_ten():
    """Have one answer in ten be for Locality only, so that nearly all keep something back."""
    with in_bulk() as cursor:
        cursor.execute(
            "UPDATE submissions_answer SET confidence = 'locality-only' WHERE id % 10 = 0"
        )
        cursor.execute("VACUUM ANALYZE submissions_answer")


def send_in_any_order(call):
    """Have all been sent at moments that say nothing about when they were written."""
    with in_bulk() as cursor:
        cursor.execute(
            "UPDATE submissions_submission SET submitted_at = now() - random() * %s"
            " WHERE consultation_id = %s AND submitted_at IS NOT NULL",
            [OPEN, call.pk],
        )
        cursor.execute("VACUUM ANALYZE")
