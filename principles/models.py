from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultations.models import Consultation


class Principle(models.Model):
    """A draft principle that a call puts out for comment."""

    consultation = models.ForeignKey(
        Consultation, on_delete=models.PROTECT, related_name="principles"
    )
    number = models.PositiveSmallIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=200)

    class Meta:
        verbose_name = _("draft principle")
        ordering = ["consultation", "number"]
        constraints = [
            models.UniqueConstraint(
                name="principles_principle_number_once_per_consultation",
                fields=["consultation", "number"],
            ),
        ]

    def __str__(self):
        return f"{self.number}. {self.title}"


class PrincipleVersionQuerySet(models.QuerySet):
    def current(self, consultation):
        """Return the newest version of each of the call's principles, in order."""
        return (
            self.filter(principle__consultation=consultation)
            .order_by("principle__number", "-number")
            .distinct("principle__number")
            .select_related("principle")
            .prefetch_related("sentences")
        )


class PrincipleVersion(models.Model):
    """The text of a principle as it stood: a comment points at the version it read."""

    principle = models.ForeignKey(
        Principle, on_delete=models.PROTECT, related_name="versions"
    )
    number = models.PositiveSmallIntegerField(_("version"), default=1)
    published_at = models.DateTimeField(_("published"), default=timezone.now)

    objects = PrincipleVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a principle")
        ordering = ["principle", "number"]
        constraints = [
            models.UniqueConstraint(
                name="principles_version_number_once_per_principle",
                fields=["principle", "number"],
            ),
        ]

    def __str__(self):
        return f"{self.principle} ({_('version')} {self.number})"

    @property
    def text(self):
        return " ".join(sentence.text for sentence in self.sentences.all())


class Sentence(models.Model):
    """One numbered sentence of a principle."""

    version = models.ForeignKey(
        PrincipleVersion, on_delete=models.CASCADE, related_name="sentences"
    )
    number = models.PositiveSmallIntegerField(_("number"))
    text = models.TextField(_("text"))

    class Meta:
        ordering = ["version", "number"]
        constraints = [
            models.UniqueConstraint(
                name="principles_sentence_number_once_per_version",
                fields=["version", "number"],
            ),
        ]

    def __str__(self):
        return self.text
