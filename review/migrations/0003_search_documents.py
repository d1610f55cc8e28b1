"""What a submission is found by, and the triggers that keep it as what was sent is."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.contrib.postgres.operations import TrigramExtension, UnaccentExtension
from django.db import migrations, models

# English stems, and "cafe" for "café".
ENGLISH = """
CREATE TEXT SEARCH CONFIGURATION review_english (COPY = english);
ALTER TEXT SEARCH CONFIGURATION review_english
    ALTER MAPPING FOR hword, hword_part, word WITH unaccent, english_stem;
"""

# Every text that was sent: `place` is as in review/said.py.
SAID = """
CREATE VIEW review_said AS
SELECT a.submission_id, 'question-' || replace(q.code, '.', '-') AS place,
    q.code AS code, a.text AS text
FROM submissions_answer a
JOIN consultations_question q ON q.id = a.question_id
UNION ALL
SELECT c.submission_id,
    CASE WHEN c.version_id IS NULL THEN 'principles'
    ELSE 'principle-' || p.number || '-v' || v.number END,
    coalesce('P' || p.number, ''), c.comment
FROM submissions_principlecomment c
LEFT JOIN principles_principleversion v ON v.id = c.version_id
LEFT JOIN principles_principle p ON p.id = v.principle_id
WHERE c.comment <> ''
UNION ALL
SELECT c.submission_id,
    'sentence-' || p.number || '-v' || v.number || '-' || s.number || said.ending,
    'P' || p.number || 'v' || v.number || '.' || s.number, said.text
FROM submissions_sentencecomment c
CROSS JOIN LATERAL
    (VALUES ('', c.comment), ('-wording', c.suggestion)) said (ending, text)
JOIN principles_sentence s ON s.id = c.sentence_id
JOIN principles_principleversion v ON v.id = s.version_id
JOIN principles_principle p ON p.id = v.principle_id
WHERE said.text <> ''
UNION ALL
SELECT i.submission_id, 'item-' || i.key, i.title,
    concat_ws(E'\\n', i.title, i.details, i.service, i.place, i.period)
FROM submissions_evidenceitem i
UNION ALL
SELECT f.submission_id, 'file-' || f.key, f.name, f.name
FROM submissions_attachment f;
"""

# A vector holds a megabyte at most. What is longer must be sent all the same: it is found
# by its first part.
WORDS = """
CREATE FUNCTION review_words(said text) RETURNS tsvector
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN to_tsvector('review_english', said);
EXCEPTION WHEN program_limit_exceeded THEN
    RETURN review_words(left(said, length(said) / 2));
END $$;
"""

# "the" is in no index but takes a place: no phrase runs from one text into the next.
DOCUMENT = """
CREATE VIEW review_document AS
SELECT
    s.id AS submission_id,
    setweight(to_tsvector('review_english',
        concat_ws(' ', s.reference, s.organisation, s.name, s.email)), 'A')
        || review_words(coalesce(said.text, '')) AS words,
    lower(unaccent(
        concat_ws(E'\\n', s.reference, s.organisation, s.name, s.email))) AS who,
    said.word_count,
    ARRAY(
        SELECT question_id FROM submissions_answer
        WHERE submission_id = s.id ORDER BY 1
    ) AS questions,
    ARRAY(
        SELECT coalesce(v.principle_id, 0) FROM submissions_principlecomment c
        LEFT JOIN principles_principleversion v ON v.id = c.version_id
        WHERE c.submission_id = s.id
        UNION
        SELECT v.principle_id FROM submissions_sentencecomment c
        JOIN principles_sentence one ON one.id = c.sentence_id
        JOIN principles_principleversion v ON v.id = one.version_id
        WHERE c.submission_id = s.id
        ORDER BY 1
    ) AS principles,
    EXISTS (
        SELECT FROM submissions_evidenceitem WHERE submission_id = s.id
    ) AS has_items,
    EXISTS (
        SELECT FROM submissions_attachment WHERE submission_id = s.id
    ) AS has_files
FROM submissions_submission s
CROSS JOIN LATERAL (
    SELECT
        left(string_agg(E'the\\n' || text, E'\\n' ORDER BY place), 1000000) AS text,
        coalesce(sum(regexp_count(text, '\\S+')) FILTER (WHERE place NOT LIKE 'file-%'), 0)
            AS word_count
    FROM review_said WHERE submission_id = s.id
) said
WHERE s.submitted_at IS NOT NULL AND s.withdrawn_at IS NULL;
"""

COLUMNS = (
    "words",
    "who",
    "word_count",
    "questions",
    "principles",
    "has_items",
    "has_files",
)
NAMES = ", ".join(COLUMNS)

# What is not sent has no document, and so costs whoever writes nothing.
SENT = f"""
CREATE FUNCTION review_submission_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.submitted_at IS NULL OR NEW.withdrawn_at IS NOT NULL THEN
        DELETE FROM review_searchdocument WHERE submission_id = NEW.id;
    ELSE
        INSERT INTO review_searchdocument (submission_id, {NAMES})
        SELECT submission_id, {NAMES} FROM review_document
        WHERE submission_id = NEW.id
        ON CONFLICT (submission_id) DO UPDATE SET
        {", ".join(f"{name} = excluded.{name}" for name in COLUMNS)};
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER review_search_of_sent AFTER INSERT ON submissions_submission
    FOR EACH ROW WHEN (NEW.submitted_at IS NOT NULL)
    EXECUTE FUNCTION review_submission_changed();
