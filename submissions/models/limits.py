from django.db import models
from django.utils import timezone


class AskedCount(models.Model):
    """How often something was asked for within an hour, by whoever the key stands for.

    The key is a keyed hash of an hour and a network: it says nothing to whoever reads it.
    """

    key = models.CharField(max_length=64, unique=True)
    count = models.PositiveIntegerField(default=0)
    began_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        default_permissions = []

    def __str__(self):
        return f"{self.began_at:%Y-%m-%d %H:%M} {self.count}"
