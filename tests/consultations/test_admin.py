"""What staff do with the call, its sections and its questions."""

import datetime as dt

import pytest
from django.core.checks import run_checks
from django.db import connection
from django.urls import reverse

from consultations.models import PastWording, Question, Section
from submissions import services
from tests.staff import change, member_of_staff, sign_in

SECRET = "Only in a draft so far"


@pytest.fixture
def question(consultation):
    return Question.objects.get(code="4.1")


@pytest.fixture
def answered(question, draft):
    services.keep_answers(draft, {question.pk: (SECRET, "publish")})
    return question


def url_of(obj, page="change"):
    opts = obj._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_{page}", args=[obj.pk])


def list_of(model):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def confirm(client, *items):
    chosen = {
        "action": "confirm_wording",
        "_selected_action": [item.pk for item in items],
    }
    return client.post(list_of(type(items[0])), chosen)


def test_new_wording_keeps_the_old_and_who_replaced_it(
    admin_client, admin_user, answered
):
    before = answered.wording

    change(admin_client, url_of(answered), wording="What helps, and what hinders?")

    answered.refresh_from_db()
    kept = PastWording.objects.values_list("question", "wording", "replaced_by")
    assert answered.wording == "What helps, and what hinders?"
    assert list(kept) == [(answered.pk, before, admin_user.pk)]
    assert before in admin_client.get(url_of(answered)).content.decode()


def test_the_same_wording_is_no_new_one(admin_client, question):
    question.wording = "What helps?\nAnd what hinders?"
    question.save()

    change(
        admin_client,
        url_of(question),
        wording="What helps?\r\nAnd what hinders?",
        position="9",
    )

    question.refresh_from_db()
    assert question.position == 9
    assert question.wording == "What helps?\nAnd what hinders?"
    assert not PastWording.objects.exists()


def test_code_stays_once_there_are_answers(admin_client, answered):
    change(admin_client, url_of(answered), code="9.9", wording="Changed?")

    answered.refresh_from_db()
    assert (answered.code, answered.wording) == ("4.1", "Changed?")


def test_code_can_change_before_there_are_answers(admin_client, question):
    change(admin_client, url_of(question), code="9.9")

    question.refresh_from_db()
    assert question.code == "9.9"


def test_an_answered_question_cannot_be_deleted_and_shows_no_draft(
    admin_client, answered
):
    refused = admin_client.post(url_of(answered, "delete"), {"post": "yes"})
    in_bulk = {"action": "delete_selected", "_selected_action": [answered.pk]}
    page = admin_client.post(list_of(Question), in_bulk, follow=True)

    assert refused.status_code == 403
    assert SECRET not in refused.content.decode() + page.content.decode()
    assert Question.objects.filter(pk=answered.pk).exists()


def test_nothing_of_the_call_is_deleted_in_bulk(admin_client, question):
    page = admin_client.get(list_of(Question)).content.decode()

    assert "confirm_wording" in page
    assert "delete_selected" not in page


def test_a_section_with_questions_and_a_call_cannot_be_deleted(admin_client, question):
    for obj in (question.section, question.section.consultation):
        assert admin_client.get(url_of(obj, "delete")).status_code == 403


def test_a_question_that_nobody_answered_can_be_deleted(admin_client, question):
    admin_client.post(url_of(question, "delete"), {"post": "yes"})

    assert not Question.objects.filter(pk=question.pk).exists()


def test_wording_is_confirmed_from_the_list(admin_client, question):
    others = Question.objects.provisional().exclude(pk=question.pk).count()

    confirm(admin_client, question)
    confirm(admin_client, question.section)

    assert Question.objects.provisional().count() == others
    assert list(
        Section.objects.filter(is_provisional=True).values_list("number", flat=True)
    ) == [5]


def test_wording_is_confirmed_only_by_those_who_may_change_it(client, question):
    sign_in(client, member_of_staff("reader", "view_question"))

    confirm(client, question)

    question.refresh_from_db()
    assert question.is_provisional


