"""What respondents said and staff made of it, as SQL that tables and JSON are made from.

Each query is about one page of submissions. Texts that are translated, and what the call
asks, stand in it. PostgreSQL leaves out what a query does not name.
"""

from psycopg2.sql import SQL, Literal

from .call import THEM_ALL
from .words import in_utc, person

# What `reading.pages` says that queries are about: so each of them is put together once.
PAGE = SQL("ANY(current_setting('keepitlocal.page')::bigint[])")
# The answer to a question, the comment on a version of a principle (or on them all), the
# comment and the wording for a sentence: of what is no such thing, null.
SAID = """
    SELECT a.submission_id, p.number, p.place, p.kind, p.section, p.code, p.title,
        a.text, a.confidence, NULL::text AS stance, NULL::text AS wording
    FROM submissions_answer a
    JOIN places p ON p.question_id = a.question_id
    WHERE a.submission_id = {page}
    UNION ALL
    SELECT c.submission_id, p.number, p.place, p.kind, p.section, p.code, p.title,
        c.comment, c.confidence, CASE WHEN c.version_id IS NOT NULL THEN c.stance END, NULL
    FROM submissions_principlecomment c
    JOIN places p ON p.version_id = coalesce(c.version_id, {them_all})
    WHERE c.submission_id = {page}
    UNION ALL
    SELECT c.submission_id, p.number, p.place, p.kind, p.section, p.code, p.title,
        c.comment, c.confidence, NULL, c.suggestion
    FROM submissions_sentencecomment c
    JOIN places p ON p.sentence_id = c.sentence_id
    WHERE c.submission_id = {page}
"""
PLACES = """
places AS (
    SELECT number, question_id::bigint, version_id::bigint, sentence_id::bigint,
        place, kind, section, code, title
    FROM (VALUES {places}) p (
        number, question_id, version_id, sentence_id, place, kind, section, code, title
    )
),
said AS ({said})"""
# An item that may not be quoted is kept back, and a file with its item.
EVIDENCE = """
items AS (
    SELECT i.*, 'item-' || i.key AS place_of_item,
        row_number() OVER (ORDER BY i.created_at, i.id) AS number,
        CASE WHEN i.may_quote = 'no' THEN 'locality-only' ELSE i.confidence END
            AS public_confidence,
        ARRAY(
            SELECT q.code FROM submissions_evidenceitem_questions used
            JOIN consultations_question q ON q.id = used.question_id
            JOIN consultations_section s ON s.id = q.section_id
            WHERE used.evidenceitem_id = i.id ORDER BY s.number, q.position, q.code
        ) AS questions,
        ARRAY(
            SELECT p.number FROM submissions_evidenceitem_principles used
            JOIN principles_principle p ON p.id = used.principle_id
            WHERE used.evidenceitem_id = i.id ORDER BY p.number
        ) AS principles
    FROM submissions_evidenceitem i WHERE i.submission_id = {page}
),
files AS (
    SELECT f.submission_id, f.item_id, f.name, f.confidence, stored.size,
        stored.sha256, stored.content_type, stored.name AS stored,
        row_number() OVER (PARTITION BY f.submission_id ORDER BY f.uploaded_at, f.id)
            AS number,
        CASE
            WHEN 'locality-only' IN (f.confidence, i.confidence) OR i.may_quote = 'no'
                THEN 'locality-only'
            WHEN 'without-name' IN (f.confidence, i.confidence) THEN 'without-name'
            ELSE 'publish'
        END AS public_confidence
    FROM submissions_attachment f
    JOIN submissions_storedfile stored ON stored.id = f.stored_id
    LEFT JOIN submissions_evidenceitem i ON i.id = f.item_id
    WHERE f.submission_id = {page}
)"""
REVIEWED = """
marked AS (
    SELECT m.*, t.name::text AS theme, parent.name AS part_of, {added_by} AS added_by,
        {added_at} AS added_at_utc,
        row_number() OVER (ORDER BY m.place, m.start, m.id) AS number
    FROM review_themedpassage m
    JOIN review_theme t ON t.id = m.theme_id
    LEFT JOIN review_theme parent ON parent.id = t.parent_id
    LEFT JOIN auth_user u ON u.id = m.added_by_id
    WHERE m.submission_id = {page}
),
notes AS (
    SELECT n.submission_id, n.text, {written_at} AS written_at, {author} AS author,
        row_number() OVER (ORDER BY n.written_at, n.id) AS number
    FROM review_note n LEFT JOIN auth_user u ON u.id = n.author_id
    WHERE n.submission_id = {page}
),
assigned AS (
    SELECT a.submission_id, {assignee} AS assigned_to
    FROM review_assignment a JOIN auth_user u ON u.id = a.user_id
    WHERE a.submission_id = {page}
)"""
SENT = """
sent AS (
    SELECT s.*, {submitted_at} AS sent_at, {received_at} AS received,
        {published_at} AS published,
        ARRAY(
            SELECT r.public_id FROM review_publishedresponse r
            WHERE r.submission_id = s.id ORDER BY r.name, r.public_id
        ) AS public_ids
    FROM submissions_submission s
    LEFT JOIN review_intake i ON i.submission_id = s.id
    WHERE s.id = {page}
)"""


def relations(call):
    """Return what stands in a WITH clause: see above for what has which columns."""
    places = [
        SQL("({})").format(SQL(", ").join(map(Literal, (number, *place))))
        for number, place in enumerate(call.places)
    ]
    return SQL(",".join([SENT, PLACES, EVIDENCE, REVIEWED])).format(
        page=PAGE,
        places=SQL(", ").join(places),
        said=SQL(SAID).format(page=PAGE, them_all=Literal(THEM_ALL)),
        submitted_at=in_utc("s.submitted_at"),
        received_at=in_utc("i.received_at"),
        published_at=in_utc("s.published_at"),
        added_at=in_utc("m.added_at"),
        written_at=in_utc("n.written_at"),
        added_by=person("u"),
        author=person("u"),
        assignee=person("u"),
    )
