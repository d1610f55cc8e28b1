import re
import uuid

from django.db import models
from django.db.models import ExpressionWrapper, F, Func, Q, Value
from django.db.models.functions import Cast, Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultations.models import Consultation, PrivacyNotice
from outbox.models import OutgoingEmail
from submissions import typos
from submissions.fields import AddressField

from .labelled import Labelled
from .publication import Publication

LOOKS_LIKE_A_LINK = re.compile(r"[/@:]|\w\.\w{2}|www\.", re.IGNORECASE)


def without_links(name):
    """Return the name, or "" for one that a mail program would turn into a link.

    Whoever types a stranger's address must not make us mail him theirs.
    """
    return "" if LOOKS_LIKE_A_LINK.search(name) else name


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


class Channel(models.TextChoices):
    ONLINE = "online", _("Online")
    EMAIL = "email", _("Email")
    POST = "post", _("Post")


def _in_time():
    return Q(consultation__in=Consultation.objects.accepting())


def _may_be_sent():
    return _in_time() | Q(accepted_until__gt=Now())


def _whether(condition):
    return ExpressionWrapper(condition, models.BooleanField())


class SubmissionQuerySet(models.QuerySet):
    def drafts(self):
        return self.filter(submitted_at=None)

    def submitted(self):
        """Return what was sent and stands: an amendment is part of what it amends."""
        return self.filter(submitted_at__isnull=False, withdrawn_at=None)

    def with_edition(self):
        """Add the `edition` that the call has now, for `calls.read`."""
        return self.annotate(edition=F("consultation__edition"))

    def accepting(self):
        """Return those that may be sent or changed now, by the database's clock."""
        return self.filter(_may_be_sent())

    def to_change(self):
        """Lock them, and add when that was asked for, by the database's clock: `asked_at`.

        And whether each `was_accepted` then, and `was_in_time` even without having been
        given longer: who waits for the lock is not late by that.
        """
        return self.select_for_update().annotate(
            asked_at=Now(),
            was_accepted=_whether(_may_be_sent()),
            was_in_time=_whether(_in_time()),
        )

    def of_address(self, address):
        return self.filter(email__iexact=address)

    def with_failed_emails(self):
        """Return those that an email about them could not be delivered to."""
        failed = OutgoingEmail.objects.undelivered()
        number = Func(
            F("about"),
            Value(r"^submission:(\d+)$"),
            function="substring",
            output_field=models.CharField(),
        )
        found = failed.annotate(number=Cast(number, models.BigIntegerField()))
        # From the few that failed, and not by a look at every submission.
        return self.filter(pk__in=found.exclude(number=None).values("number"))

    def awaiting_reminder(self):
        """Return the drafts whose owner asked to be reminded, and can be."""
        return self.drafts().filter(wants_reminders=True, amends=None).exclude(email="")


