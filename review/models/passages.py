from django.db import models
from django.utils.translation import gettext_lazy as _

from consultations.models import Question
from principles.models import PrincipleVersion
from submissions.models import Submission


class Passage(models.Model):
    """A stretch of what one respondent said, or all that stands in one place.

    Rows of what was said are replaced when a respondent sends changes: a passage holds
    on to its place and its words, not to a row. See review/said.py.
    """

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE)
    # As in said.py: "question-1-4", "principle-2-v1", "item-<key>".
    place = models.CharField(max_length=80)
    # Of the place, to count by; null for evidence items and the principles as a whole.
    question = models.ForeignKey(
        Question, on_delete=models.PROTECT, null=True, related_name="+"
    )
    version = models.ForeignKey(
        PrincipleVersion, on_delete=models.PROTECT, null=True, related_name="+"
    )
    # In characters (code points) of the text; both null for the whole of it.
    start = models.PositiveIntegerField(null=True)
    end = models.PositiveIntegerField(null=True)
    # The words as they stood when they were marked; "" for the whole.
    quote = models.TextField(_("passage"), blank=True)

    class Meta:
        abstract = True
