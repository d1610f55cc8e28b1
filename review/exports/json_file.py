"""Submissions as one JSON document, written piece by piece: docs/exports.md describes it.

Keys and codes are English and stay as they are, whatever the language of the pages:
programs read them. PostgreSQL writes each submission.
"""

import json
from functools import cached_property

from psycopg2.sql import SQL, Identifier

from review.models import Theme
from submissions.data import DETAILS, moment

from .call import place_of
from .reading import copy, json_copied
from .relations import relations
from .words import may_be_published

VERSION = 1
QUERY = SQL("""
WITH {relations},
about AS (SELECT * FROM sent),
all_said AS (
    SELECT submission_id, array_to_json(array_agg({said} ORDER BY number)) AS said
    FROM said JOIN about ON about.id = submission_id GROUP BY submission_id
),
each_file AS (
    SELECT files.*, {file} AS file FROM files JOIN about ON about.id = submission_id
),
all_items AS (
    SELECT submission_id, array_to_json(array_agg({item} ORDER BY number)) AS items
    FROM items JOIN about ON about.id = submission_id GROUP BY submission_id
),
all_files AS (
    SELECT submission_id, array_to_json(array_agg(file ORDER BY number)) AS files
    FROM each_file WHERE item_id IS NULL GROUP BY submission_id
),
all_marked AS (
    SELECT submission_id, array_to_json(array_agg({marked} ORDER BY number)) AS themes
    FROM marked GROUP BY submission_id
),
all_notes AS (
    SELECT submission_id, array_to_json(array_agg({note} ORDER BY number)) AS notes
    FROM notes GROUP BY submission_id
),
submissions AS (
    SELECT reference, sent_at, received AS received_at, published AS published_at,
        public_ids, {details},
        coalesce(said, '[]') AS said,
        coalesce(items, '[]') AS evidence_items,
        coalesce(files, '[]') AS files
        {made_by_staff}
    FROM about
    LEFT JOIN all_said ON all_said.submission_id = about.id
    LEFT JOIN all_items ON all_items.submission_id = about.id
    LEFT JOIN all_files ON all_files.submission_id = about.id
    LEFT JOIN all_marked ON all_marked.submission_id = about.id
    LEFT JOIN all_notes ON all_notes.submission_id = about.id
    LEFT JOIN assigned ON assigned.submission_id = about.id
    ORDER BY about.submitted_at, about.id
)
SELECT row_to_json(submissions) FROM submissions
""")
MADE_BY_STAFF = SQL(
    ", coalesce(themes, '[]') AS themes, coalesce(notes, '[]') AS notes,"
    " coalesce(assigned_to, '') AS assigned_to"
)
SAID = SQL("""CASE
    WHEN stance IS NOT NULL THEN json_build_object('place', place, 'stance', stance,
        'text', text, 'confidence', confidence, 'may_be_published', {published})
    WHEN wording IS NOT NULL THEN json_build_object('place', place,
        'text', text, 'suggested_wording', wording, 'confidence', confidence,
        'may_be_published', {published})
    ELSE json_build_object('place', place,
        'text', text, 'confidence', confidence, 'may_be_published', {published})
END""")
FILE = SQL("""json_build_object('name', files.name, 'size', size, 'sha256', sha256,
    'content_type', content_type, 'confidence', confidence,
    'may_be_published', {published})""")
ITEM = SQL("""json_build_object('place', place_of_item, 'title', title, 'kind', kind,
    'details', details, 'service', service, 'period', period, 'source_url', source_url,
    'shows', shows, 'may_quote', may_quote, 'confidence', confidence,
    'about_place', place, 'may_be_published', {published}, 'questions', questions,
    'principles', principles, 'files', array_to_json(ARRAY(
        SELECT file FROM each_file WHERE item_id = items.id ORDER BY number
    )))""")
MARKED = SQL("""json_build_object('theme', theme_id, 'place', place, 'passage', quote,
    'added_by', added_by, 'added_at', added_at_utc)""")
NOTE = SQL("""json_build_object('author', author, 'written_at', written_at,
    'text', text)""")


class JsonWriter:
    """Writes what the call asked, then each submission as an object, then their count."""

    def __init__(self, file, table, *, moment, about):
        self.file = file
        # For what the call asks, and what is left out; no row of it is written.
        self.table = table
        self.moment = moment
        self.about = about
        self.count = 0

    def begin(self):
        head = {
            "format": "keep-it-local/submissions",
            "version": VERSION,
            "taken_at": moment(self.moment),
            "about": self.about,
            "call": described(self.table.call),
        }
        if self.table.with_review:
            head["themes"] = [_theme(theme) for theme in self.table.call.themes]
        text = json.dumps(head, ensure_ascii=False, separators=(",", ":"))
        self.file.write(text[:-1].encode() + b',"submissions":[')

    def add(self, page):
        copy(self.query, self)

    def write(self, line):
        """Take a submission from PostgreSQL, on a line of its own."""
        self.file.write(b",\n" if self.count else b"\n")
        self.file.write(memoryview(line)[:-1])
        self.count += 1

    def end(self):
        self.file.write(f'\n],"count":{self.count}}}\n'.encode())

    @cached_property
    def query(self):
        # Who signs a response off answers to the respondent, not to the public's analysts.
        hidden = {"signed_off_by", *([] if self.table.with_email else ["email"])}
        details = [Identifier(name) for name in DETAILS if name not in hidden]
        query = QUERY.format(
            relations=relations(self.table.call),
            said=SAID.format(published=_published("confidence")),
            file=FILE.format(published=_published("public_confidence")),
            item=ITEM.format(published=_published("public_confidence")),
            marked=MARKED,
            note=NOTE,
            details=SQL(", ").join(details),
            made_by_staff=MADE_BY_STAFF if self.table.with_review else SQL(""),
        )
        return json_copied(query)


def _published(confidence):
    return may_be_published(confidence, in_short=False)


def described(call):
    """Return what a call asks and puts out for comment."""
    consultation = call.consultation
    return {
        "slug": consultation.slug,
        "title": consultation.title,
        "is_rehearsal": consultation.is_rehearsal,
        "opens_at": moment(consultation.opens_at),
        "closes_at": moment(consultation.closes_at),
        "questions": [
            {
                "place": f"question-{question.slug}",
                "code": question.code,
                "section": str(question.section),
                "wording": question.wording,
            }
            for question in call.questions
        ],
        "principles": [
            {
                "place": place_of(version),
                "number": version.principle.number,
                "version": version.number,
                "title": version.principle.title,
                "sentences": [
                    {"number": one.number, "text": one.text}
                    for one in call.sentences[version.pk]
                ],
            }
            for version in call.versions
        ],
    }


def _theme(theme: Theme):
    return {
        "id": theme.pk,
        "name": theme.name,
        "meaning": theme.meaning,
        "part_of": theme.parent_id,
        "merged_into": theme.merged_into_id,
    }
