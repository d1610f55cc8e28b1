"""A query whose SQL is put together once finds what it finds when it is put together anew."""

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
