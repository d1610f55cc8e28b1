"""What respondents said, text by text."""

import pytest

from consultations.models import Question
from review.said import said_by, said_in
from submissions.models import Confidence, EvidenceItem
from tests.submissions.sent import make_sent


@pytest.fixture
def riverside(consultation):
    submission = make_sent(
        consultation,
        answers={"2.3": "A grant did it.", "1.1": "Eleven became three."},
        comments={2: ("agree", "Plainly so."), 4: ("disagree", "")},
        general="Keep going.",
    )
    version = submission.principle_comments.exclude(version=None).first().version
    submission.sentence_comments.create(
        sentence=version.sentences.get(number=1),
        comment="Vague.",
        suggestion="Think local first.",
        confidence=Confidence.LOCALITY_ONLY,
    )
    EvidenceItem.objects.create(
        submission=submission, title="Costs", details="They fell."
    )
    return submission


def test_texts_stand_in_the_order_of_the_call(riverside):
    places = [said.place for said in said_in(riverside)]

    item = riverside.items.get()
    assert places == [
        "question-1-1",
        "question-2-3",
        "principle-2-v1",
        "principles",
        "sentence-2-v1-1",
        "sentence-2-v1-1-wording",
        f"item-{item.key}",
    ]


def test_a_text_knows_what_it_is_about(riverside):
    answer, *_others = said_in(riverside)

    question = Question.objects.get(code="1.1")
    assert answer.code == "1.1"
    assert answer.text == "Eleven became three."
    assert (answer.question, answer.version) == (question.pk, None)


def test_a_text_keeps_the_confidence_that_it_was_said_in(riverside):
    [wording] = [one for one in said_in(riverside) if one.place.endswith("-wording")]

    assert wording.confidence == Confidence.LOCALITY_ONLY


def test_many_take_as_many_queries_as_one(
    riverside, consultation, django_assert_num_queries
):
    others = [make_sent(consultation, answers={"1.2": "So."}) for _ in range(2)]

    with django_assert_num_queries(4):
        said_by([riverside.pk])
    with django_assert_num_queries(4):
        found = said_by([riverside.pk, *(other.pk for other in others)])

    assert [said.text for said in found[others[0].pk]] == ["So."]
