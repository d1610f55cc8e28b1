from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from submissions.models import Submission


class SearchDocument(models.Model):
    """What one submission is found by. Kept by the database, and written by nobody else.

    Its triggers stand in migration 0003; docs/decisions/0015 says why they do.
    """

    submission = models.OneToOneField(
        Submission, on_delete=models.CASCADE, primary_key=True, related_name="search"
    )
    # Every word that was sent, stemmed and without accents.
    words = SearchVectorField()
    # Reference, organisation, name and address, a line each, for parts of words.
    who = models.TextField()
    word_count = models.PositiveIntegerField()
    # Ids of the questions answered; of the principles that something was said about,
    # with 0 for the principles as a whole.
    questions = ArrayField(models.BigIntegerField())
    principles = ArrayField(models.BigIntegerField())
    has_items = models.BooleanField()
    has_files = models.BooleanField()

    class Meta:
        default_permissions = []
        indexes = [
            GinIndex(name="review_search_words", fields=["words"]),
            GinIndex(
                name="review_search_who", fields=["who"], opclasses=["gin_trgm_ops"]
            ),
            GinIndex(name="review_search_questions", fields=["questions"]),
            GinIndex(name="review_search_principles", fields=["principles"]),
            # Without the id, by which it would be taken for an index of ids.
            models.Index(name="review_search_by_length", fields=["-word_count"]),
        ]

    def __str__(self):
        return str(self.submission_id)
