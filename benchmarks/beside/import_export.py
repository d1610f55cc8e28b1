"""django-import-export over our models, as its documentation would have such a table.

Runs with our packages and, behind them, those of `environment`. A row holds who sent it, with
choices as their codes, and every text; what ours holds beyond (files, themes, notes, what is
kept back, choices in words) stays out, which spares it a fifth of its time.
"""

import os
import site

import django

# Behind our own packages: only what we have not is taken from there.
site.addsitedir(os.environ["PEERS"])
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "keepitlocal.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.db.models import Prefetch  # noqa: E402
from import_export.fields import Field  # noqa: E402
from import_export.formats.base_formats import CSV  # noqa: E402
from import_export.resources import ModelResource  # noqa: E402

from benchmarks.beside.answering import answer  # noqa: E402
from consultations.models import Question  # noqa: E402
from principles.models import PrincipleVersion  # noqa: E402
from submissions.models import Answer, PrincipleComment, Submission  # noqa: E402

# Its own way against formulas, and off by itself: takes the "=" away.
settings.IMPORT_EXPORT_ESCAPE_FORMULAE_ON_EXPORT = True
WHO = [
    *("reference", "submitted_at", "name", "organisation", "channel", "on_behalf"),
    *("respondent_type", "holds_contracts", "publication"),
]
# Its own 100 is no slower at first, but pages far in are found by counting to them.
ROWS_AT_A_TIME = 1_000


class SubmissionResource(ModelResource):
    """A row a submission: a column for each question, and one for each version."""

    class Meta:
        model = Submission
        fields = WHO
        chunk_size = ROWS_AT_A_TIME

    def __init__(self):
        super().__init__()
        for question in Question.objects.select_related("section"):
            self.fields[f"answer_{question.pk}"] = Field(
                column_name=str(question), dehydrate_method=answer_to(question.pk)
            )
        for version in PrincipleVersion.objects.select_related("principle"):
            self.fields[f"comment_{version.pk}"] = Field(
                column_name=str(version), dehydrate_method=comment_on(version.pk)
            )

    def get_queryset(self):
        answers = Answer.objects.only("submission", "question", "text")
        comments = PrincipleComment.objects.only("submission", "version", "comment")
        return (
            Submission.objects.submitted()
            .order_by("submitted_at", "pk")
            .prefetch_related(
                Prefetch("answers", answers, to_attr="written"),
                Prefetch("principle_comments", comments, to_attr="commented"),
            )
        )

    def export_resource(self, submission, **kwargs):
        # Once a row, not once a cell.
        submission.texts = {one.question_id: one.text for one in submission.written}
        submission.comments = {
            one.version_id: one.comment for one in submission.commented
        }
        return super().export_resource(submission, **kwargs)


def answer_to(question):
    return lambda submission: submission.texts.get(question, "")


def comment_on(version):
    return lambda submission: submission.comments.get(version, "")


def export(to=None):
    """Make the CSV file that its page in the admin would send, safe from formulas."""
    dataset = SubmissionResource().export()
    content = CSV().export_data(dataset).encode()
    with open(to or os.devnull, "wb") as out:
        out.write(content)
    return len(content)


if __name__ == "__main__":
    answer({"warm up": lambda: None, "export": export})
