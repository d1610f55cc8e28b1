from django.db import models

from consultations.models import Consultation


class Tally(models.Model):
    """How many submissions of a call there are of each sort, as counted at a moment.

    Counting a hundred thousand takes seconds; the first page of staff shows these.
    """

    consultation = models.OneToOneField(
        Consultation, on_delete=models.CASCADE, related_name="+"
    )
    # figures.Counts
    counts = models.JSONField()
    counted_at = models.DateTimeField()

    def __str__(self):
        return f"{self.consultation_id} {self.counted_at:%Y-%m-%d %H:%M}"
