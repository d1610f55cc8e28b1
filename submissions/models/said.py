"""What a respondent says, in words: answers, and comments on the draft principles."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import MD5
from django.utils.translation import gettext_lazy as _

from consultations.models import Question
from principles.models import PrincipleVersion, Sentence

from .publication import Said
from .submission import Submission


class Stance(models.TextChoices):
    AGREE = "agree", _("Agree")
    IN_PART = "in-part", _("Agree in part")
    DISAGREE = "disagree", _("Disagree")
    NO_VIEW = "no-view", _("No view")


class Answer(Said):
    """What a respondent wrote under one question; a blank has no row."""

    submission = models.ForeignKey(
        Submission, on_delete=models.CASCADE, related_name="answers"
    )
    question = models.ForeignKey(
        Question, on_delete=models.PROTECT, related_name="answers"
    )
    text = models.TextField(_("text"))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="submissions_answer_once_per_question",
                fields=["submission", "question"],
            ),
            models.CheckConstraint(
                name="submissions_answer_is_not_blank", condition=~Q(text="")
            ),
        ]
        indexes = [
            # Campaigns: who answers word for word the same.
            models.Index("question", MD5("text"), name="submissions_answer_same_text")
        ]

    def __str__(self):
        return self.text[:80]


class PrincipleComment(Said):
    """A stance on one draft principle and a comment on it, or a comment on them all."""

    submission = models.ForeignKey(
        Submission, on_delete=models.CASCADE, related_name="principle_comments"
    )
    # Null: about the principles as a whole.
    version = models.ForeignKey(
        PrincipleVersion,
        on_delete=models.PROTECT,
        related_name="comments",
        null=True,
        blank=True,
    )
    stance = models.CharField(_("stance"), max_length=10, choices=Stance, blank=True)
    comment = models.TextField(_("comment"), blank=True)

    class Meta:
        verbose_name = _("comment on a principle")
        verbose_name_plural = _("comments on principles")
        constraints = [
            models.UniqueConstraint(
                name="submissions_principlecomment_once_per_version",
                fields=["submission", "version"],
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="submissions_principlecomment_says_something",
                condition=~Q(stance="", comment=""),
            ),
            models.CheckConstraint(
                name="submissions_principlecomment_stance_on_one_principle",
                condition=Q(version__isnull=False) | Q(stance=""),
            ),
        ]
        indexes = [
            models.Index(
                "version", MD5("comment"), name="submissions_comment_same_text"
            )
        ]

    def __str__(self):
        return self.comment[:80] or self.get_stance_display()


class SentenceComment(Said):
    """A comment on one sentence of a draft principle, or another wording for it."""

    submission = models.ForeignKey(
        Submission, on_delete=models.CASCADE, related_name="sentence_comments"
    )
    sentence = models.ForeignKey(
        Sentence, on_delete=models.PROTECT, related_name="comments"
    )
    comment = models.TextField(_("comment"), blank=True)
    # The whole sentence as it should read; "" for no suggestion.
    suggestion = models.TextField(_("suggested wording"), blank=True)

    class Meta:
        verbose_name = _("comment on a sentence")
        verbose_name_plural = _("comments on sentences")
        constraints = [
            models.UniqueConstraint(
                name="submissions_sentencecomment_once_per_sentence",
                fields=["submission", "sentence"],
            ),
            models.CheckConstraint(
                name="submissions_sentencecomment_says_something",
                condition=~Q(comment="", suggestion=""),
            ),
        ]

    def __str__(self):
        return self.comment[:80] or self.suggestion[:80]
