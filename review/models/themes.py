"""The codebook, and the passages that its themes stand on."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultations.models import Consultation

from .passages import Passage


class ThemeQuerySet(models.QuerySet):
    def standing(self):
        """Return the themes that can be used: not those merged into another."""
        return self.filter(merged_into=None)


class Theme(models.Model):
    """One entry of a call's codebook."""

    consultation = models.ForeignKey(
        Consultation, on_delete=models.PROTECT, related_name="themes"
    )
    name = models.CharField(_("name"), max_length=100)
    meaning = models.TextField(
        _("meaning"), blank=True, help_text=_("When it is used, and when it is not.")
    )
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("part of"),
    )
    # A number of the palette in static/admin-portal.css: colours are never typed.
    colour = models.PositiveSmallIntegerField(_("colour"), default=1)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ThemeQuerySet.as_manager()

    class Meta:
        verbose_name = _("theme")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                name="review_theme_name_once_per_call",
                fields=["consultation", "name"],
                condition=Q(merged_into=None),
            ),
            models.CheckConstraint(
                name="review_theme_is_not_its_own_part", condition=~Q(parent=F("pk"))
            ),
        ]

    def __str__(self):
        return self.name


class ThemedPassage(Passage):
    """A theme on a passage, or on all that somebody said in one place."""

    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="passages")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_related_name = "themed_passages"
        constraints = [
            models.UniqueConstraint(
                name="review_themedpassage_once",
                fields=["theme", "submission", "place", "start", "end"],
                nulls_distinct=False,
            )
        ]

    def __str__(self):
        return f"{self.theme_id} {self.place}"


class ThemeChange(models.Model):
    """What happened to a theme: made, renamed, merged, split. Never changed."""

    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="changes")
    what = models.CharField(max_length=20)
    # Names and ids before and after; which passages moved.
    details = models.JSONField(default=dict)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-changed_at", "-pk"]

    def __str__(self):
        return f"{self.theme_id} {self.what}"
