import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from consultations.models import Consultation

# One that breaks down so often is given up.
MAX_ATTEMPTS = 3


class Format(models.TextChoices):
    CSV = "csv", _("CSV")
    XLSX = "xlsx", _("Excel")
    JSON = "json", _("JSON")
    ZIP = "zip", _("Pack")


class Rows(models.TextChoices):
    """What one row is; the names of exports.TABLES."""

    SUBMISSIONS = "submissions", _("One row a submission")
    ANSWERS = "answers", _("One row an answer or comment")
    EVIDENCE = "evidence", _("One row an evidence item")
    PASSAGES = "passages", _("One row a themed passage")


class ExportQuerySet(models.QuerySet):
    def wanted(self):
        return self.filter(finished_at=None, failed_at=None, removed_at=None)

    def running(self):
        return self.wanted().filter(lease_expires_at__gt=Now())

    def waiting(self):
        """Return those that nobody works on: new, or their worker has died."""
        nobodys = Q(lease=None) | Q(lease_expires_at__lte=Now())
        return self.wanted().filter(nobodys)

    def standing(self):
        """Return those whose file can be downloaded."""
        return self.filter(
            finished_at__isnull=False, removed_at=None, expires_at__gt=Now()
        )

    def expired(self):
        return self.filter(removed_at=None, expires_at__lte=Now())


class Export(models.Model):
    """A file of submissions that a worker makes for one member of staff."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="exports"
    )
    consultation = models.ForeignKey(
        Consultation, on_delete=models.PROTECT, related_name="exports"
    )
    # finding.selection.Selection.query_string, without the question mark.
    query = models.TextField(blank=True)
    format = models.CharField(_("format"), max_length=4, choices=Format)
    # "" for what holds all of them.
    rows = models.CharField(_("rows"), max_length=12, choices=Rows, blank=True)
    with_email = models.BooleanField(default=False)
    with_bom = models.BooleanField(default=True)
    with_review = models.BooleanField(default=True)

    requested_at = models.DateTimeField(_("asked for"), db_default=Now())
    # Whose work it is just now, and until when if nothing more is heard.
    lease = models.UUIDField(null=True)
    lease_expires_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    # In submissions.
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)

    # The moment of the database that it shows.
    taken_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)
    failed_at = models.DateTimeField(_("failed"), null=True)
    expires_at = models.DateTimeField(_("kept until"), null=True)
    # When its file was deleted, or it was no longer wanted.
    removed_at = models.DateTimeField(_("deleted"), null=True)
    name = models.CharField(_("name"), max_length=250, blank=True)
    size = models.PositiveBigIntegerField(_("size in bytes"), null=True)
    sha256 = models.CharField(max_length=64, blank=True)

    objects = ExportQuerySet.as_manager()

    class Meta:
        verbose_name = _("export")
        ordering = ["-requested_at"]
        # Whoever may view them may view everybody's.
        default_permissions = ["view"]
        indexes = [
            models.Index(
                name="review_export_wanted",
                fields=["requested_at"],
                condition=Q(finished_at=None, failed_at=None, removed_at=None),
            ),
            models.Index(
                name="review_export_of_owner", fields=["owner", "-requested_at"]
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="review_export_finished_has_a_file",
                condition=Q(finished_at=None)
                | (
                    Q(
                        taken_at__isnull=False,
                        expires_at__isnull=False,
                        size__isnull=False,
                        failed_at=None,
                        lease=None,
                    )
                    & ~Q(name="")
                    & ~Q(sha256="")
                ),
            ),
            models.CheckConstraint(
                name="review_export_lease_has_an_end",
                condition=Q(lease=None, lease_expires_at=None)
                | Q(lease__isnull=False, lease_expires_at__isnull=False),
            ),
        ]

    def __str__(self):
        return self.name or str(self.id)

    @property
    def file(self):
        """The name of its file in storages["exports"]; one made at another time has another."""
        moment = f"{self.taken_at:%Y%m%dT%H%M%S%f}" if self.taken_at else ""
        return f"{self.id}-{moment}.{self.format}"

    @property
    def is_wanted(self):
        """Whether it is still being made, or waits for it."""
        return not (self.finished_at or self.failed_at or self.removed_at)

    @property
    def percent(self):
        return min(100 * self.done // self.total, 100) if self.total else 0
