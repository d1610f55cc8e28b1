"""Evidence that came by email or on paper, until it is made a submission."""

import hashlib

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultations.models import Consultation, Question
from principles.models import PrincipleVersion
from submissions.fields import AddressField
from submissions.models import (
    Channel,
    HoldsContracts,
    OnBehalf,
    Publication,
    RespondentType,
    Stance,
    StoredFile,
    Submission,
)

# How those channels are named that staff take evidence in from.
BY_HAND = [choice for choice in Channel.choices if choice[0] != Channel.ONLINE]
# The place of a paragraph that is no evidence: a greeting, an address, a signature.
ASIDE = "aside"


class IntakeQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(submission=None)

    def to_place(self):
        return self.waiting().filter(handed_over_at=None)

    def to_check(self):
        return self.waiting().filter(handed_over_at__isnull=False)

    def taken_in(self):
        return self.filter(submission__isnull=False)

    def standing(self):
        """Return those to be seen: what was withdrawn is not, nor is its original."""
        return self.filter(submission__withdrawn_at=None)


class Intake(models.Model):
    """One sender's evidence, on its way from the letter to a submission.

    It has rows of its own, since a draft is nobody's to see but its respondent's:
    docs/decisions/0018-intake-has-its-own-rows.md.
    """

    consultation = models.ForeignKey(
        Consultation,
        on_delete=models.PROTECT,
        related_name="intakes",
        verbose_name=_("call for evidence"),
    )
    channel = models.CharField(_("channel"), max_length=10, choices=BY_HAND)
    received_at = models.DateTimeField(_("received"))
    # Why it is accepted though it was received after closing; "" when it was in time.
    late_reason = models.TextField(_("why it is accepted late"), blank=True)

    # Who sent it, as a submission has it.
    on_behalf = models.CharField(
        _("responding"), max_length=20, choices=OnBehalf, blank=True
    )
    name = models.CharField(_("name"), max_length=200, blank=True)
    organisation = models.CharField(_("organisation"), max_length=200, blank=True)
    respondent_type = models.CharField(
        _("type of respondent"), max_length=40, choices=RespondentType, blank=True
    )
    holds_contracts = models.CharField(
        _("holds or bids for public service contracts"),
        max_length=5,
        choices=HoldsContracts,
        blank=True,
    )
    email = AddressField(_("email address"), blank=True)
    # As the sender stated it; "" when nothing was said, and then nothing is published.
    publication = models.CharField(
        _("publication"), max_length=20, choices=Publication, blank=True
    )

    started_at = models.DateTimeField(_("started"), default=timezone.now)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    # By whoever says that all is placed; somebody else checks it.
    handed_over_at = models.DateTimeField(null=True)
    handed_over_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    # What was wrong when it was checked last, for whoever mends it.
    sent_back_because = models.TextField(blank=True)
    checked_at = models.DateTimeField(null=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    submission = models.OneToOneField(
        Submission, on_delete=models.CASCADE, null=True, related_name="intake"
    )

    objects = IntakeQuerySet.as_manager()

    class Meta:
        verbose_name = _("intake")
        ordering = ["received_at", "pk"]
        default_permissions = []
        constraints = [
            models.CheckConstraint(
                name="review_intake_came_by_email_or_post",
                condition=~Q(channel=Channel.ONLINE),
            ),
            models.CheckConstraint(
                name="review_intake_handed_over_by_somebody",
                condition=Q(handed_over_at=None, handed_over_by=None)
                | Q(handed_over_at__isnull=False, handed_over_by__isnull=False),
            ),
            models.CheckConstraint(
                name="review_intake_becomes_a_submission_when_checked",
                condition=Q(checked_at=None, checked_by=None, submission=None)
                | Q(
                    handed_over_at__isnull=False,
                    checked_at__isnull=False,
                    checked_by__isnull=False,
                    submission__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="review_intake_checked_by_another_person",
                condition=Q(checked_by=None) | ~Q(checked_by=F("handed_over_by")),
            ),
        ]
        indexes = [
            models.Index(
                name="review_intake_waiting",
                fields=["received_at", "id"],
                condition=Q(submission=None),
            ),
            models.Index(name="review_intake_checked", fields=["-checked_at"]),
        ]

    def __str__(self):
        return self.sender or str(_("Sender not named"))

    @property
    def sender(self):
        """The organisation, else the person, else ""."""
        return self.organisation or self.name

    @property
    def is_late(self):
        return self.received_at > self.consultation.accepts_until

    @property
    def is_taken_in(self):
        return self.submission_id is not None

    @property
    def is_handed_over(self):
        return self.handed_over_at is not None

    @property
    def may_change(self):
        """Whether passages may still be placed and texts changed."""
        return not self.is_handed_over


class TextFrom(models.TextChoices):
    PASTED = "pasted", _("Pasted")
    EXTRACTED = "extracted", _("Read from the file")
    TYPED = "typed", _("Typed from the file")


class Original(models.Model):
    """A letter, an email or a file, as it came; never changed."""

    intake = models.ForeignKey(
        Intake, on_delete=models.CASCADE, related_name="originals"
    )
    name = models.CharField(_("name"), max_length=255)
    # The bytes as they arrived, or as they were pasted.
    stored = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    # Of an image: without what its camera wrote into it, to go with the submission.
    cleaned = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, related_name="+"
    )
    text = models.TextField(_("text"), blank=True)
    text_from = models.CharField(max_length=10, choices=TextFrom, blank=True)
    added_at = models.DateTimeField(default=timezone.now)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("original")
        ordering = ["added_at", "pk"]
        default_permissions = []
        constraints = [
            models.CheckConstraint(
                name="review_original_text_comes_from_somewhere",
                condition=Q(text="", text_from="") | (~Q(text="") & ~Q(text_from="")),
            ),
        ]

    def __str__(self):
        return self.name


class Transcription(models.Model):
    """What stands under one question or principle, in the sender's words."""

    intake = models.ForeignKey(
        Intake, on_delete=models.CASCADE, related_name="transcriptions"
    )
    # As in review/said.py: "question-1-4", "principle-2-v1", "principles".
    place = models.CharField(max_length=80)
    question = models.ForeignKey(
        Question, on_delete=models.PROTECT, null=True, related_name="transcriptions"
    )
    version = models.ForeignKey(
        PrincipleVersion,
        on_delete=models.PROTECT,
        null=True,
        related_name="transcriptions",
    )
    text = models.TextField(_("text"), blank=True)
    stance = models.CharField(_("stance"), max_length=10, choices=Stance, blank=True)

    class Meta:
        default_permissions = []
        constraints = [
            models.UniqueConstraint(
                name="review_transcription_once_per_place", fields=["intake", "place"]
            ),
            models.CheckConstraint(
                name="review_transcription_stance_on_one_principle",
                condition=Q(version__isnull=False) | Q(stance=""),
            ),
        ]

    def __str__(self):
        return self.place

    @property
    def mark(self):
        """By which a page knows what it showed: see `mark_of`."""
        return mark_of(self.text, self.stance)


def mark_of(text="", stance=""):
    """Return a short sum that tells one state of a transcription from another."""
    return hashlib.sha256(f"{stance}\n{text}".encode()).hexdigest()[:16]


class PlacedParagraph(models.Model):
    """A paragraph of an original that was put somewhere, or set aside."""

    original = models.ForeignKey(
        Original, on_delete=models.CASCADE, related_name="placed"
    )
    # Counted from 1 in the original's text.
    number = models.PositiveIntegerField()
    # A transcription's place, or ASIDE.
    place = models.CharField(max_length=80)
    # Some of its words only.
    is_part = models.BooleanField(default=False)

    class Meta:
        default_permissions = []
        ordering = ["original", "number", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="review_placedparagraph_once_per_place",
                fields=["original", "number", "place"],
            ),
        ]

    def __str__(self):
        return f"{self.original_id}.{self.number} {self.place}"
