from django.db import models
from django.db.models.functions import Now


class DutyQuerySet(models.QuerySet):
    def with_age(self):
        """Add `age`: how long ago each was last done; null when it never was."""
        return self.annotate(
            age=models.ExpressionWrapper(
                Now() - models.F("done_at"), output_field=models.DurationField()
            )
        )


class Duty(models.Model):
    """Something that worker or outbox loop must do again and again, and when it last was."""

    name = models.CharField(primary_key=True, max_length=100)
    done_at = models.DateTimeField(null=True)
    # Since the portal was installed; `done` counts those that did not fail.
    done = models.PositiveBigIntegerField(default=0)
    failed = models.PositiveBigIntegerField(default=0)
    seconds = models.FloatField(default=0)

    objects = DutyQuerySet.as_manager()

    class Meta:
        default_permissions = ()

    def __str__(self):
        return self.name
