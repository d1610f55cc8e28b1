from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class AuditEntry(models.Model):
    """What one member of staff did once. It names no respondent.

    The database refuses to change or delete one.
    """

    at = models.DateTimeField(_("when"), default=timezone.now)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        verbose_name=_("who"),
        related_name="+",
    )
    action = models.CharField(_("action"), max_length=40)
    # The name of the address: "submissions_submission_change".
    page = models.CharField(_("page"), max_length=100)
    # As in "submissions.submission" and its id.
    about_type = models.CharField(max_length=60, blank=True)
    about_id = models.CharField(max_length=60, blank=True)
    # Where the request came from; staff's alone, never a respondent's.
    address = models.GenericIPAddressField(_("from"), null=True)
    status = models.PositiveSmallIntegerField(_("answer"))
    details = models.JSONField(_("details"), default=dict)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit log")
        ordering = ["-at", "-pk"]
        default_permissions = ["view"]
        # Each is read newest first, a page at a time, at any size.
        indexes = [
            models.Index(name="review_audit_at", fields=["at", "id"]),
            models.Index(name="review_audit_of_user", fields=["user", "at", "id"]),
            models.Index(name="review_audit_of_action", fields=["action", "at", "id"]),
            models.Index(name="review_audit_of_both", fields=["user", "action", "at"]),
            models.Index(
                name="review_audit_of_object", fields=["about_type", "about_id", "-at"]
            ),
        ]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.action}"
