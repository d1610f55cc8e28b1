"""What stands between a fact and the email about it: one row an email, and the relay's health."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now, Upper
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    PENDING = "pending", _("waiting")
    SENDING = "sending", _("being sent")
    RETRY = "retry", _("waiting to be tried again")
    ASKED = "asked", _("being looked for at the mail server")
    SENT = "sent", _("sent")
    DEAD = "dead", _("could not be delivered")
    UNKNOWN = "unknown", _("may have been delivered")
    CANCELLED = "cancelled", _("no longer wanted")


class Phase(models.TextChoices):
    """How far an attempt has gone: only after DATA can the email have left."""

    NONE = "", _("none")
    PREP = "prep", _("before DATA")
    DATA = "data", _("DATA was begun")


WAITING = [State.PENDING, State.RETRY]
UNDELIVERED = [State.DEAD, State.UNKNOWN]


class OutgoingEmailQuerySet(models.QuerySet):
    def due(self):
        return self.filter(state__in=WAITING, next_attempt_at__lte=Now())

    def abandoned(self):
        """Emails whose worker died, or lost its database, in the middle of an attempt."""
        return self.filter(state=State.SENDING, lease_expires_at__lt=Now())

    def to_be_looked_up(self):
        """Emails that may have left, and whose relay's log is to be looked into now."""
        return self.filter(state=State.ASKED, next_attempt_at__lte=Now())

    def waiting(self):
        return self.filter(state__in=WAITING)

    def undelivered(self):
        """Emails that will not be tried again unless a person says so."""
        return self.filter(state__in=UNDELIVERED)


class OutgoingEmail(models.Model):
    """One email to one address. What it says is composed when it is sent, and not kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(
        _("key"),
        max_length=200,
        unique=True,
        help_text=_("What makes this email the only one of its sort."),
    )
    kind = models.CharField(_("kind"), max_length=50)
    is_bulk = models.BooleanField(_("sent after the others"), default=False)
    to_email = models.EmailField(_("to"))
    # What its writer knows it by, as in "submission:12", to find it again.
    about = models.CharField(max_length=60, blank=True, default="")
    # Ids and numbers only: never a token, never what a respondent wrote.
    context = models.JSONField(_("about"), default=dict)
    # The same on every attempt, so that mailboxes and logs can tell a copy.
    message_id = models.CharField(_("Message-ID"), max_length=320, unique=True)

    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.PENDING
    )
    phase = models.CharField(
        _("phase"), max_length=4, choices=Phase.choices, default=Phase.NONE, blank=True
    )
    lease = models.UUIDField(_("lease"), null=True, editable=False)
    lease_expires_at = models.DateTimeField(_("lease expires at"), null=True)
    attempts = models.PositiveSmallIntegerField(
        _("attempts"),
        default=0,
        help_text=_("Those that were answered: a relay that is away is not counted."),
    )
    ambiguous = models.PositiveSmallIntegerField(
        _("unsure"),
        default=0,
        help_text=_(
            "How often the answer was lost after the email had been handed over."
        ),
    )
    next_attempt_at = models.DateTimeField(_("next attempt at"), db_default=Now())
    expires_at = models.DateTimeField(_("expires at"), null=True)

    last_code = models.PositiveSmallIntegerField(_("last code"), null=True)
    last_error = models.CharField(_("last error"), max_length=500, default="")
    # What the relay said when it took the email: its own queue id stands in there.
    relay_id = models.CharField(_("receipt of the relay"), max_length=200, default="")
    created_at = models.DateTimeField(_("created at"), db_default=Now())
    sent_at = models.DateTimeField(_("sent at"), null=True)

    objects = OutgoingEmailQuerySet.as_manager()

    class Meta:
        verbose_name = _("email")
        verbose_name_plural = _("emails")
        # "change" is the right to send one again; nobody adds or deletes by hand.
        default_permissions = ("view", "change")
        indexes = [
            models.Index(
                name="outbox_outgoingemail_due",
                fields=["is_bulk", "next_attempt_at"],
                condition=Q(state__in=WAITING),
            ),
            models.Index(
                name="outbox_outgoingemail_leased",
                fields=["lease_expires_at"],
                condition=Q(state=State.SENDING),
            ),
            models.Index(
                name="outbox_email_to_be_looked_up",
                fields=["next_attempt_at"],
                condition=Q(state=State.ASKED),
            ),
            models.Index(name="outbox_email_newest_first", fields=["-created_at"]),
            models.Index(Upper("to_email"), name="outbox_email_of_address"),
            models.Index(
                name="outbox_outgoingemail_about",
                fields=["about", "-created_at"],
                condition=~Q(about=""),
            ),
            models.Index(
                name="outbox_email_undelivered",
                fields=["about"],
                condition=Q(state__in=UNDELIVERED),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="outbox_outgoingemail_has_a_key", condition=~Q(key="")
            ),
            models.CheckConstraint(
                name="outbox_outgoingemail_has_a_known_state",
                condition=Q(state__in=State.values),
            ),
            models.CheckConstraint(
                name="outbox_outgoingemail_has_sent_at_once_sent",
                condition=Q(state=State.SENT, sent_at__isnull=False)
                | Q(~Q(state=State.SENT), sent_at=None),
            ),
            models.CheckConstraint(
                name="outbox_outgoingemail_is_leased_while_sending",
                condition=Q(
                    state=State.SENDING,
                    phase__in=[Phase.PREP, Phase.DATA],
                    lease__isnull=False,
                    lease_expires_at__isnull=False,
                )
                | Q(
                    ~Q(state=State.SENDING),
                    phase=Phase.NONE,
                    lease=None,
                    lease_expires_at=None,
                ),
            ),
        ]

    def __str__(self):
        return self.key


class Circuit(models.Model):
    """The one row that says whether the relay is to be left alone for a while."""

    failures = models.PositiveIntegerField(_("failures in a row"), default=0)
    closes_at = models.DateTimeField(_("closes at"), null=True)
    last_error = models.CharField(_("last error"), max_length=500, default="")

    class Meta:
        verbose_name = _("circuit")
        verbose_name_plural = _("circuits")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="outbox_circuit_is_the_only_one", condition=Q(pk=1)
            ),
        ]

    def __str__(self):
        return f"{self.failures} failures in a row"
