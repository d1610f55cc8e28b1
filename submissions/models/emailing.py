"""What staff decide about a call's emails: how they are worded, when to remind."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultations.models import Consultation

USUAL_DAYS = [14, 7, 1]
MOST_STEPS = 6


class EmailWording(models.Model):
    """How one sort of email of a call is worded; each version is kept, the newest holds.

    A version without text says: as the portal's own templates word it.
    """

    consultation = models.ForeignKey(
        Consultation, on_delete=models.CASCADE, related_name="email_wordings"
    )
    # The name of an email_wordings.Letter.
    letter = models.CharField(max_length=40)
    number = models.PositiveSmallIntegerField(_("version"))
    subject = models.CharField(_("subject"), max_length=150, blank=True)
    body = models.TextField(_("text"), blank=True)
    written_at = models.DateTimeField(_("written"), default=timezone.now)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        verbose_name=_("by"),
        related_name="+",
    )

    class Meta:
        default_permissions = []
        ordering = ["consultation", "letter", "-number"]
        constraints = [
            models.UniqueConstraint(
                name="submissions_emailwording_number_once_per_letter",
                fields=["consultation", "letter", "number"],
            ),
            models.CheckConstraint(
                name="submissions_emailwording_has_both_texts_or_neither",
                condition=Q(subject="", body="") | (~Q(subject="") & ~Q(body="")),
            ),
        ]

    def __str__(self):
        return f"{self.letter} ({self.number})"

    @property
    def is_ours(self):
        """Whether it says: as the templates word it."""
        return not self.body


class ReminderLadder(models.Model):
    """On how many days before closing a call's drafts are reminded; usual without a row."""

    consultation = models.OneToOneField(
        Consultation, on_delete=models.CASCADE, related_name="reminder_ladder"
    )
    # In falling order; none at all: nobody is reminded.
    days = ArrayField(models.PositiveSmallIntegerField())

    class Meta:
        default_permissions = []
        constraints = [
            models.CheckConstraint(
                name="submissions_reminderladder_has_few_steps",
                condition=Q(days__len__lte=MOST_STEPS),
            ),
        ]

    def __str__(self):
        return ", ".join(str(days) for days in self.days)
