"""Who may open a submission without an account: by links, and by invitation."""

import hashlib

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from submissions.fields import AddressField

from .submission import Submission, without_links


class InvitationQuerySet(models.QuerySet):
    def standing(self):
        return self.filter(withdrawn_at=None)

    def to_drafts(self):
        """Return those that still open something to write in."""
        return self.standing().filter(submission__submitted_at=None)

    def of_address(self, address):
        return self.filter(email__iexact=address)


class Invitation(models.Model):
    """A colleague who may write in some parts of a response. Never published."""

    submission = models.ForeignKey(
        Submission, on_delete=models.CASCADE, related_name="invitations"
    )
    name = models.CharField(_("name"), max_length=200)
    email = AddressField(_("email address"), blank=True)
    # journey.Part.code of each.
    parts = ArrayField(models.CharField(max_length=30))
    created_at = models.DateTimeField(default=timezone.now)
    opened_at = models.DateTimeField(null=True)
    saved_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]

    def __str__(self):
        return self.name

    @property
    def name_to_greet(self):
        return without_links(self.name)


class ResumeLinkQuerySet(models.QuerySet):
    def usable(self):
        return self.filter(expires_at__gt=timezone.now(), revoked_at=None)

    def for_token(self, token):
        return self.usable().filter(token_hash=hash_of(token))


class ResumeLink(models.Model):
    """A way back to a submission, mostly emailed. Only the hash of its token is kept."""

    submission = models.ForeignKey(
        Submission, on_delete=models.CASCADE, related_name="resume_links"
    )
    # Set: it opens only the parts that a colleague was invited to.
    invitation = models.ForeignKey(
        Invitation, on_delete=models.CASCADE, null=True, related_name="links"
    )
    token_hash = models.CharField(max_length=64, unique=True)
    # "" for a link that the owner of the response passes on.
    sent_to = AddressField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ResumeLinkQuerySet.as_manager()

    def __str__(self):
        return f"{self.submission_id} {self.created_at:%Y-%m-%d}"


def hash_of(token):
    """Return the hex SHA-256 of a link's token: tokens are random, so it needs no salt."""
    return hashlib.sha256(token.encode()).hexdigest()
