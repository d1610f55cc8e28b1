"""Whoever changes calls takes turns."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from django.db import DEFAULT_DB_ALIAS, connections, transaction

from consultations.models import Consultation, Question


@pytest.mark.django_db(transaction=True)
def test_two_who_change_calls_do_not_wait_for_each_other(consultation):
    other = Consultation.objects.create(
        slug="other",
        title="Another call",
        opens_at=consultation.opens_at,
        closes_at=consultation.closes_at,
    )
    with ThreadPoolExecutor(1) as threads:
        with transaction.atomic():
            Consultation.objects.filter(pk=consultation.pk).update(title="One")
            elsewhere = threads.submit(change, other.pk)
            with pytest.raises(TimeoutError):
                elsewhere.result(timeout=1)
            Question.objects.filter(code="1.1").update(wording="Why?")
        elsewhere.result(timeout=10)

    titles = set(Consultation.objects.values_list("title", flat=True))
    assert titles == {"One", "The other"}


def change(pk):
    """Change a call and then a question, on a connection of its own."""
    with closing(connections[DEFAULT_DB_ALIAS]), transaction.atomic():
        Consultation.objects.filter(pk=pk).update(title="The other")
        Question.objects.filter(code="1.2").update(wording="What for?")
