"""How much there is of each thing in a submission: asked at once, in one statement.

Most people attach nothing and comment on no sentence: what is not there need not be read.
"""

from dataclasses import dataclass

from django.db import connection

# In the order of the fields below.
SQL = """
SELECT
    ARRAY(SELECT part FROM submissions_finishedpart WHERE submission_id = %(pk)s),
    ARRAY(SELECT question_id FROM submissions_answer WHERE submission_id = %(pk)s),
    (SELECT count(*) FROM submissions_principlecomment WHERE submission_id = %(pk)s),
    (SELECT count(*) FROM submissions_sentencecomment WHERE submission_id = %(pk)s),
    (SELECT count(*) FROM submissions_evidenceitem WHERE submission_id = %(pk)s),
    (SELECT count(*) FROM submissions_attachment WHERE submission_id = %(pk)s),
    (SELECT count(*) FROM submissions_invitation WHERE submission_id = %(pk)s)
"""


@dataclass(frozen=True)
class Inventory:
    # The codes of parts, and the ids of questions.
    finished: list[str]
    answered: list[int]
    principle_comments: int
    sentence_comments: int
    items: int
    attachments: int
    invitations: int

    @property
    def comments(self):
        return self.principle_comments + self.sentence_comments


def of(submission):
    """Return the `Inventory` of a submission as it is now."""
    with connection.cursor() as cursor:
        cursor.execute(SQL, {"pk": submission.pk})
        return Inventory(*cursor.fetchone())
