"""What may be published: of a whole response, and of each thing that is said in it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .labelled import Labelled


class Publication(models.TextChoices):
    """What may be published. Nothing is, without a choice."""

    WITH_NAME = "with-name", _("Publish my response with my name")
    WITHOUT_NAME = "without-name", _("Publish my response without my name")
    NOT = (
        "not",
        _("Do not publish my response; Locality may still use it in its analysis"),
    )

    @property
    def in_short(self):
        """As it stands in a column of staff's."""
        return {
            Publication.WITH_NAME: _("With name"),
            Publication.WITHOUT_NAME: _("Without name"),
            Publication.NOT: _("Not"),
        }[self]

    @property
    def meaning(self):
        """What the choice leads to, for those who are about to make it."""
        return {
            Publication.WITH_NAME: _(
                "Anyone can read it, with your name and your organisation's."
            ),
            Publication.WITHOUT_NAME: _("Anyone can read it, but not who wrote it."),
            Publication.NOT: _("Only Locality's staff read it."),
        }[self]


class Confidence(models.TextChoices):
    """How the respondent wants one answer, item or file to be treated.

    It can only keep back more than the choice for the whole response does.
    """

    PUBLISH = "publish", _("As I choose for my whole response")
    WITHOUT_NAME = "without-name", _("Publish it without my name")
    LOCALITY_ONLY = "locality-only", _("For Locality only")


def strictest(*confidences):
    """Return the one of these that keeps back most."""
    return max(map(Confidence, confidences), key=list(Confidence).index)


class Said(Labelled):
    """Anything that a respondent says, with the confidence it is said in."""

    confidence = models.CharField(
        _("may be published"),
        max_length=20,
        choices=Confidence,
        default=Confidence.PUBLISH,
    )

    class Meta:
        abstract = True


def publication_of(submission, said):
    """Return the `Publication` that holds for one thing: the stricter of two choices.

    Without a choice for the whole response nothing is published.
    """
    whole = submission.publication or Publication.NOT
    if whole == Publication.NOT or said.confidence == Confidence.LOCALITY_ONLY:
        return Publication.NOT
    if said.confidence == Confidence.WITHOUT_NAME:
        return Publication.WITHOUT_NAME
    return Publication(whole)
