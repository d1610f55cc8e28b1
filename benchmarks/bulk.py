"""Fills a database with large, equal submissions, by SQL: 100,000 of them in a few minutes.

`make_submissions` makes what looks like a call; here every submission says equally much,
so that a time can be divided by their number.
"""

import math
from contextlib import contextmanager

from django.db import connection, transaction
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
POOL_TABLE = "CREATE TEMPORARY TABLE bulk_pool (number integer PRIMARY KEY, text text)"
# Neighbours say different things.
TEXT = (
    "SELECT text FROM bulk_pool WHERE number = (s.id * 31 + {place} * 7919) %% %(pool)s"
)


def fill(call, count, *, length=270):
    """Make so many submissions, each with 30 texts of `length` characters.

    That is an answer to each of its 27 questions and a comment on three principles. They
    have no search documents. The database has fresh statistics afterwards.
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
    submissions = [maker.submission() for _ in range(count)]
    for submission in submissions:
        submission.reference, submission.submitted_at = (
            maker.reference(),
            maker.moment(),
        )
    return Submission.objects.bulk_create(submissions, batch_size=1_000)


def say(cursor, call, submissions):
    questions = Question.objects.filter(section__consultation=call)
    versions = PrincipleVersion.objects.current(call)
    questions = list(questions.values_list("pk", flat=True))
    versions = list(versions.values_list("pk", flat=True))[: TEXTS - len(questions)]
    chosen = {
        "pool": POOL,
        "first": submissions[0].pk,
        "last": submissions[-1].pk,
        "questions": questions,
        "versions": versions,
    }
    cursor.execute(
        "INSERT INTO submissions_answer (submission_id, question_id, text, confidence)"
        f" SELECT s.id, q, ({TEXT.format(place='q')}), 'publish'"
        " FROM submissions_submission s CROSS JOIN unnest(%(questions)s) q"
        " WHERE s.id BETWEEN %(first)s AND %(last)s ORDER BY s.id, q",
        chosen,
    )
    cursor.execute(
        "INSERT INTO submissions_principlecomment"
        " (submission_id, version_id, stance, comment, confidence)"
        f" SELECT s.id, v, 'agree', ({TEXT.format(place='v')}), 'publish'"
        " FROM submissions_submission s CROSS JOIN unnest(%(versions)s) v"
        " WHERE s.id BETWEEN %(first)s AND %(last)s ORDER BY s.id, v",
        chosen,
    )
