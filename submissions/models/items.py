"""Evidence beside the answers: items with their sources, and files."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultations.models import Question
from principles.models import Principle

from .publication import Confidence, Said
from .submission import Submission


class EvidenceKind(models.TextChoices):
    FIGURES = "figures", _("Figures")
    RESEARCH = "research", _("Evaluation or research")
    CASE_STUDY = "case-study", _("Case study")
    TESTIMONY = "testimony", _("Testimony")
    RECORD = "record", _("Contract or cost record")
    EXPERIENCE = "experience", _("Own experience")


class Shows(models.TextChoices):
    """What an item does for the question or principle that it stands beside."""

    SUPPORTS = "supports", _("Supports it")
    CONTRADICTS = "contradicts", _("Contradicts it")
    MIXED = "mixed", _("Mixed")


class MayQuote(models.TextChoices):
    YES = "yes", _("Yes")
    NO = "no", _("No")


def confidence_of_item(confidence, may_quote):
    """Return what holds for the public: an item that may not be quoted is kept back."""
    return Confidence.LOCALITY_ONLY if may_quote == MayQuote.NO else confidence


class EvidenceItem(Said):
    """One piece of evidence: entered once, used on several questions and principles."""

    submission = models.ForeignKey(
        Submission, on_delete=models.CASCADE, related_name="items"
    )
    # The same in a response and in its amendment.
    key = models.UUIDField(default=uuid.uuid4, editable=False)
    # Asked for by the form; what is typed before it is kept without one.
    title = models.CharField(_("title"), max_length=200, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=EvidenceKind, blank=True)
    details = models.TextField(_("what it says"), blank=True)
    place = models.CharField(_("place"), max_length=200, blank=True)
    service = models.CharField(_("service"), max_length=200, blank=True)
    period = models.CharField(_("period"), max_length=200, blank=True)
    source_url = models.URLField(_("source"), max_length=2000, blank=True)
    shows = models.CharField(
        _("what it shows"), max_length=20, choices=Shows, blank=True
    )
    may_quote = models.CharField(
        _("may be quoted"), max_length=5, choices=MayQuote, blank=True
    )
    questions = models.ManyToManyField(Question, related_name="items", blank=True)
    principles = models.ManyToManyField(Principle, related_name="items", blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("evidence item")
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="submissions_evidenceitem_once_per_submission",
                fields=["submission", "key"],
            ),
        ]

    def __str__(self):
        return self.title or str(_("Evidence without a title"))

    @property
    def public_confidence(self):
        return confidence_of_item(self.confidence, self.may_quote)


class StoredFileQuerySet(models.QuerySet):
    def unused(self):
        return self.filter(attachments=None, revisions=None)


class StoredFile(models.Model):
    """The bytes of a file that was checked; several responses' rows may share them.

    An amendment shares them with what it amends, and a revision keeps them. They are
    never changed, and deleted when nothing refers to them any more.
    """

    # Under this name in the storage: made by us, never from what was typed.
    name = models.CharField(max_length=100, unique=True)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField(max_length=64)
    content_type = models.CharField(max_length=100)
    # It can run or load something when it is opened: staff are told.
    has_active_content = models.BooleanField(default=False)
    # When a virus scanner found nothing; null when none was configured.
    scanned_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = StoredFileQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(name="submissions_file_of_sum", fields=["sha256"])]

    def __str__(self):
        return self.name


class Attachment(Said):
    """A file that a respondent attached, on its own or as the source of an item."""

    submission = models.ForeignKey(
        Submission, on_delete=models.CASCADE, related_name="attachments"
    )
    # The same in a response and in its amendment.
    key = models.UUIDField(default=uuid.uuid4, editable=False)
    item = models.ForeignKey(
        EvidenceItem,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="attachments",
    )
    stored = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, related_name="attachments"
    )
    # As the respondent's computer called it, without folders.
    name = models.CharField(_("name"), max_length=255)
    uploaded_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("file")
        ordering = ["uploaded_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="submissions_attachment_once_per_submission",
                fields=["submission", "key"],
            ),
        ]

    def __str__(self):
        return self.name
