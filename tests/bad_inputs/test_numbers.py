"""Numbers in forms, in addresses, in JSON and in pages of a list. Class N."""

import time
from importlib import import_module

import pytest
from django.apps import apps
from django.db import models
from django.urls import get_resolver

from consultations.models import Question
from submissions import reminders
from tests.staff import change
from tests.submissions.sent import make_sent

from .ways import autosave_json, differing, kept, outcome, refused

WHOLE = refused("Enter a whole number, such as 3")
MOST = refused("The number must be 32767 or fewer")
LEAST = refused("The number must be 0 or more")
HUGE = "99999999999999999999"

NUMBERS = {
    "N01 beyond the column": ("99999999999", MOST),
    "N01 one too many": ("32768", MOST),
    "N01 the largest": ("32767", kept(32_767)),
    "N02 below nothing": ("-1", LEAST),
    "N02 far below": ("-99999999999", LEAST),
    "N02 nothing": ("0", kept(0)),
    "N03 5,000 digits": ("9" * 5_000, WHOLE),
    "N04 not a number": ("NaN", WHOLE),
    "N04 infinity": ("Infinity", WHOLE),
    "N04 minus infinity": ("-inf", WHOLE),
    "N05 full-width digits": ("１２３", kept(123)),
    "N05 Arabic digits": ("١٢٣", kept(123)),
    "N05 superscript": ("²", WHOLE),
    "N05 fraction sign": ("½", WHOLE),
    "N05 Roman": ("Ⅷ", WHOLE),
    "N06 low line": ("1_000", WHOLE),
    "N06 comma": ("1,000", WHOLE),
    "N06 apostrophe": ("1'000", WHOLE),
    "N06 space within": ("1 000", WHOLE),
    "N07 plus": ("+5", kept(5)),
    "N07 minus nothing": ("-0", kept(0)),
    "N07 exponent": ("1e3", WHOLE),
    "N07 a minus of print": ("\u22125", WHOLE),
    "N08 leading zeros": ("007", kept(7)),
    "N08 space around": (" 12 ", kept(12)),
    "N08 no-break space around": ("\xa012\xa0", kept(12)),
    "N08 line end after": ("12\r\n", kept(12)),
    "N09 exponent beyond any number": ("1e999999", WHOLE),
    "N10 fraction": ("2.5", WHOLE),
    "N10 nothing behind the point": ("3.0", kept(3)),
    "N10 fraction with a comma": ("2,5", WHOLE),
    "N12 hexadecimal": ("0x10", WHOLE),
    "N12 octal": ("0o17", WHOLE),
    "N12 nothing typed": ("", refused("This field is required.")),
    "N12 white space": ("  ", WHOLE),
    "N12 words": ("three", WHOLE),
    "N12 NUL": ("3\0", WHOLE),
    "N12 formula": ("=1+1", WHOLE),
}


@pytest.fixture
def question(consultation):
    return Question.objects.get(code="1.1")


def test_every_number_is_kept_or_refused_in_words_and_stays(
    admin_client, question, counted
):
    def sent(typed):
        Question.objects.filter(pk=question.pk).update(position=1)
        url = f"/admin/consultations/question/{question.pk}/change/"
        begun = time.monotonic()
        response = change(admin_client, url, position=typed)
        assert time.monotonic() - begun < 5
        return outcome(response, typed, position, 1)

    def position():
        question.refresh_from_db()
        return question.position

    assert differing(NUMBERS, sent, counted) == {}


DAYS = refused("Write whole numbers of days, like 14, 7, 1")
RANGE = refused("Write days from 1 to 90")
LADDERS = {
    "as it is meant": ("14, 7, 1", kept([14, 7, 1])),
    "in any order": ("1; 14\n7", kept([14, 7, 1])),
    "twice": ("7, 7", kept([7])),
    "N01 too many": ("99999999999", DAYS),
    "N01 beyond a quarter": ("91", RANGE),
    "N02 below nothing": ("-1", DAYS),
    "N02 nothing": ("0", RANGE),
    "N03 5,000 digits": (
        "9" * 5_000,
        refused(
            "Days before closing must be 100 characters or fewer. "
            "You have 4,900 characters too many"
        ),
    ),
    "N05 digits of another script": ("１４", DAYS),
    "N07 exponent": ("1e1", DAYS),
    "N10 fraction": ("1.5", DAYS),
    "N12 words": ("a week", DAYS),
}


