"""The codebook, and the passages that its themes stand on."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultations.models import Consultation

from .passages import Passage


class Colour(models.IntegerChoices):
    """The palette: static/staff/themes.css draws each with a line style of its own."""

    GREEN = 1, _("Green")
    BLUE = 2, _("Blue")
    AMBER = 3, _("Amber")
    PURPLE = 4, _("Purple")
    RED = 5, _("Red")
    TEAL = 6, _("Teal")
    PINK = 7, _("Pink")
    OLIVE = 8, _("Olive")
    GREY = 9, _("Grey")
    BROWN = 10, _("Brown")


class ThemeQuerySet(models.QuerySet):
    def standing(self):
        """Return the themes that can be used: not those merged into another."""
        return self.filter(merged_into=None)

    def named(self, name):
        """Return the theme of this name, however it is capitalised, or None."""
        return self.filter(name__iexact=name).first()


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
    colour = models.PositiveSmallIntegerField(
        _("colour"), choices=Colour, default=Colour.GREEN
    )
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
                "consultation",
                Lower("name"),
                name="review_theme_name_once_per_call",
                condition=Q(merged_into=None),
            ),
            models.CheckConstraint(
                name="review_theme_is_not_its_own_part", condition=~Q(parent=F("pk"))
            ),
            models.CheckConstraint(
                name="review_theme_is_not_merged_into_itself",
                condition=~Q(merged_into=F("pk")),
            ),
            models.CheckConstraint(
                name="review_theme_colour_is_of_the_palette",
                condition=Q(colour__in=Colour.values),
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

    # Among the marks of a text that is shown: marking.MarkedText.
    number = None

    class Meta:
        default_related_name = "themed_passages"
        constraints = [
            models.UniqueConstraint(
                name="review_themedpassage_once",
                fields=["theme", "submission", "place", "start", "end"],
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="review_themedpassage_is_words_or_the_whole",
                condition=Q(start=None, end=None, quote="")
                | Q(start__isnull=False, end__isnull=False, start__lt=F("end"))
                & ~Q(quote=""),
            ),
        ]
        indexes = [
            models.Index(name="review_themes_put_on_last", fields=["added_by", "-id"])
        ]

    def __str__(self):
        return f"{self.theme_id} {self.place}"

    @property
    def is_whole(self):
        return self.start is None

    @property
    def anchor(self):
        """Where it is on the pages that show its text."""
        return self.place if self.is_whole else f"passage-{self.pk}"

    @property
    def mark_class(self):
        """As in static/staff/themes.css."""
        return f"theme-{self.theme.colour}"

    @property
    def mark_words(self):
        return self.theme.name


class What(models.TextChoices):
    """What happened to a theme."""

    ADDED = "added", _("Added")
    CHANGED = "changed", _("Changed")
    MERGED = "merged", _("Merged")
    SEPARATED = "separated", _("Separated again")
    SPLIT = "split", _("Split")


class ThemeChange(models.Model):
    """What happened to a theme: made, renamed, merged, split. Never changed."""

    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="changes")
    what = models.CharField(max_length=20, choices=What)
    # The other theme of a merge or a split.
    other = models.ForeignKey(
        Theme, on_delete=models.PROTECT, null=True, related_name="+"
    )
    # Values before and after; ids of the passages that moved. Nobody's words.
    details = models.JSONField(default=dict)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-changed_at", "-pk"]

    def __str__(self):
        return f"{self.theme_id} {self.what}"

    @property
    def moved(self):
        """How many passages went from one theme to the other."""
        return len(self.details.get("moved", [])) + len(self.details.get("same", []))

    @property
    def in_words(self):
        """What was changed, as (label, before, after)."""
        return [
            (
                Theme._meta.get_field(name).verbose_name,
                _said(name, old),
                _said(name, new),
            )
            for name, (old, new) in self.details.items()
        ]


def _said(name, value):
    return Colour(value).label if name == "colour" else value or _("nothing")