CREATE TRIGGER review_search_of_changed AFTER UPDATE OF
    reference, organisation, name, email, submitted_at, withdrawn_at
    ON submissions_submission
    FOR EACH ROW
    WHEN (NEW.submitted_at IS NOT NULL OR OLD.submitted_at IS NOT NULL)
    EXECUTE FUNCTION review_submission_changed();
"""

# Locked first: the statement after that sees what others have written until then. Never
# inserts, or erasing what was said would bring back the document of what is being erased.
SAID_CHANGED = f"""
CREATE FUNCTION review_said_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed bigint[];
    sent bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT array_agg(DISTINCT submission_id) INTO changed FROM new_rows;
    ELSIF TG_OP = 'DELETE' THEN
        SELECT array_agg(DISTINCT submission_id) INTO changed FROM old_rows;
    ELSE
        SELECT array_agg(submission_id) INTO changed FROM (
            SELECT submission_id FROM new_rows
            UNION SELECT submission_id FROM old_rows
        ) rows;
    END IF;
    SELECT array_agg(submission_id) INTO sent FROM (
        SELECT submission_id FROM review_searchdocument
        WHERE submission_id = ANY(changed) ORDER BY submission_id FOR UPDATE
    ) locked;
    IF sent IS NOT NULL THEN
        UPDATE review_searchdocument kept
        SET {", ".join(f"{name} = now.{name}" for name in COLUMNS)}
        FROM review_document now
        WHERE now.submission_id = kept.submission_id
            AND kept.submission_id = ANY(sent);
    END IF;
    RETURN NULL;
END $$;
"""
TABLES = (
    "submissions_answer",
    "submissions_principlecomment",
    "submissions_sentencecomment",
    "submissions_evidenceitem",
    "submissions_attachment",
)
# A trigger that sees the rows of a whole statement is one of one event.
EVENTS = {
    "INSERT": "NEW TABLE AS new_rows",
    "UPDATE": "OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "DELETE": "OLD TABLE AS old_rows",
}
TRIGGERS = "".join(
    f"CREATE TRIGGER review_search_after_{event.lower()} AFTER {event} ON {table}"
    f" REFERENCING {rows} FOR EACH STATEMENT EXECUTE FUNCTION review_said_changed();\n"
    for table in TABLES
    for event, rows in EVENTS.items()
)

# Read whole for each phrase and rank: unpacking would take longer than reading.
STORAGE = """
ALTER TABLE review_searchdocument ALTER COLUMN words SET STORAGE EXTERNAL;
"""

# The database thinks a word's vector is as cheap to read as a number, and reads them all:
# only the index may be used here. It is told to expect few, so that what is found is looked
# up, where it would else look through all submissions for the newest page of them.
SEARCH = """
CREATE FUNCTION review_search(query tsquery, part text, at_most integer)
RETURNS SETOF bigint LANGUAGE sql STABLE ROWS 50 SET enable_seqscan = off AS $$
    SELECT submission_id FROM review_searchdocument
    WHERE words @@ query OR who LIKE part LIMIT at_most
$$;
"""

FILL = f"""
INSERT INTO review_searchdocument (submission_id, {NAMES})
SELECT submission_id, {NAMES} FROM review_document;
"""

UNDO = """
DROP FUNCTION review_search(tsquery, text, integer);
DROP FUNCTION review_said_changed() CASCADE;
DROP FUNCTION review_submission_changed() CASCADE;
DROP VIEW review_document;
DROP FUNCTION review_words(text);
DROP VIEW review_said;
DROP TEXT SEARCH CONFIGURATION review_english;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("review", "0002_tallies_of_large_calls"),
        ("principles", "0001_principles_and_their_versions"),
        ("submissions", "0002_items_files_revisions_and_invitations"),
    ]

    operations = [
        TrigramExtension(),
        UnaccentExtension(),
        migrations.CreateModel(
            name="SearchDocument",
            fields=[
                (
                    "submission",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="search",
                        serialize=False,
                        to="submissions.submission",
                    ),
                ),
                ("words", django.contrib.postgres.search.SearchVectorField()),
                ("who", models.TextField()),
                ("word_count", models.PositiveIntegerField()),
                (
                    "questions",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), size=None
                    ),
                ),
                (
                    "principles",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), size=None
                    ),
                ),
                ("has_items", models.BooleanField()),
                ("has_files", models.BooleanField()),
            ],
            options={
                "default_permissions": [],
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["words"], name="review_search_words"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["who"],
                        name="review_search_who",
                        opclasses=["gin_trgm_ops"],
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["questions"], name="review_search_questions"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["principles"], name="review_search_principles"
                    ),
                    models.Index(
                        fields=["-word_count", "-submission"],
                        name="review_search_longest",
                    ),
                ],
            },
        ),
        migrations.RunSQL(
            STORAGE
            + ENGLISH
            + SAID
            + WORDS
            + DOCUMENT
            + SENT
            + SAID_CHANGED
            + TRIGGERS
            + SEARCH
            + FILL,
            UNDO,
        ),
    ]