class Submission(Labelled):
    """One respondent's evidence, from the first page to the receipt.

    What was sent is changed in a draft of its own, its amendment, and stays as it is
    until that is sent too: docs/decisions/0008-amendments-are-drafts.md.
    """

    # The invitation of whoever has it open, when that is not its owner: guests.find.
    guest = None

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

    # Of an amendment: what it will change when it is sent.
    amends = models.OneToOneField(
        "self",
        on_delete=models.CASCADE,
        null=True,
        editable=False,
        related_name="amendment",
    )
    # In which it was begun, and in which we write to the respondent.
    language = models.CharField(max_length=10, blank=True, editable=False)

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
    # When the address last stopped them, whatever was chosen since.
    reminders_stopped_at = models.DateTimeField(null=True, editable=False)

    # Who answers for a response that several people wrote; never published.
    signed_off_by = models.CharField(_("signed off by"), max_length=200, blank=True)
    # What the respondent could read about personal data when it was sent.
    privacy_notice = models.ForeignKey(
        PrivacyNotice, on_delete=models.PROTECT, null=True, editable=False
    )
    # Sent after closing and its minutes of grace, because staff had accepted that.
    is_late = models.BooleanField(_("late"), default=False, editable=False)
    # Until when a draft may still be sent, after staff have accepted it late.
    accepted_until = models.DateTimeField(null=True, editable=False)

    created_at = models.DateTimeField(_("started"), default=timezone.now)
    saved_at = models.DateTimeField(_("last saved"), default=timezone.now)
    submitted_at = models.DateTimeField(_("sent"), null=True, editable=False)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, editable=False)
    published_at = models.DateTimeField(_("published"), null=True, editable=False)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        ordering = ["-submitted_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="submissions_submission_reference_only_once_sent",
                condition=Q(reference=None, submitted_at=None)
                | Q(reference__isnull=False, submitted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="submissions_submission_amendment_is_a_draft",
                condition=Q(amends=None) | Q(submitted_at=None),
            ),
            models.CheckConstraint(
                name="submissions_submission_withdrawn_only_once_sent",
                condition=Q(withdrawn_at=None) | Q(submitted_at__isnull=False),
            ),
        ]
        indexes = [
            # With what lists count and narrow by, so that they need not look at the rows.
            models.Index(
                name="submissions_standing",
                fields=["-submitted_at", "-id"],
                include=[
                    "consultation",
                    "respondent_type",
                    "on_behalf",
                    "publication",
                    "channel",
                    "is_late",
                ],
                condition=Q(submitted_at__isnull=False, withdrawn_at=None),
            ),
            models.Index(
                models.functions.Upper("email"),
                name="submissions_of_address",
                condition=~Q(email=""),
            ),
            models.Index(
                name="submissions_drafts_of_call",
                fields=["consultation"],
                condition=Q(submitted_at=None, amends=None),
            ),
        ]

    def __str__(self):
        return self.reference or str(_("Draft"))

    @property
    def about(self):
        """What the outbox knows emails about it by."""
        return f"submission:{self.pk}"

    @property
    def is_submitted(self):
        return self.submitted_at is not None

    @property
    def is_withdrawn(self):
        return self.withdrawn_at is not None

    @property
    def is_accepted_late(self):
        return self.accepted_until is not None and timezone.now() < self.accepted_until

    @property
    def is_accepting(self):
        """Whether it may be sent, by this machine's clock; `.accepting()` decides."""
        return self.consultation.is_accepting or self.is_accepted_late

    def is_accepted_now(self):
        """Whether it may be sent, by the database's clock, which decides."""
        return Submission.objects.accepting().filter(pk=self.pk).exists()

    @property
    def accepts_until(self):
        """When it stops being accepted, as pages say it while `is_accepting`."""
        if self.consultation.is_open:
            return self.consultation.closes_at
        if self.consultation.is_accepting:
            return self.consultation.accepts_until
        return self.accepted_until

    @property
    def is_settled(self):
        """Whether what was sent can be neither changed nor withdrawn any more."""
        return self.is_withdrawn or self.published_at is not None

    @property
    def can_be_amended(self):
        return self.is_submitted and not self.is_settled and self.is_accepting

    @property
    def last_sent_at(self):
        """When its words were sent last; a new choice about publication sends none."""
        sent = self.revisions.exclude(sent_from=None).order_by("-number")
        return sent.values_list("sent_at", flat=True).first() or self.submitted_at

    @property
    def name_to_greet(self):
        return without_links(self.name)

    @property
    def sender_to_name(self):
        """Who writes, said to a colleague: the organisation, else the person, else ""."""
        return without_links(self.organisation) or self.name_to_greet

    @property
    def email_meant(self):
        """The address that was probably meant, or "" when it looks right."""
        return typos.suggestion(self.email)

    @property
    def respondent(self):
        """The organisation, else the person, else ""."""
        return self.organisation or self.name

    def may_write(self, part):
        """Whether whoever has it open may write in a part, by its code."""
        return self.guest is None or part in self.guest.parts
