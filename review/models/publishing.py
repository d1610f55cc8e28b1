"""What is taken out of a response, decided about it, and given to the public."""

import secrets
import uuid

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Left
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultations.models import Consultation
from submissions.fields import MAX_ANSWER_CHARACTERS
from submissions.models import RespondentType, StoredFile, Submission

from .passages import Passage

# No vowels: no words. No letter or digit that is taken for another.
ALPHABET = "bcdfghjkmnpqrstvwxyz23456789"


def new_public_id():
    """Return the name of a published response in addresses: random, from nothing of it."""
    return "".join(secrets.choice(ALPHABET) for _place in range(10))


class Reason(models.TextChoices):
    """Why words are taken out; the public reads which of these it was."""

    PERSONAL_DATA = "personal-data", _("personal data")
    THIRD_PARTY = "third-party", _("about somebody else")
    DEFAMATORY = "defamatory", _("might be defamatory")
    COMMERCIAL = "commercial", _("commercially sensitive")
    OTHER = "other", _("another reason")


class RedactionQuerySet(models.QuerySet):
    def standing(self):
        return self.filter(lifted_at=None)


class Redaction(Passage):
    """Words that the public does not get. Lifted, never deleted: both are written down."""

    reason = models.CharField(_("reason"), max_length=20, choices=Reason)
    # For staff; the public reads only the reason.
    words = models.TextField(_("in words"), blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    made_at = models.DateTimeField(default=timezone.now)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    lifted_at = models.DateTimeField(null=True)

    objects = RedactionQuerySet.as_manager()

    class Meta:
        default_related_name = "redactions"
        default_permissions = []
        ordering = ["made_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="review_redaction_stands_once",
                fields=["submission", "place", "start", "end"],
                condition=Q(lifted_at=None),
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="review_redaction_other_reason_in_words",
                condition=~Q(reason="other") | ~Q(words=""),
            ),
        ]

    def __str__(self):
        return f"{self.submission_id} {self.place}"

    @property
    def is_whole(self):
        return self.start is None

    @property
    def in_public(self):
        """What the public reads in the place of the words."""
        reason = Reason(self.reason).label
        return _("[redacted: %(reason)s]") % {"reason": reason}


class LeftAsItIs(models.Model):
    """Something that looks like personal data, and may be published all the same."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE)
    place = models.CharField(max_length=80)
    text = models.TextField()
    left_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    left_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_related_name = "left_as_it_is"
        default_permissions = []
        constraints = [
            models.UniqueConstraint(
                name="review_leftasitis_once", fields=["submission", "place", "text"]
            )
        ]

    def __str__(self):
        return f"{self.submission_id} {self.place}"


class Step(models.TextChoices):
    APPROVED = "approved", _("Approved")
    HELD_BACK = "held-back", _("Not to be published")
    PUBLISHED = "published", _("Published")
    TAKEN_DOWN = "taken-down", _("Taken down")
    # The respondent asked for less to be published: to be checked again.
    NARROWED = "narrowed", _("Less is to be published")


class PublishingDecisionQuerySet(models.QuerySet):
    def current(self):
        return self.filter(ended_at=None)


class PublishingDecision(models.Model):
    """One thing that staff decided about publishing a response; the last one holds."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE)
    what = models.CharField(_("decision"), max_length=20, choices=Step)
    # submissions.Revision.number: what was sent later is another thing to decide about.
    revision = models.PositiveSmallIntegerField()
    reason = models.TextField(_("reason"), blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(default=timezone.now)
    # When another decision took its place, or nothing held any more.
    ended_at = models.DateTimeField(null=True)

    objects = PublishingDecisionQuerySet.as_manager()

    class Meta:
        default_related_name = "publishing_decisions"
        default_permissions = []
        ordering = ["-decided_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                name="review_publishingdecision_one_holds",
                fields=["submission"],
                condition=Q(ended_at=None),
            ),
            models.CheckConstraint(
                name="review_publishingdecision_refusal_has_a_reason",
                condition=Q(what__in=["approved", "published"]) | ~Q(reason=""),
            ),
        ]

    def __str__(self):
        return f"{self.submission_id} {self.what}"


class PublishedResponse(models.Model):
    """What the public reads of a response: a copy that holds only what may be read.

    What is said without a name in a response with one is another of these, which nothing
    public connects with the first: docs/decisions/0020-the-public-reads-a-copy.md.
    """

    # The key, so that no order of rows tells which were published together.
    public_id = models.CharField(
        max_length=10, primary_key=True, default=new_public_id, editable=False
    )
    submission = models.ForeignKey(Submission, on_delete=models.CASCADE)
    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT)
    # Of the organisation, else of the person. Null without a name, and so sorted last.
    name = models.CharField(max_length=200, null=True)  # noqa: DJ001
    respondent_type = models.CharField(
        max_length=40, choices=RespondentType, blank=True
    )
    # As snapshot.contents_of gives it.
    contents = models.JSONField()

    class Meta:
        default_related_name = "published_responses"
        default_permissions = []
        ordering = ["name", "public_id"]
        constraints = [
            models.UniqueConstraint(
                name="review_publishedresponse_once_with_a_name",
                fields=["submission"],
                condition=Q(name__isnull=False),
            ),
            models.UniqueConstraint(
                name="review_publishedresponse_once_without_a_name",
                fields=["submission"],
                condition=Q(name=None),
            ),
        ]
        indexes = [
            models.Index(
                name="review_published_by_name",
                fields=["consultation", "name", "public_id"],
            )
        ]

    def __str__(self):
        return self.public_id


class PublishedText(models.Model):
    """One text of a published response, to be found by what it is about and by words."""

    response = models.ForeignKey(
        PublishedResponse, on_delete=models.CASCADE, related_name="texts"
    )
    consultation = models.ForeignKey(
        Consultation, on_delete=models.CASCADE, related_name="+"
    )
    # "question-1-4", "principle-2", "principles" or "evidence".
    about = models.CharField(max_length=40)
    label = models.CharField(max_length=250, blank=True)
    # What the text is about in its turn: a sentence of a principle.
    quote = models.TextField(blank=True)
    text = models.TextField()
    search = models.GeneratedField(
        # PostgreSQL keeps no vector of more than 1 MB; no answer of ours makes one.
        expression=SearchVector(Left("text", MAX_ANSWER_CHARACTERS), config="english"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        default_permissions = []
        indexes = [
            models.Index(
                name="review_published_about",
                fields=["consultation", "about", "response"],
            ),
            GinIndex(name="review_published_words", fields=["search"]),
        ]

    def __str__(self):
        return f"{self.response_id} {self.about}"


class PublishedFile(models.Model):
    """A file that anyone may take away."""

    key = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    response = models.ForeignKey(
        PublishedResponse, on_delete=models.CASCADE, related_name="files"
    )
    stored = models.ForeignKey(StoredFile, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=255)

    class Meta:
        default_permissions = []
        ordering = ["name", "key"]

    def __str__(self):
        return self.name
