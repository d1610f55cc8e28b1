"""How much there is of each thing in a submission: asked at once, in one statement.

Most people attach nothing and comment on no sentence: what is not there need not be read.
"""

from dataclasses import dataclass

from outbox.prepared import Prepared

# In the order of the fields below.
COUNTS = Prepared(
    "submissions.inventory",
    """
    SELECT
    ARRAY(SELECT part FROM submissions_finishedpart WHERE submission_id = $1),
    ARRAY(SELECT question_id FROM submissions_answer WHERE submission_id = $1),
    (SELECT count(*) FROM submissions_principlecomment WHERE submission_id = $1),
    (SELECT count(*) FROM submissions_sentencecomment WHERE submission_id = $1),
    (SELECT count(*) FROM submissions_evidenceitem WHERE submission_id = $1),
    (SELECT count(*) FROM submissions_attachment WHERE submission_id = $1),
    (SELECT count(*) FROM submissions_invitation WHERE submission_id = $1)
    """,
)


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
    return Inventory(*COUNTS.row(submission.pk))
