"""Text as it arrives: nothing lost, nothing changed in silence."""

import pytest
from django.core.exceptions import ValidationError

from consultations.addresses import AddressFormField
from submissions.fields import LineField, TextAnswerField


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("two\r\nlines\rand three", "two\nlines\nand three"),
        ("from\x0b Word\x01\x1b\x85", "from Word"),
        ("tab\tand\nline", "tab\tand\nline"),
        ("  room around  ", "  room around  "),
        ("\u200b\u200b", ""),
        ("\xa0", ""),
        (" \r\n\t", ""),
        ("a\u2028b", "a\u2028b"),
        ('`"><img src=x onerror=alert(1)>', '`"><img src=x onerror=alert(1)>'),
        ("{{7*7}} {% debug %} %s {0}", "{{7*7}} {% debug %} %s {0}"),
    ],
)
def test_an_answer_is_cleaned_of_what_shows_nothing(typed, kept):
    assert TextAnswerField().clean(typed) == kept


@pytest.mark.parametrize("typed", ["a\0b", "a\ud800b"])
def test_an_answer_that_cannot_be_stored_is_refused_in_words(typed):
    with pytest.raises(ValidationError) as refused:
        TextAnswerField().clean(typed)

    assert refused.value.messages == [
        "Your answer contains a character we cannot store. Remove it and try again"
    ]


@pytest.mark.parametrize("letter", ["a", "語", "🏡"])
def test_the_limit_counts_characters_however_many_bytes_they_take(letter):
    field = TextAnswerField(max_characters=10)

    assert field.clean(letter * 10) == letter * 10
    with pytest.raises(ValidationError) as refused:
        field.clean(letter * 11)
    assert refused.value.messages == [
        "Your answer must be 10 characters or fewer. You have 1 character too many"
    ]


def test_the_limit_counts_after_cleaning():
    assert TextAnswerField(max_characters=3).clean("a\r\nb") == "a\nb"


def test_a_line_is_one_line():
    assert LineField().clean(" Ada \n Lovelace ") == "Ada Lovelace"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" a@b.example\xa0", "a@b.example"),
        ("a+b@x.example", "a+b@x.example"),
        ("a@bücher.example", "a@bücher.example"),
        ("", ""),
    ],
)
def test_an_address_is_kept_as_typed(typed, kept):
    assert AddressFormField().clean(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "a@b.com,c@d.com",
        "a@[127.0.0.1]",
        "a@localhost",
        "ä@b.example",
        "a..b@x.com",
        ".a@x.com",
        "a.@x.com",
        "nonsense",
    ],
)
def test_an_address_nobody_could_deliver_to_is_refused_once(typed):
    with pytest.raises(ValidationError) as refused:
        AddressFormField().clean(typed)

    assert refused.value.messages == [
        "Enter an email address in the correct format, like name@example.com"
    ]


def test_a_very_long_address_is_refused():
    with pytest.raises(ValidationError) as refused:
        AddressFormField().clean("a" * 60 + "@" + ("b" * 60 + ".") * 4 + "example")

    assert "Email address must be 254 characters or fewer" in refused.value.messages
