from django.db import models
from django.utils.encoding import force_str


class Labelled(models.Model):
    """A model whose `get_..._display` look up one label.

    Django's make a hashable copy of all choices first, and so translate each of them:
    on the page to check before sending that was a twentieth of its time.
    """

    class Meta:
        abstract = True

    def _get_FIELD_display(self, field):
        value = getattr(self, field.attname)
        labels = dict(field.flatchoices)
        return force_str(labels.get(value, value), strings_only=True)