def test_question_list_counts_answers_in_the_same_number_of_queries(
    admin_client, answered, django_assert_num_queries
):
    for term, rows in [("4.1", 1), ("", 27)]:
        with django_assert_num_queries(9):
            page = admin_client.get(list_of(Question), {"q": term})
        assert page.context["cl"].result_count == rows
    counts = {row.code: row.references for row in page.context["cl"].result_list}
    assert counts["4.1"] == 1
    assert sum(counts.values()) == 1


def dates(opens=("01/06/2026", "09:00"), closes=("27/07/2026", "23:59")):
    return {
        "opens_at_0": opens[0],
        "opens_at_1": opens[1],
        "closes_at_0": closes[0],
        "closes_at_1": closes[1],
    }


def test_dates_are_read_as_uk_time(admin_client, consultation):
    change(admin_client, url_of(consultation), **dates())

    consultation.refresh_from_db()
    assert consultation.opens_at == dt.datetime(2026, 6, 1, 8, 0, tzinfo=dt.UTC)
    assert consultation.closes_at == dt.datetime(2026, 7, 27, 22, 59, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("closes", "words"),
    [
        (
            ("25/10/2026", "01:30"),
            (
                "01:30 happens twice on that day because the clocks go back. "
                "Choose 00:59 or 02:00"
            ),
        ),
        (
            ("28/03/2027", "01:00"),
            (
                "01:00 does not exist on that day because the clocks go forward. "
                "Choose 00:59 or 02:00"
            ),
        ),
        (("31/12/9999", "23:59"), "The date must be before 2100"),
        (("31/12/1999", "23:59"), "The date must be after 1999"),
        (("01/06/2026", "09:00"), "Closing date must be after the opening date"),
        (("31/04/2027", "23:59"), "Enter a real date"),
    ],
)
def test_a_closing_time_that_cannot_be_is_refused(
    admin_client, consultation, closes, words
):
    page = change(admin_client, url_of(consultation), **dates(closes=closes))

    closes_at = consultation.closes_at
    consultation.refresh_from_db()
    assert words in page.content.decode()
    assert f'value="{closes[1]}"' in page.content.decode()
    assert consultation.closes_at == closes_at


@pytest.mark.parametrize(
    "address",
    [
        "consultations/consultation/?introduction__regex=(a%2B)%2B$",
        "consultations/section/?title__regex=(a%2B)%2B$",
        "consultations/question/?wording__iregex=(a%2B)%2B$",
        "principles/principle/?title__regex=(a%2B)%2B$",
        "consultations/question/?wording=%00",
    ],
)
def test_lists_take_no_lookup_that_they_do_not_offer(
    admin_client, consultation, address
):
    assert admin_client.get(f"/admin/{address}").status_code == 400


def test_lists_take_the_filters_that_they_offer(admin_client, question):
    page = admin_client.get(
        list_of(Question),
        {
            "is_provisional__exact": "1",
            "section__id__exact": str(question.section_id),
            "section__consultation__id__exact": str(question.section.consultation_id),
        },
    )

    assert page.context["cl"].result_count == 4


def what_the_check_says():
    """Not through the command: pytest-django's own setting for templates is an error."""
    found = run_checks(include_deployment_checks=True)
    return [message.msg for message in found if message.id == "consultations.W001"]


def test_check_names_what_waits_for_confirmation(consultation):
    [said] = what_the_check_says()

    assert said == (
        "The wording of sections 4, 5; questions 4.1, 4.2, 4.3, 4.4, 5.1, 5.2, 5.3, 5.4, "
        "5.5 waits for confirmation."
    )


def test_check_is_quiet_once_everything_is_confirmed(consultation):
    Section.objects.update(is_provisional=False)
    Question.objects.update(is_provisional=False)

    assert what_the_check_says() == []


def test_check_is_quiet_before_there_are_tables(consultation):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE consultations_section RENAME TO elsewhere")

    assert what_the_check_says() == []
