"""Numbers in forms, in addresses, in JSON and in pages of a list. Class N."""

import json
import time
from importlib import import_module

import pytest
from django.apps import apps
from django.db import models
from django.urls import get_resolver

from consultations.models import Question
from tests.staff import change
from tests.submissions.sent import make_sent

WHOLE = "Enter a whole number, such as 3"
HUGE = "99999999999999999999"

KEPT = {
    "N05 full-width digits": ("１２３", 123),
    "N05 Arabic digits": ("١٢٣", 123),
    "N07 plus": ("+5", 5),
    "N07 minus nothing": ("-0", 0),
    "leading zeros": ("007", 7),
    "space around": (" 12 ", 12),
    "no-break space around": ("\xa012\xa0", 12),
    "nothing behind the point": ("3.0", 3),
    "the largest": ("32767", 32_767),
}
REFUSED = {
    "N01 beyond the column": (
        "99999999999",
        "The number must be 32767 or fewer",
    ),
    "one too many": ("32768", "The number must be 32767 or fewer"),
    "below nothing": ("-1", "The number must be 0 or more"),
    "N03 5,000 digits": ("9" * 5_000, WHOLE),
    "N07 exponent": ("1e3", WHOLE),
    "N09 exponent beyond any number": ("1e999999", WHOLE),
    "fraction": ("2.5", WHOLE),
    "comma": ("1,000", WHOLE),
    "low line": ("1_000", WHOLE),
    "hexadecimal": ("0x10", WHOLE),
    "not a number": ("NaN", WHOLE),
    "infinity": ("Infinity", WHOLE),
    "superscript": ("²", WHOLE),
    "fraction sign": ("½", WHOLE),
    "nothing": ("", "This field is required."),
    "white space": ("  ", WHOLE),
}


@pytest.fixture
def question(consultation):
    return Question.objects.get(code="1.1")


def url_of(question):
    return f"/admin/consultations/question/{question.pk}/change/"


@pytest.mark.parametrize(("typed", "number"), KEPT.values(), ids=KEPT)
def test_a_number_is_kept(admin_client, question, typed, number):
    page = change(admin_client, url_of(question), position=typed)

    question.refresh_from_db()
    assert (page.status_code, question.position) == (302, number)


@pytest.mark.parametrize(("typed", "words"), REFUSED.values(), ids=REFUSED)
def test_a_number_is_refused_in_words_and_stays(admin_client, question, typed, words):
    begun = time.monotonic()

    page = change(admin_client, url_of(question), position=typed, wording="Changed too")

    before = question.position
    question.refresh_from_db()
    form = page.context["adminform"].form
    assert page.status_code == 422
    assert form.errors == {"position": [words]}
    assert form["position"].value() == typed
    assert form["wording"].value() == "Changed too"
    assert question.position == before
    assert time.monotonic() - begun < 5


@pytest.mark.parametrize(
    "length", ["9" * 5_000, HUGE, "-1", "1e999999", "1.5", "NaN", "Infinity", "null"]
)
def test_n03_numbers_in_json_do_no_harm(ada, length):
    fields = '{"answer-1-1": {"text": "Kept?", "was": "", "length": LENGTH}}'
    body = f'{{"fields": {fields.replace("LENGTH", length)}}}'

    response = ada.client.post(
        f"{ada.url}autosave/section-1/", body, content_type="application/json"
    )

    assert response.status_code == 400
    assert json.loads(response.content)["error"]
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


@pytest.mark.parametrize("number", PAGES, ids=lambda number: number[:9])
@pytest.mark.parametrize("address", LISTS)
def test_n13_any_page_is_a_page(admin_client, consultation, address, number):
    make_sent(consultation)
    url = address.format(slug=consultation.slug)

    found = {
        # What is empty may be left out of the address first.
        name: admin_client.get(f"{url}?{name}={number}", follow=True).status_code
        # The list of emails is Django's own, whose pages are called "p".
        for name in (["p"] if "/outbox/" in address else ["page", "p"])
    }

    # Control characters are refused before any page is asked.
    assert set(found.values()) == {400 if number == "%00" else 200}
