from django.db import models

from consultations.models import Consultation


class KeptFigure(models.Model):
    """A count of what a call has received, as it stood at a moment: review/kept.py."""

    consultation = models.ForeignKey(
        Consultation, on_delete=models.CASCADE, related_name="+"
    )
    # kept.Kind.name
    name = models.CharField(max_length=40)
    # kept.Figure.rows: ids, choices, days and numbers, nobody's words.
    rows = models.JSONField()
    counted_at = models.DateTimeField()
    # How long it took to count.
    milliseconds = models.PositiveIntegerField()

    class Meta:
        default_permissions = []
        constraints = [
            models.UniqueConstraint(
                name="review_keptfigure_once_per_call", fields=["consultation", "name"]
            )
        ]

    def __str__(self):
        return f"{self.consultation_id} {self.name} {self.counted_at:%Y-%m-%d %H:%M}"
