"""What is kept in memory of a call is what stands in the database."""

import pytest
from django.db import connection

from consultations.models import Consultation, Question, Section
from principles.models import Principle, PrincipleVersion, Sentence
from submissions import calls


def edition():
    return Consultation.objects.values_list("edition", flat=True).get()


def by_sql(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


CHANGES = {
    "the call": "UPDATE consultations_consultation SET closes_at = closes_at + '1 day'",
    "a section": "UPDATE consultations_section SET title = 'Other' WHERE number = 1",
    "a question": "UPDATE consultations_question SET wording = 'Why?' WHERE code = '1.1'",
    "a question less": "DELETE FROM consultations_question WHERE code = '5.1'",
    "a principle": "UPDATE principles_principle SET title = 'Other' WHERE number = 1",
    "a version": "UPDATE principles_principleversion SET number = 7",
    "a wording": "INSERT INTO submissions_emailwording"
    " (consultation_id, letter, number, subject, body, written_at)"
    " SELECT id, 'acknowledgement', 1, 'Thank you', 'We have it.', now()"
    " FROM consultations_consultation",
    "a sentence": "UPDATE principles_sentence SET text = 'Other.' WHERE number = 1",
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_to_what_is_asked_makes_another_edition(consultation, change):
    before = edition()

    by_sql(change)

    assert edition() != before


def test_a_question_that_was_changed_is_asked_at_once(ada):
    ada.get("section/1/")
    Question.objects.filter(code="1.1").update(wording="Has anything gone well?")

    assert "1.1 Has anything gone well?" in ada.get("section/1/").content.decode()


def test_a_section_that_is_new_is_there_at_once(ada, consultation):
    ada.get()
    Section.objects.create(consultation=consultation, number=9, title="Anything else")

    assert "Anything else" in ada.get().content.decode()


def test_a_version_of_a_principle_that_is_new_is_shown_at_once(ada):
    ada.get("principles/")
    version = PrincipleVersion.objects.create(
        principle=Principle.objects.get(number=1), number=2
    )
    Sentence.objects.create(version=version, number=1, text="As it reads now.")

    assert "As it reads now." in ada.get("principles/").content.decode()


def test_a_call_that_closes_earlier_is_closed_at_once(ada, close):
    ada.get("section/1/")
    close()

    assert "closed" in ada.get("section/1/").content.decode()


def test_what_a_request_finds_out_about_its_call_stays_its_own(ada):
    calls.of(ada.submission).title = "Another"

    assert calls.of(ada.submission).title == ada.submission.consultation.title


def test_a_call_that_changes_while_it_is_read_is_not_kept(consultation, monkeypatch):
    monkeypatch.setattr(calls, "_kept", {})

    def change(execute, sql, *rest):
        if 'FROM "principles_sentence"' in sql:
            by_sql(CHANGES["a question"])
        return execute(sql, *rest)

    with connection.execute_wrapper(change):
        calls.read(consultation.pk, edition())

    assert calls._kept == {}
