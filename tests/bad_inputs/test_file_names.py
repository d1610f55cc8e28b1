"""What files may be called, and what is made of it. Class U."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from submissions.files import names as names_of_files

from .uploading import TYPE, assert_kept, assert_refused, names, refusals, upload_as


def test_u44_a_name_is_shown_as_text_and_breaks_no_header(ada):
    name = "<img src=x onerror=alert(1)>';filename=evil.exe.txt"
    assert_kept(ada, name, b"Evidence")

    page = ada.get("items/").content.decode()
    download = ada.get(f"files/{ada.submission.attachments.get().key}/")
    b"".join(download)

    assert "<img src=x" not in page
    assert "&lt;img src=x" in page
    assert download["Content-Disposition"].count("attachment") == 1


@given(name=st.text(max_size=300))
def test_any_name_is_shown_whole_or_asked_for(name):
    shown = names_of_files.clean(name)

    assert len(shown) <= 200
    assert not re.search(r"[/\\\x00-\x1f\x7f-\x9f\u202a-\u202e]", shown)
    assert names_of_files.clean(shown) == shown


@pytest.mark.parametrize(
    ("disposition", "shown"),
    [
        ('filename="../../etc/passwd"', "passwd"),
        ('filename="C:\\\\fakepath\\\\notes.txt"', "notes.txt"),
        ("filename*=UTF-8''..%2F..%2Fx.txt", "x.txt"),
        ('filename="a.php\x00.txt"', "a.php.txt"),
        ('filename="😀.txt"', "😀.txt"),
        ('filename="notes\u202etxt.exe.txt"', "notestxt.exe.txt"),
    ],
    ids=["U35", "fakepath", "U45", "U39", "U41", "direction"],
)
def test_names_are_shown_without_folders_and_never_used_to_store(
    ada, disposition, shown
):
    response = upload_as(ada, disposition)

    assert response.status_code == 302, refusals(response)
    attachment = ada.submission.attachments.get()
    assert attachment.name == shown
    assert set(attachment.stored.name) <= set("0123456789abcdef")


@pytest.mark.parametrize("name", ["..", ".", "/", " ", "\u202e"])
def test_u37_a_name_that_shows_nothing_is_asked_for(ada, name):
    response = upload_as(ada, f'filename="{name}"')

    assert response.status_code == 422
    assert refusals(response) == ["The selected file must have a name"]


def test_u37_a_file_without_any_name_is_asked_for_one(ada):
    response = upload_as(ada, 'filename=""')

    assert response.status_code == 422
    assert refusals(response) == ["The selected file must have a name"]


def test_a_name_that_is_too_long_keeps_its_extension(ada):
    response = upload_as(ada, f'filename="{"long " * 60}.txt"')

    assert response.status_code == 302
    [name] = names(ada)
    assert (len(name), name[:9], name[-4:]) == (200, "long long", ".txt")


@pytest.mark.parametrize("name", ["CON.txt", "nul", "com1.csv"])
def test_u43_names_that_windows_takes_for_a_device_are_refused(ada, name):
    assert_refused(ada, name, b"Evidence", "has a name that some computers cannot open")


@pytest.mark.parametrize("name", [".htaccess", "web.config"])
def test_u43_files_that_rule_a_server_are_refused(ada, name):
    assert_refused(ada, name, b"Evidence", TYPE)
