"""Makes a large call of a small one: copies what was sent and what staff made of it, by SQL.

The small one is of `make_submissions`, so that pages look like a call's. Each copy also says
25 words of its own, drawn from 30,000 as words are (Zipf's law): some are nearly everywhere,
most are rare.
"""

from random import Random

from django.db.models import F
from django.db.models.functions import Left
from psycopg2.extras import execute_values

from benchmarks.bulk import in_bulk
from review.models import (
    Assignment,
    Flag,
    Note,
    Reading,
    SearchDocument,
    ThemedPassage,
)
from submissions.models import (
    Answer,
    EvidenceItem,
    PrincipleComment,
    Revision,
    SentenceComment,
    Submission,
)

VOCABULARY, PARAGRAPHS, LONG = 30_000, 20_000, 25
SYLLABLES = [a + b for a in "bdfgklmnprstv" for b in ("a", "e", "i", "o", "un", "al")]
# Of the copy number n of a row.
NEW_ID = "{table}.{id} + n * (SELECT stride FROM copying)"
PARAGRAPH = "abs(hashint8({table}.submission_id * 1000 + n)) %% " + str(PARAGRAPHS)
PREPARE = """
CREATE TEMPORARY TABLE copying AS
    SELECT max(id) AS stride FROM submissions_submission;
CREATE TEMPORARY TABLE copied_first AS
    SELECT submission_id, min(id) AS id FROM submissions_answer GROUP BY 1;
CREATE TEMPORARY TABLE paragraph
    (number integer PRIMARY KEY, text text, words tsvector);
"""
NEXT_ID = (
    "SELECT setval(pg_get_serial_sequence('submissions_submission', 'id'), max(id))"
    " FROM submissions_submission"
)
WORD = """
    INSERT INTO submissions_sentencecomment
        (submission_id, sentence_id, suggestion, comment, confidence)
    SELECT id, %(sentence)s, %(text)s || ' Number ' || id || ' asks for it.',
        CASE id %% 2 WHEN 0 THEN 'Because of ' || id || '.' ELSE '' END, 'publish'
    FROM submissions_submission WHERE submitted_at IS NOT NULL
    ON CONFLICT (submission_id, sentence_id)
        DO UPDATE SET suggestion = EXCLUDED.suggestion, comment = EXCLUDED.comment
"""
SAID = [
    Answer,
    PrincipleComment,
    SentenceComment,
    EvidenceItem,
    Revision,
    Reading,
    Assignment,
    Flag,
    Note,
    ThemedPassage,
]
TABLES = [Submission, *SAID, SearchDocument]
# Nobody says word for word what the original says; of the wordings for a sentence each
# second is somebody's own, and the others are shared.
OWN = "CASE {table}.{column} WHEN '' THEN '' ELSE {table}.{column} || ' ' || n END"
HALF_OWN = (
    "CASE WHEN {table}.suggestion = '' OR ({table}.id + n) %% 2 = 0"
    " THEN {table}.suggestion ELSE {table}.suggestion || ' ' || {table}.id || '.' || n"
    " END"
)
CHANGED = {
    Submission: {
        "id": NEW_ID.replace("{id}", "id"),
        "key": "gen_random_uuid()",
        "reference": "'COPY-' || " + NEW_ID.replace("{id}", "id"),
        "email": "n || '.' || {table}.email",
        "submitted_at": "{table}.submitted_at - random() * interval '1 hour'",
    },
    Answer: {"text": "concat_ws(' ', {table}.text, n, paragraph.text)"},
    PrincipleComment: {"comment": OWN.replace("{column}", "comment")},
    SentenceComment: {
        "comment": OWN.replace("{column}", "comment"),
        "suggestion": HALF_OWN,
    },
    SearchDocument: {
        "words": "{table}.words || coalesce(paragraph.words, '')",
        "who": "replace({table}.who, 'made-', n || '-')",
        "word_count": f"{{table}}.word_count + {LONG}",
    },
}
JOINED = {
    Answer: "LEFT JOIN copied_first USING (id) LEFT JOIN paragraph"
    f" ON copied_first.id IS NOT NULL AND number = {PARAGRAPH}",
    SearchDocument: "LEFT JOIN copied_first USING (submission_id) LEFT JOIN paragraph"
    f" ON copied_first.id IS NOT NULL AND number = {PARAGRAPH}",
}


