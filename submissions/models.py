import hashlib
import re
import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultations.models import Consultation, Question
from principles.models import PrincipleVersion

from .fields import AddressField

LOOKS_LIKE_A_LINK = re.compile(r"[/@:]|\w\.\w{2}|www\.", re.IGNORECASE)


class RespondentType(models.TextChoices):
    """Whom the call is addressed to, in its order."""

    COMMUNITY_ORGANISATION = "community-organisation", _("Community organisation")
    COUNCILLOR = "councillor", _("Elected councillor")
    COUNCIL_OFFICER = (
        "council-officer",
        _("Council officer working in procurement and commissioning"),
    )
    THINK_TANK = "think-tank", _("Think tank")
    TRADE_UNION = "trade-union", _("Trade union")
    ACADEMIC = "academic", _("Academic")
    OTHER = "other", _("Other")


class OnBehalf(models.TextChoices):
    ORGANISATION = "organisation", _("For an organisation")
    INDIVIDUAL = "individual", _("As an individual")


class HoldsContracts(models.TextChoices):
    YES = "yes", _("Yes")
    NO = "no", _("No")


class Publication(models.TextChoices):
    """What may be published. Nothing is, without a choice."""

    WITH_NAME = "with-name", _("Publish my response with my name")
    WITHOUT_NAME = "without-name", _("Publish my response without my name")
    NOT = (
        "not",
        _("Do not publish my response; Locality may still use it in its analysis"),
    )


class Channel(models.TextChoices):
    ONLINE = "online", _("Online")
    EMAIL = "email", _("Email")
    POST = "post", _("Post")


class Stance(models.TextChoices):
    AGREE = "agree", _("Agree")
    IN_PART = "in-part", _("Agree in part")
    DISAGREE = "disagree", _("Disagree")
    NO_VIEW = "no-view", _("No view")


class SubmissionQuerySet(models.QuerySet):
    def drafts(self):
        return self.filter(submitted_at=None)

    def submitted(self):
        return self.filter(submitted_at__isnull=False)

    def of_address(self, address):
        return self.filter(email__iexact=address)

    def awaiting_reminder(self):
        """Return the drafts whose owner asked to be reminded, and can be."""
        return self.drafts().filter(wants_reminders=True).exclude(email="")


class Submission(models.Model):
    """One respondent's evidence, from the first page to the receipt."""

    consultation = models.ForeignKey(
        Consultation, on_delete=models.PROTECT, related_name="submissions"
    )
    # Names the submission in a web address. It opens nothing: the session must hold it.
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # On the receipt, for respondent and staff; null until sent.
    reference = models.CharField(  # noqa: DJ001 - unique, so a draft needs null
        _("reference"), max_length=16, unique=True, null=True, editable=False
    )
    channel = models.CharField(
        _("channel"), max_length=10, choices=Channel, default=Channel.ONLINE
    )

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
    publication = models.CharField(
        _("publication"), max_length=20, choices=Publication, blank=True
    )
    email = AddressField(_("email address"), blank=True)
    wants_reminders = models.BooleanField(_("wants reminders"), default=False)
    reminded_at = models.DateTimeField(null=True, editable=False)

    created_at = models.DateTimeField(_("started"), default=timezone.now)
    saved_at = models.DateTimeField(_("last saved"), default=timezone.now)
    submitted_at = models.DateTimeField(_("sent"), null=True, editable=False)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        ordering = ["-submitted_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="submissions_submission_reference_only_once_sent",
                condition=Q(reference=None, submitted_at=None)
                | Q(reference__isnull=False, submitted_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                name="submissions_newest_first",
                fields=["-submitted_at", "-id"],
                condition=Q(submitted_at__isnull=False),
            ),
            models.Index(
                models.functions.Upper("email"),
                name="submissions_of_address",
                condition=~Q(email=""),
            ),
        ]

    def __str__(self):
        return self.reference or str(_("Draft"))

    @property
    def is_submitted(self):
        return self.submitted_at is not None

    @property
    def name_to_greet(self):
        """The name, or "" for one that a mail program would turn into a link.

        Whoever types a stranger's address must not make us mail him theirs.
        """
        return "" if LOOKS_LIKE_A_LINK.search(self.name) else self.name

    @property
    def respondent(self):
        """The organisation, else the person, else ""."""
        return self.organisation or self.name


class Answer(models.Model):
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

    def __str__(self):
        return self.text[:80]


class PrincipleComment(models.Model):
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

    def __str__(self):
        return self.comment[:80] or self.get_stance_display()


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


class ResumeLinkQuerySet(models.QuerySet):
    def usable(self):
        return self.filter(expires_at__gt=timezone.now(), revoked_at=None)

    def for_token(self, token):
        return self.usable().filter(token_hash=hash_of(token))


class ResumeLink(models.Model):
    """An emailed way back to a submission. Only the hash of its token is kept."""

    submission = models.ForeignKey(
        Submission, on_delete=models.CASCADE, related_name="resume_links"
    )
    token_hash = models.CharField(max_length=64, unique=True)
    sent_to = AddressField()
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ResumeLinkQuerySet.as_manager()

    def __str__(self):
        return f"{self.submission_id} {self.created_at:%Y-%m-%d}"


def hash_of(token):
    """Return the hex SHA-256 of a link's token: tokens are random, so it needs no salt."""
    return hashlib.sha256(token.encode()).hexdigest()
