import datetime as dt

from django.conf import settings
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# A response begun in time may be sent for so long after closing: pages say so.
GRACE = dt.timedelta(minutes=10)
# From so long before closing pages say how much time is left.
COUNTDOWN = dt.timedelta(days=3)
# Marks what is still to be confirmed in a privacy notice, for everybody to see.
DRAFT = "DRAFT"


class ConsultationQuerySet(models.QuerySet):
    """Asked of the database's clock: web servers' clocks may differ, this one decides."""

    def published(self):
        return self.filter(opens_at__lte=Now())

    def open(self):
        return self.published().filter(closes_at__gt=Now())

    def accepting(self):
        """Return the open ones, and those closed so lately that drafts may be sent."""
        return self.published().filter(closes_at__gt=Now() - GRACE)


class Consultation(models.Model):
    """A call for evidence: its text, and when it opens and closes.

    The texts are Markdown.
    """

    slug = models.SlugField(unique=True)
    title = models.CharField(_("title"), max_length=200)
    reference_prefix = models.CharField(
        _("reference prefix"),
        max_length=6,
        help_text=_("The letters before the dash in every reference."),
    )
    contact_email = models.EmailField(_("contact address"))
    opens_at = models.DateTimeField(_("opens"), help_text=_("UK time."))
    closes_at = models.DateTimeField(_("closes"), help_text=_("UK time."))
    is_rehearsal = models.BooleanField(
        _("rehearsal"),
        default=False,
        help_text=_("Every page says that nothing sent here reaches anybody."),
    )

    # The file as it was loaded last. Loading it again writes only what it has changed
    # since, and so leaves what staff have edited.
    loaded_file = models.JSONField(default=dict, editable=False)

    # Another one with each change to the call or to what it asks, by the database's triggers.
    edition = models.UUIDField(db_default=RandomUUID(), editable=False)

    campaign = models.TextField(_("about the campaign"))
    introduction = models.TextField(_("introduction"))
    audience = models.TextField(_("who may respond"))
    interests = models.TextField(_("what we want to hear about"))
    how_to_respond = models.TextField(_("how to respond"))
    principles_introduction = models.TextField(_("introduction to the principles"))

    objects = ConsultationQuerySet.as_manager()

    class Meta:
        verbose_name = _("call for evidence")
        verbose_name_plural = _("calls for evidence")
        ordering = ["-opens_at"]
        constraints = [
            models.CheckConstraint(
                name="consultations_consultation_opens_before_it_closes",
                condition=Q(opens_at__lt=F("closes_at")),
                violation_error_message=_(
                    "Closing date must be after the opening date"
                ),
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def is_open(self):
        """By this machine's clock, for what a page shows; `.open()` decides."""
        return self.opens_at <= timezone.now() < self.closes_at

    @property
    def privacy_notice(self):
        """The version that holds now, or None."""
        return self.privacy_notices.first()

    @property
    def accepts_until(self):
        return self.closes_at + GRACE

    @property
    def is_accepting(self):
        """Whether drafts may be sent, by this machine's clock; `.accepting()` decides."""
        return self.opens_at <= timezone.now() < self.accepts_until

    @property
    def is_closing(self):
        """Whether it is open and closes within three days."""
        return self.is_open and self.closes_at - timezone.now() <= COUNTDOWN


class PrivacyNoticeQuerySet(models.QuerySet):
    def current(self):
        """Return the newest version of each call."""
        return self.order_by("consultation_id", "-number").distinct("consultation_id")


class PrivacyNotice(models.Model):
    """What respondents are told about their data; each version is kept."""

    consultation = models.ForeignKey(
        Consultation, on_delete=models.PROTECT, related_name="privacy_notices"
    )
    number = models.PositiveSmallIntegerField(_("version"))
    text = models.TextField(_("text"), help_text=_("Markdown."))
    published_at = models.DateTimeField(_("published"), default=timezone.now)

    objects = PrivacyNoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("privacy notice")
        ordering = ["consultation", "-number"]
        constraints = [
            models.UniqueConstraint(
                name="consultations_privacynotice_number_once_per_consultation",
                fields=["consultation", "number"],
            ),
        ]

    def __str__(self):
        return f"{self.consultation} ({_('version')} {self.number})"

    @property
    def is_draft(self):
        """Whether it still says DRAFT somewhere: then it waits for confirmation."""
        return DRAFT in self.text


class Section(models.Model):
    consultation = models.ForeignKey(
        Consultation, on_delete=models.PROTECT, related_name="sections"
    )
    number = models.PositiveSmallIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=200)
    introduction = models.TextField(_("introduction"), blank=True)
    is_provisional = models.BooleanField(
        _("provisional"),
        default=False,
        help_text=_("Title and introduction wait for confirmation."),
    )

    class Meta:
        ordering = ["consultation", "number"]
        constraints = [
            models.UniqueConstraint(
                name="consultations_section_number_once_per_consultation",
                fields=["consultation", "number"],
            ),
        ]

    def __str__(self):
        return f"{self.number}. {self.title}"


class QuestionQuerySet(models.QuerySet):
    def provisional(self):
        return self.filter(is_provisional=True)


class Question(models.Model):
    section = models.ForeignKey(
        Section, on_delete=models.PROTECT, related_name="questions"
    )
    code = models.CharField(
        _("code"),
        max_length=10,
        help_text=_("As in 1.4: it names the question in every export, for good."),
    )
    position = models.PositiveSmallIntegerField(_("position"))
    wording = models.TextField(_("wording"))
    is_provisional = models.BooleanField(
        _("provisional"),
        default=False,
        help_text=_("The wording waits for confirmation."),
    )

    objects = QuestionQuerySet.as_manager()

    class Meta:
        ordering = ["section", "position", "code"]
        constraints = [
            models.UniqueConstraint(
                name="consultations_question_code_once_per_section",
                fields=["section", "code"],
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.wording}"

    @property
    def slug(self):
        """The code as it stands in the name of a form field: 1-4."""
        return self.code.replace(".", "-")

    @property
    def main_part(self):
        """The wording up to its first question mark."""
        head, mark, _rest = self.wording.partition("?")
        return head + mark

    @property
    def follow_up(self):
        """What the wording asks after its first question mark, or ""."""
        return self.wording.partition("?")[2].strip()

    def has_answers(self):
        """Whether any row of any app points at this question.

        The model registry is asked, because this app must not know who answers.
        """
        return any(
            relation.related_model._base_manager.filter(
                **{relation.field.name: self}
            ).exists()
            for relation in self._meta.related_objects
            if relation.related_model is not PastWording
        )


class PastWording(models.Model):
    """How a question read before a member of staff changed it."""

    question = models.ForeignKey(
        Question, on_delete=models.CASCADE, related_name="past_wordings"
    )
    wording = models.TextField(_("wording"))
    replaced_at = models.DateTimeField(_("replaced"), default=timezone.now)
    replaced_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        verbose_name=_("replaced by"),
    )

    class Meta:
        verbose_name = _("past wording")
        ordering = ["-replaced_at"]

    def __str__(self):
        return self.wording
