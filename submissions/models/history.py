"""What happened to a submission: what was written, sent, and asked for."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .items import StoredFile
from .submission import Submission


class FinishedPart(models.Model):
    """A part of the journey that the respondent says is finished."""

    submission = models.ForeignKey(
        Submission, on_delete=models.CASCADE, related_name="finished_parts"
    )
    # As in "about-you", "section-2", "principles": journey.Part.code.
    part = models.CharField(max_length=30)
    finished_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="submissions_finishedpart_once_per_part",
                fields=["submission", "part"],
            ),
        ]

    def __str__(self):
        return self.part


class PastText(models.Model):
    """What a respondent had written in one field, to go back to."""

    submission = models.ForeignKey(
        Submission, on_delete=models.CASCADE, related_name="past_texts"
    )
    # The name of the field on its page: answer-1-4, comment-2.
    field = models.CharField(max_length=40)
    text = models.TextField()
    started_at = models.DateTimeField(default=timezone.now)
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-saved_at", "-pk"]
        indexes = [
            models.Index(
                name="submissions_past_of_field",
                fields=["submission", "field", "-saved_at"],
            )
        ]

    def __str__(self):
        return f"{self.field} {self.saved_at:%Y-%m-%d %H:%M}"

    @property
    def words(self):
        return len(self.text.split())


class Revision(models.Model):
    """What was sent, each time it was sent, never changed."""

    submission = models.ForeignKey(
        Submission, on_delete=models.CASCADE, related_name="revisions"
    )
    number = models.PositiveSmallIntegerField(_("number"))
    sent_at = models.DateTimeField(_("sent"))
    # The key of the draft that was sent: a second click on its button finds this. Null
    # for a new choice about publication, which no draft was made for.
    sent_from = models.UUIDField(null=True, editable=False)
    # As data.as_data gives it.
    contents = models.JSONField(editable=False)
    files = models.ManyToManyField(StoredFile, related_name="revisions")

    class Meta:
        ordering = ["submission", "number"]
        constraints = [
            models.UniqueConstraint(
                name="submissions_revision_number_once_per_submission",
                fields=["submission", "number"],
            ),
        ]

    def __str__(self):
        return f"{self.submission} ({self.number})"


class LateRequest(models.Model):
    """A respondent asks to be accepted after closing; staff decide, with a reason."""

    submission = models.OneToOneField(
        Submission, on_delete=models.CASCADE, related_name="late_request"
    )
    reason = models.TextField(_("the respondent's reason"))
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    is_accepted = models.BooleanField(_("accepted"), null=True)
    decision = models.TextField(_("reason for the decision"), blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        verbose_name=_("decided by"),
    )

    class Meta:
        verbose_name = _("request for late acceptance")
        verbose_name_plural = _("requests for late acceptance")
        ordering = ["-asked_at"]
        constraints = [
            models.CheckConstraint(
                name="submissions_laterequest_decided_as_a_whole",
                condition=Q(is_accepted=None, decided_at=None, decision="")
                | (
                    Q(is_accepted__isnull=False, decided_at__isnull=False)
                    & ~Q(decision="")
                ),
            ),
        ]

    def __str__(self):
        return f"{self.submission_id} {self.asked_at:%Y-%m-%d}"

    @property
    def is_decided(self):
        return self.decided_at is not None