def copy_to(count):
    """Copy what is there until there are so many submissions; then refresh statistics."""
    copies = count // Submission.objects.count() - 1
    with in_bulk() as cursor:
        cursor.execute("SET maintenance_work_mem = '512MB'")
        cursor.execute(PREPARE)
        paragraphs = list(enumerate(paragraphs_of(Random(1))))
        execute_values(cursor, "INSERT INTO paragraph VALUES %s", paragraphs)
        cursor.execute(
            "UPDATE paragraph SET words = to_tsvector('review_english', text)"
        )
        indexes = take_indexes(cursor)
        for model in TABLES:
            copy(cursor, model, copies)
        for definition in indexes:
            cursor.execute(definition)
        cursor.execute(NEXT_ID)
        cursor.execute("VACUUM ANALYZE")


def have_everybody_word(sentence):
    """Have each suggest a wording for a sentence that nobody else does; half say why."""
    with in_bulk() as cursor:
        cursor.execute(WORD, {"sentence": sentence.pk, "text": sentence.text})
        cursor.execute("VACUUM ANALYZE submissions_sentencecomment")


def shorten(longest=240):
    """Cut what the small call says down to what a million can say within some gigabytes."""
    Answer.objects.annotate(half=F("pk") % 2).filter(half=0).delete()
    Answer.objects.update(text=Left("text", longest))
    PrincipleComment.objects.update(comment=Left("comment", longest))
    EvidenceItem.objects.update(details=Left("details", longest))


def vocabulary(random):
    """Return words without sense, the most frequent first."""
    words = {}
    while len(words) < VOCABULARY:
        words["".join(random.choices(SYLLABLES, k=random.choice((3, 4))))] = None
    return list(words)


def paragraphs_of(random):
    words = vocabulary(random)
    weights = [1 / (rank + 3) for rank in range(VOCABULARY)]
    drawn = random.choices(words, weights, k=PARAGRAPHS * LONG)
    for begun in range(0, len(drawn), LONG):
        yield " ".join(drawn[begun : begun + LONG])


def take_indexes(cursor):
    """Drop the indexes that hold no promise; return the statements that make them."""
    cursor.execute(
        "SELECT indexname, indexdef FROM pg_indexes"
        " JOIN pg_index ON indexrelid = indexname::regclass"
        " WHERE schemaname = 'public' AND NOT indisunique AND tablename = ANY(%s)",
        [[model._meta.db_table for model in TABLES]],
    )
    found = cursor.fetchall()
    for name, _definition in found:
        cursor.execute(f'DROP INDEX "{name}"')
    return [definition for _name, definition in found]


def copy(cursor, model, copies):
    """Insert so many copies of each row of a table, each with those of its submission."""
    table = model._meta.db_table
    columns = [field.column for field in model._meta.concrete_fields]
    changed = {"submission_id": NEW_ID.format(table=table, id="submission_id")}
    changed |= CHANGED.get(model, {})
    if "id" in columns and model is not Submission:
        columns.remove("id")
    names = ", ".join(f'"{column}"' for column in columns)
    values = ", ".join(
        changed.get(column, f'{table}."{column}"').replace("{table}", table)
        for column in columns
    )
    cursor.execute(
        f"INSERT INTO {table} ({names}) SELECT {values} FROM generate_series(1, %s) n"
        f" CROSS JOIN {table} {JOINED.get(model, '').replace('{table}', table)}",
        [copies],
    )
