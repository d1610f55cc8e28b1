"""A query whose SQL is put together once finds what it finds when it is put together anew."""

import datetime as dt

import pytest
from django.db import connection
from django.db.models import Count, F, JSONField, Value
from django.db.models.functions import Now

from outbox.models import OutgoingEmail
from outbox.prepared import Prepared
from submissions import services
from submissions.compiled import compiled
from submissions.models import Answer, Submission
from tests.submissions.sent import make_sent


@compiled
def answers(submission, section):
    return Answer.objects.filter(submission=submission, question__section=section)


@compiled
def with_edition(key):
    return Submission.objects.with_edition().filter(key=key)


@compiled
def begun_lately(call):
    since = Now() - dt.timedelta(hours=1)
    begun = Submission.objects.filter(consultation=call, created_at__gt=since)
    return begun.annotate(begun_at=F("created_at")).order_by()


def test_it_finds_the_rows_of_the_values_that_it_is_given(consultation):
    one = make_sent(consultation, answers={"1.1": "Yes.", "1.2": "No.", "2.1": "Hm."})
    other = make_sent(consultation, answers={"1.1": "Never."})
    section = consultation.sections.get(number=1)

    found = [answers(of.pk, section.pk) for of in (one, other, one)]

    assert [{answer.text for answer in rows} for rows in found] == [
        {"Yes.", "No."},
        {"Never."},
        {"Yes.", "No."},
    ]


def test_it_gives_what_the_queryset_adds_to_its_rows(consultation):
    draft = services.start(consultation)

    [found] = with_edition(draft.key)

    assert found == draft
    assert found.edition == Submission.objects.with_edition().get().edition


def test_it_finds_nothing_where_there_is_nothing(consultation):
    assert answers(1, 1) == []


def test_it_keeps_the_values_that_stand_in_the_queryset(consultation):
    draft = services.start(consultation)

    [found] = begun_lately(consultation.pk)

    assert (found, found.begun_at) == (draft, draft.created_at)


@compiled
def emails_counted():
    words = Value("words", output_field=JSONField())
    return OutgoingEmail.objects.annotate(words=words, count=Count("to_email"))


@pytest.mark.django_db
def test_it_converts_what_django_converts():
    given = {
        "key": "a",
        "kind": "note",
        "to_email": "a@example.org",
        "context": {"b": [1]},
    }
    email = OutgoingEmail.objects.create(**given)

    [found] = emails_counted()

    assert found == email
    assert (found.context, found.words, found.count) == ({"b": [1]}, "words", 1)


def test_a_name_that_postgresql_would_cut_is_refused():
    with pytest.raises(ValueError, match="a{64}"):
        Prepared("a" * 64, "SELECT $1")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("times", [1, 3])
def test_a_new_connection_prepares_it_once(times):
    connection.close()

    for _ in range(times):
        assert answers(1, 1) == []

    assert prepared() == [("tests.submissions.test_compiled.answers", times)]


def prepared():
    """Return what this connection has prepared, and how often each was executed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, generic_plans + custom_plans FROM pg_prepared_statements"
        )
        return cursor.fetchall()
