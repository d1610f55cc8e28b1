from functools import cached_property

from django.utils.translation import gettext as _
from psycopg2.sql import SQL

from review.exports.call import THEM_ALL, code_of, sentence_code, title_of
from review.exports.relations import PAGE
from review.exports.words import in_words, literal
from submissions.models import Confidence, Stance

from .base import Column, Table

# Each text goes to the column of its place; of what is not to be published like the rest, the
# id of its place and how instead go into two arrays.
OWN = SQL("""
answered AS (
    SELECT submission_id, {answers_kept_back} {answers}
    FROM submissions_answer WHERE submission_id = {page} GROUP BY submission_id
),
commented AS (
    SELECT submission_id, {comments_kept_back},
        max(comment) FILTER (WHERE version_id IS NULL) AS on_them_all {comments}
    FROM submissions_principlecomment
    WHERE submission_id = {page} GROUP BY submission_id
),
worded AS (
    SELECT submission_id, {sentences_kept_back} {sentences}
    FROM submissions_sentencecomment
    WHERE submission_id = {page} GROUP BY submission_id
),
attached AS (
    SELECT submission_id, string_agg(name, '; ' ORDER BY number) AS files,
        string_agg(name || ': ' || {public_confidence}, '; ' ORDER BY number)
            FILTER (WHERE public_confidence <> 'publish') AS kept_back
    FROM files GROUP BY submission_id
),
""")
KEPT_BACK = SQL("""concat_ws('; ',
    CASE WHEN coalesce(
        answered.confidences, commented.confidences, worded.confidences
    ) IS NOT NULL THEN (
        SELECT string_agg(
            coalesce(nullif(code, ''), {them_all}) || ': ' || {confidence}, '; '
            ORDER BY code = '', is_sentence, number
        ) FROM (
            SELECT code, number, confidence, FALSE AS is_sentence
            FROM unnest(answered.kept_back, answered.confidences) kept (id, confidence)
            JOIN places ON question_id = id
            UNION ALL SELECT code, number, confidence, FALSE
            FROM unnest(commented.kept_back, commented.confidences) kept (id, confidence)
            JOIN places ON version_id = id
            UNION ALL SELECT code, number, confidence, TRUE
            FROM unnest(worded.kept_back, worded.confidences) kept (id, confidence)
            JOIN places ON sentence_id = id
        ) kept
    ) END, attached.kept_back)""")


class OneRowASubmission(Table):
    """Wide: a column for each question, two for each version and each sentence of one."""

    name = "submissions"
    own_rows = SQL("""
        LEFT JOIN answered ON answered.submission_id = about.id
        LEFT JOIN commented ON commented.submission_id = about.id
        LEFT JOIN worded ON worded.submission_id = about.id
        LEFT JOIN attached ON attached.submission_id = about.id
    """)
    order = SQL("")
    place = None

    @property
    def title(self):
        return _("Submissions")

    @cached_property
    def own_relations(self):
        return OWN.format(
            page=PAGE,
            answers_kept_back=_kept_back("question_id"),
            comments_kept_back=_kept_back(f"coalesce(version_id, {THEM_ALL})"),
            sentences_kept_back=_kept_back("sentence_id"),
            answers=_pivoted(self.call.questions, "question_id", "text"),
            comments=_pivoted(self.call.versions, "version_id", "stance", "comment"),
            sentences=_pivoted(
                self.call.all_sentences, "sentence_id", "comment", "suggestion"
            ),
            public_confidence=in_words("public_confidence", Confidence),
        )

    def own_columns(self):
        answer, comment = _("The answer, as it was written."), _("The comment.")
        for question in self.call.questions:
            yield Column(str(question), answer, f"text_{question.pk}")
        for version in self.call.versions:
            yield from self._about_version(version, comment)
        for sentence in self.call.all_sentences:
            yield from self._about_sentence(sentence, comment)
        yield Column(
            _("The principles as a whole: comment"),
            comment,
            "on_them_all",
        )
        yield Column(
            _("Files"),
            _("The names of all files, as they were attached."),
            "attached.files",
        )
        yield Column(
            _("Kept back"),
            _("What is not to be published like the rest, and how instead."),
            KEPT_BACK.format(
                them_all=literal(_("The principles as a whole")),
                confidence=in_words("confidence", Confidence),
            ),
        )

    def _about_version(self, version, comment):
        name = f"{code_of(version)} {title_of(version)}"
        stance = in_words(f"stance_{version.pk}", Stance)
        yield Column(f"{name}: {_('stance')}", _("As the respondent chose."), stance)
        cell = f"commented.comment_{version.pk}"
        yield Column(f"{name}: {_('comment')}", comment, cell)

    def _about_sentence(self, sentence, comment):
        name = f"{sentence_code(sentence)} {sentence}"
        cell = f"worded.comment_{sentence.pk}"
        yield Column(f"{name}: {_('comment')}", comment, cell)
        yield Column(
            f"{name}: {_('suggested wording')}",
            _("Another wording that was suggested for the whole sentence."),
            f"suggestion_{sentence.pk}",
        )


def _kept_back(key):
    """Return the columns of what is kept back: keys of its places, and how it is."""
    kept = "FILTER (WHERE confidence <> 'publish')"
    return SQL(
        f"array_agg({key}) {kept} AS kept_back,"
        f" array_agg(confidence) {kept} AS confidences"
    )


def _pivoted(asked, key, *texts):
    """Return a column for each text on each of what was asked."""
    columns = (
        f", max({text}) FILTER (WHERE {key} = {one.pk}) AS {text}_{one.pk}"
        for one in asked
        for text in texts
    )
    return SQL("".join(columns))
