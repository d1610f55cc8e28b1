"""Requests to erase what one person sent us, and what is left of them afterwards."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from submissions.fields import AddressField
from submissions.models import Submission


class ErasureReason(models.TextChoices):
    ASKED = "asked", _("The person asks for it")
    MISTAKE = "mistake", _("It was sent by mistake")
    UNLAWFUL = "unlawful", _("We may not keep it")


class ErasureQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(erased_at=None, refused_at=None)

    def done(self):
        return self.filter(erased_at__isnull=False)


class Erasure(models.Model):
    """One person's evidence is to be erased: one member of staff asks, another does it.

    Once it is done, or refused, nothing here says who that person was.
    """

    # One response of his; null: all under the address.
    submission = models.ForeignKey(
        Submission, on_delete=models.SET_NULL, null=True, related_name="erasures"
    )
    # Kept until it is done or refused.
    address = AddressField(_("email address"), blank=True)
    reason = models.CharField(_("reason"), max_length=20, choices=ErasureReason)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    requested_at = models.DateTimeField(default=timezone.now)
    # Whoever erased it, or refused to.
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    erased_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)
    # SHA-256 of the keys of what is gone: by them it goes again from an older backup.
    digests = ArrayField(models.CharField(max_length=64), default=list)
    # How much was erased: {"responses": 1, "drafts": 0, "files": 2, "emails": 3}.
    counts = models.JSONField(default=dict)

    objects = ErasureQuerySet.as_manager()

    class Meta:
        verbose_name = _("erasure")
        ordering = ["-requested_at", "-pk"]
        default_permissions = []
        constraints = [
            models.CheckConstraint(
                name="review_erasure_forgets_the_address",
                condition=Q(erased_at=None, refused_at=None) | Q(address=""),
            ),
            models.CheckConstraint(
                name="review_erasure_done_by_another_person",
                condition=Q(erased_at=None)
                | (Q(decided_by__isnull=False) & ~Q(decided_by=F("requested_by"))),
            ),
        ]

    def __str__(self):
        return f"{self.pk}"

    @property
    def is_waiting(self):
        return self.erased_at is None and self.refused_at is None
