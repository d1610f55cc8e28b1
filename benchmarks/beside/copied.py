"""Equal data: gives pretalx every submission of ours, with the same texts in the same order."""

import tempfile
from contextlib import closing

import psycopg2

# A respondent of ours has no account; pretalx's have one each. What it makes itself comes
# after all that are copied.
FIRST_USER = 10_000_000
FIRST_OF_THEIRS = 100_000_000
COPIED_TO = "SELECT coalesce(max(id), 0) FROM submission_submission WHERE id < %s"
# Not what either side was sent while it was measured: they were sent equally much.
CHOSEN = "WHERE s.id > %(after)s AND s.reference LIKE 'MADE-%%' ORDER BY s.id"
# By table: its columns, and what of ours stands in them.
TABLES = {
    "person_user": (
        """id, password, name, email, is_active, is_staff, is_superuser, locale,
        timezone, get_gravatar, code, is_administrator""",
        """s.id + %(first)s, '!', left(s.name, 120), 'r' || s.id || '@example.org',
        true, false, false, 'en', 'UTC', false, 'U' || s.id, false
        FROM submissions_submission s""",
    ),
    "person_speakerprofile": (
        "event_id, user_id, has_arrived, biography",
        """%(event)s, s.id + %(first)s, false, s.respondent_type
        FROM submissions_submission s""",
    ),
    "submission_submission": (
        """id, code, title, state, content_locale, do_not_record, event_id,
        submission_type_id, invitation_token, review_code, is_featured, slot_count,
        created, anonymised_data""",
        """s.id, 'S' || s.id, coalesce(nullif(s.organisation, ''), s.name), 'submitted',
        'en', false, %(event)s, %(submission_type)s, md5(s.key::text),
        md5(s.reference), false, 1, s.submitted_at, '{}'
        FROM submissions_submission s""",
    ),
    "submission_speakerrole": (
        "submission_id, user_id",
        "s.id, s.id + %(first)s FROM submissions_submission s",
    ),
    "submission_answer": (
        "submission_id, question_id, answer",
        """s.id, said.theirs, said.text FROM submissions_submission s
        CROSS JOIN LATERAL (
            SELECT q.theirs, a.text FROM submissions_answer a
            JOIN unnest(%(questions)s, %(of_questions)s) q (ours, theirs)
            ON q.ours = a.question_id WHERE a.submission_id = s.id
            UNION ALL
            SELECT v.theirs, c.comment FROM submissions_principlecomment c
            JOIN unnest(%(versions)s, %(of_versions)s) v (ours, theirs)
            ON v.ours = c.version_id WHERE c.submission_id = s.id
        ) said""",
    ),
}


def copy(ours, theirs, places):
    """Copy the made-up submissions since the last copy; two addresses of databases.

    `places` holds ids: of the event and its submission type, and of our questions and
    versions with those of the questions that stand for them there.
    """
    with (
        closing(psycopg2.connect(ours)) as source,
        closing(psycopg2.connect(theirs)) as target,
    ):
        with target, source.cursor() as out, target.cursor() as into:
            into.execute(COPIED_TO, [FIRST_OF_THEIRS])
            places = places | {"first": FIRST_USER, "after": into.fetchone()[0]}
            for table, (columns, said) in TABLES.items():
                query = out.mogrify(f"SELECT {said} {CHOSEN}", places)
                _copy(out, query.decode(), into, table, columns)
        target.autocommit = True
        target.cursor().execute("VACUUM ANALYZE")


def _copy(out, query, into, table, columns):
    with tempfile.TemporaryFile() as rows:
        out.copy_expert(f"COPY ({query}) TO STDOUT", rows)
        rows.seek(0)
        into.copy_expert(f"COPY {table} ({columns}) FROM STDIN", rows)


def leave_room(theirs):
    """Let what pretalx makes itself have ids beyond all that are copied."""
    with closing(psycopg2.connect(theirs)) as target, target, target.cursor() as cursor:
        for table in ("person_user", "submission_submission"):
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), %s)",
                [FIRST_OF_THEIRS],
            )
