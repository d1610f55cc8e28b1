"""Who on the staff has read, takes on, flags and notes what."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from submissions.models import Submission


class Reading(models.Model):
    """One person has read one submission, as it stood after so many sendings."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="readings"
    )
    submission = models.ForeignKey(
        Submission, on_delete=models.CASCADE, related_name="readings"
    )
    # submissions.Revision.number: changes that came later are still to be read.
    revision = models.PositiveSmallIntegerField(default=1)
    read_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = []
        # What a page of ours asks for: roles.py gives them to people.
        permissions = [
            ("review_submission", _("Can note, theme and assign submissions")),
            ("moderate_submission", _("Can take in, redact and publish submissions")),
            ("export_submission", _("Can export submissions")),
            ("erase_submission", _("Can erase submissions")),
        ]
        constraints = [
            models.UniqueConstraint(
                name="review_reading_once_per_person", fields=["user", "submission"]
            )
        ]

    def __str__(self):
        return f"{self.submission_id} {self.user_id}"


class Assignment(models.Model):
    """Whose a submission is to read and code; nobody's without a row."""

    submission = models.OneToOneField(
        Submission, on_delete=models.CASCADE, related_name="assignment"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="assignments",
        verbose_name=_("assigned to"),
    )
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    assigned_at = models.DateTimeField(default=timezone.now)

    def __str__(self):
        return f"{self.submission_id} {self.user_id}"


class Flag(models.Model):
    """A person wants to come back to a submission. Only that person sees it."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="flags"
    )
    submission = models.ForeignKey(
        Submission, on_delete=models.CASCADE, related_name="flags"
    )
    flagged_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="review_flag_once_per_person", fields=["user", "submission"]
            )
        ]

    def __str__(self):
        return f"{self.submission_id} {self.user_id}"


class Note(models.Model):
    """What staff write about a submission, for staff alone."""

    submission = models.ForeignKey(
        Submission, on_delete=models.CASCADE, related_name="notes"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="notes",
    )
    text = models.TextField(_("note"))
    written_at = models.DateTimeField(default=timezone.now)
    # When its author changed it last.
    changed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["written_at", "pk"]

    def __str__(self):
        return self.text[:80]


class StaffPreference(models.Model):
    """What a member of staff chose for the pages of staff; nothing without a row."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="preference"
    )
    # Keys without Ctrl or Alt trip people who dictate: WCAG 2.1.4.
    has_shortcuts = models.BooleanField(_("keyboard shortcuts"), default=True)

    def __str__(self):
        return str(self.user)
