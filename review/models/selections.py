from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class SavedSelectionQuerySet(models.QuerySet):
    def for_user(self, user):
        """Return the person's own, and what colleagues share."""
        return self.filter(models.Q(owner=user) | models.Q(is_shared=True))


class SavedSelection(models.Model):
    """A filter that somebody gave a name to; its address can be passed on."""

    name = models.CharField(_("name"), max_length=100)
    # finding.selection.Selection.query_string, without the question mark.
    query = models.TextField()
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="saved_selections",
    )
    is_shared = models.BooleanField(
        _("for all staff"),
        default=False,
        help_text=_("Colleagues see it among their saved selections."),
    )
    saved_at = models.DateTimeField(default=timezone.now)

    objects = SavedSelectionQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                name="review_savedselection_name_once_per_person",
                fields=["owner", "name"],
            )
        ]

    def __str__(self):
        return self.name
