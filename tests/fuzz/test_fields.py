"""What holds for every box of every form, whatever is typed: made up by hypothesis.

The forms are found by walking their classes, and the admin's registry: a box of a new form
is tried without anybody writing a test for it.
"""

import re
import unicodedata

import pytest
from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.test import RequestFactory
from django.urls import get_resolver
from django.utils.datastructures import MultiValueDict
from hypothesis import given
from hypothesis import strategies as st

from consultations.addresses import AddressFormField
from consultations.forms import DayField, LinesField, SmallNumberField, UKMomentField
from submissions.fields import (
    AddressOrReferenceField,
    LineField,
    LinkField,
    TextAnswerField,
)

from . import nasty

OURS = {"keepitlocal", "review", "submissions", "principles", "consultations", "outbox"}
REFUSED = object()

texts = st.one_of(
    st.text(max_size=60),
    st.text("\0\t\n\r\x0b\x1b\x85 \xa0\u200b\ufeff\ufffda1=+-@.:/é🏡", max_size=40),
    st.sampled_from(nasty.VALUES),
    st.builds(
        lambda text, times: text * times,
        st.text(min_size=1, max_size=5),
        st.integers(1, 3_000),
    ),
)


def forms_of_ours(base=forms.BaseForm):
    """Yield every class of a form that stands in an app of ours."""
    for form_class in base.__subclasses__():
        if form_class.__module__.split(".")[0] in OURS:
            yield form_class
        yield from forms_of_ours(form_class)


def forms_of_admin(request):
    for model_admin in admin.site._registry.values():
        if model_admin.has_add_permission(request):
            yield model_admin.get_form(request)


def every_field(request):
    """Return each field of each form, by a name to report it by."""
    # Whatever has an address is imported by this.
    assert get_resolver().url_patterns
    return {
        f"{form_class.__name__}.{name}": field
        for form_class in [*forms_of_ours(), *forms_of_admin(request)]
        for name, field in form_class.base_fields.items()
    }


@pytest.fixture
def fields(admin_user):
    request = RequestFactory().get("/")
    request.user = admin_user
    return {
        name: field
        for name, field in every_field(request).items()
        # What is chosen among rows asks the database; the pages are for that.
        if not isinstance(field, forms.ModelChoiceField)
    }


def cleaned(field, typed):
    """Return what a field makes of what is typed into its boxes, or REFUSED."""
    boxes = MultiValueDict({name: [typed] for name in ("box", "box_0", "box_1")})
    try:
        return field.clean(
            field.widget.value_from_datadict(boxes, MultiValueDict(), "box")
        )
    except ValidationError:
        return REFUSED


def test_there_are_fields_of_every_kind(fields):
    kinds = {type(field) for field in fields.values()}

    assert len(fields) > 80
    assert {TextAnswerField, LineField, AddressFormField, SmallNumberField} < kinds
    assert {UKMomentField, DayField, LinesField, LinkField} < kinds


@given(typed=texts)
def test_no_field_breaks_and_what_it_takes_it_takes_again(fields, typed):
    for name, field in fields.items():
        value = cleaned(field, typed)

        if isinstance(value, str):
            assert "\0" not in value, name
            assert cleaned(field, value) == value, name


@given(typed=texts)
def test_a_text_is_kept_as_typed_by_the_published_rule(fields, typed):
    for name, field in fields.items():
        if type(field) in (TextAnswerField, LineField):
            assert cleaned(field, typed) == by_the_rule(field, typed), name


def by_the_rule(field, typed):
    """Say again, in other words, what submissions/fields.py promises."""
    if any(c == "\0" or unicodedata.category(c) == "Cs" for c in typed):
        return REFUSED
    text = re.sub("\r\n?", "\n", typed)
    text = "".join(c for c in text if c in "\t\n" or unicodedata.category(c) != "Cc")
    if isinstance(field, LineField):
        text = " ".join(text.split())
    if not any(is_seen(c) for c in text):
        text = ""
    is_missing = field.required and not text
    return REFUSED if is_missing or len(text) > field.max_characters else text


def is_seen(character):
    blank = "\u115f\u1160\u3164\uffa0\u2800\u034f\u180b\u180c\u180d\u180f"
    variation = (
        "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"
    )
    if character in blank or variation:
        return False
    return unicodedata.category(character)[0] != "Z" and unicodedata.category(
        character
    ) not in ("Cf", "Cc")


@given(
    typed=st.one_of(texts, st.integers().map(str), st.decimals(allow_nan=True).map(str))
)
def test_a_whole_number_is_taken_and_no_other(fields, typed):
    for name, field in fields.items():
        if isinstance(field, SmallNumberField) and typed:
            value = cleaned(field, typed)
            written = re.fullmatch(r"\s*([+-]?\d+)(?:\.0*)?\s*", typed)
            is_one = written and len(written[1]) < 4_300
            number = int(written[1]) if is_one else -1
            expected = number if 0 <= number <= field.max_value else REFUSED
            assert value == expected, name


days = st.dates().map(lambda day: f"{day:%d/%m/}{day.year:04}")
clocks = st.times().map(lambda clock: f"{clock:%H:%M}")


@given(day=st.one_of(days, texts), clock=st.one_of(clocks, texts))
def test_a_moment_is_of_this_century_or_refused(fields, day, clock):
    for name, field in fields.items():
        if isinstance(field, UKMomentField):
            try:
                moment = field.clean([day, clock])
            except ValidationError:
                continue
            if moment:
                assert 1999 <= moment.year <= 2099, name
                assert moment.utcoffset().total_seconds() == 0, name


@given(typed=st.one_of(texts, st.emails()))
def test_an_address_is_one_that_mail_servers_take(fields, typed):
    for name, field in fields.items():
        if isinstance(field, AddressFormField) and not isinstance(
            field, AddressOrReferenceField
        ):
            address = cleaned(field, typed)
            if address not in (REFUSED, ""):
                local, _at, domain = address.rpartition("@")
                assert address == typed.strip(), name
                assert local.isascii(), name
                assert len(address) <= 254, name
                assert "." in domain, name
                assert not re.search(r'[\s"<>,;\x00-\x1f]', address), name