def test_every_ladder_of_days_is_kept_or_refused_in_words(
    admin_client, consultation, counted
):
    url = f"/admin/emails/{consultation.slug}/reminders/"

    def sent(typed):
        reminders.set_ladder(consultation, [30])
        return outcome(admin_client.post(url, {"days": typed}), typed, days, [30])

    def days():
        return list(reminders.ladder_of(consultation))

    assert differing(LADDERS, sent, counted) == {}


LENGTHS = ["9" * 5_000, HUGE, "-1", "1e999999", "1.5", "NaN", "Infinity", "null", '"5"']


def test_n03_numbers_in_json_do_no_harm(ada, counted):
    body = '{"fields": {"answer-1-1": {"text": "Kept?", "was": "", "length": %s}}}'

    answers = [autosave_json(ada, "section-1", body % length) for length in LENGTHS]

    counted(len(LENGTHS))
    assert {answer.status_code for answer in answers} == {400}
    assert all(answer.json()["error"] for answer in answers)
    assert ada.answers() == {}


def test_n09_no_column_holds_a_number_of_any_size():
    unbounded = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.DecimalField | models.FloatField)
        and model.__module__.split(".")[0] in ("consultations", "submissions", "review")
    ]

    assert unbounded == []


def addresses_with_numbers(patterns, before="/"):
    """Yield each address of the site that a number is in, with one far too large."""
    for pattern in patterns:
        path = before + str(pattern.pattern).lstrip("^").rstrip("$")
        if hasattr(pattern, "url_patterns"):
            yield from addresses_with_numbers(pattern.url_patterns, path)
        elif "<int:" in path or "<path:object_id>" in path:
            yield path


def filled(path, submission):
    for converter, value in {
        "<path:object_id>": HUGE,
        "<uuid:key>": str(submission.key),
        "<slug:slug>": submission.consultation.slug,
        "<slug:half>": "with-name",
    }.items():
        path = path.replace(converter, value)
    while "<int:" in path:
        head, _number, tail = path.partition("<int:")
        path = head + HUGE + tail.partition(">")[2]
    return path


def test_n11_a_number_beyond_any_row_is_not_found(
    admin_client, ada, consultation, settings
):
    urls = import_module(settings.ROOT_URLCONF)
    assert urls.urlpatterns
    sent = make_sent(consultation)
    paths = sorted(set(addresses_with_numbers(get_resolver().url_patterns)))
    answers = {}
    for path in paths:
        client, whose = (
            (admin_client, sent)
            if path.startswith("/admin/")
            else (ada.client, ada.submission)
        )
        address = filled(path, whose)
        answers[path] = {
            client.get(address).status_code,
            client.post(address).status_code,
        }

    assert len(paths) > 20
    # Django's own pages lead back when there is no such row, or refuse before they look.
    unexpected = {
        path: found
        for path, found in answers.items()
        if not found <= {302, 403, 404, 405}
    }
    assert unexpected == {}


LISTS = [
    "/admin/submissions/submission/",
    "/admin/consultations/question/",
    "/admin/outbox/outgoingemail/",
    "/admin/exports/",
    "/admin/intake/",
    "/admin/publishing/",
    "/admin/selections/",
    "/admin/audit/",
    "/admin/auth/user/",
    "/calls/{slug}/responses/",
]
PAGES = ["0", "-1", "99999999", "abc", "", "1.5", "9" * 3_000, "１", "%00", "1e3"]


@pytest.mark.parametrize("address", LISTS)
def test_n13_any_page_is_a_page(admin_client, consultation, address, counted):
    make_sent(consultation)
    url = address.format(slug=consultation.slug)
    # The list of emails is Django's own, whose pages are called "p".
    names = ["p"] if "/outbox/" in address else ["page", "p"]

    found = {
        (name, number): admin_client.get(
            # What is empty may be left out of the address first.
            f"{url}?{name}={number}",
            follow=True,
        ).status_code
        for name in names
        for number in PAGES
    }

    counted(len(found))
    # Control characters are refused before any page is asked.
    assert found == {
        (name, number): 400 if number == "%00" else 200
        for name in names
        for number in PAGES
    }
