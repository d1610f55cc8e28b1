from django.db import models


class Note(models.Model):
    text = models.TextField()
    sent_at = models.DateTimeField(null=True)

    def __str__(self):
        return self.text
