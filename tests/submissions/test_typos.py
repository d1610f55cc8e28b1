"""Mistyped addresses are pointed out, and taken all the same."""

import pytest

from submissions.typos import suggestion


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ada@gmial.com", "ada@gmail.com"),
        ("ada@hotmial.co.uk", "ada@hotmail.co.uk"),
        ("ada@gmal.com", "ada@gmail.com"),
        ("ada@gmaill.com", "ada@gmail.com"),
        ("Ada.B+c@GMIAL.com", "Ada.B+c@gmail.com"),
        ("ada@riverside.con", "ada@riverside.com"),
        ("ada@leeds.gov.ik", "ada@leeds.gov.uk"),
    ],
)
def test_a_slip_is_noticed(typed, meant):
    assert suggestion(typed) == meant


@pytest.mark.parametrize(
    "address", ["ada@gmail.com", "ada@live.com", "ada@riverside.org", "a@mail.com", ""]
)
def test_an_address_that_may_be_right_is_left_alone(address):
    assert suggestion(address) == ""


def test_every_page_that_uses_the_address_asks(ada):
    ada.post("about-you/", name="Ada", email="ada@gmial.com", publication="not")
    question = "Did you mean ada@gmail.com?"

    assert question in ada.get("about-you/").content.decode()
    assert question in ada.get("check/").content.decode()
    ada.post("save/", email="ada@gmial.com")
    assert question in ada.client.get("/resume/sent/").content.decode()
    assert ada.saved().email == "ada@gmial.com"
