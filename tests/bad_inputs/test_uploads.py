"""Files as people, programs and attackers send them. Class U."""

import io
import json
import logging
import resource
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import pikepdf
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import settings as settings_of_hypothesis
from hypothesis import strategies as st
from PIL import Image

from submissions.files import check, checks, uploads
from submissions.files.kinds import KINDS, MAX_BYTES, MAX_FILES, MEGABYTE
from submissions.files.refusals import WORDS
from submissions.models import StoredFile
from tests.conftest import Respondent
from tests.disks import small_disk  # noqa: F401
from tests.files import (
    archive,
    doc,
    docx,
    image,
    located_photograph,
    odf,
    ole,
    pdf,
    saved,
    xls,
    xlsx,
)

from .uploading import (
    TYPE,
    assert_kept,
    assert_refused,
    names,
    refusals,
    stored,
    upload,
)

DAMAGED = "The selected file is damaged"


PASSWORD = "The selected file is protected with a password"


UNPACKS = "holds too much"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("report.pdf", pdf()),
        ("Report.PDF", pdf()),
        ("letter.docx", docx()),
        ("figures.xlsx", xlsx()),
        ("letter.odt", odf()),
        ("figures.ods", odf("spreadsheet")),
        ("slides.odp", odf("presentation")),
        ("letter.doc", doc()),
        ("figures.xls", xls((0x85, b"\0\0\0\0\0\0"), (0x1AE, b"\1\0\1\4"))),
        ("photo.jpg", image()),
        ("photo.jpeg", image()),
        ("chart.png", image("PNG")),
        ("chart.gif", image("GIF")),
        ("chart.webp", image("WEBP")),
        ("scan.tiff", image("TIFF")),
        ("figures.csv", "Place,£\r\nCalderdale,7\r\n".encode()),
        ("figures.csv", "Place,£\r\n".encode("utf-16")),
        ("notes.txt", "An old machine’s “letters”".encode("cp1252")),
    ],
)
def test_files_of_every_kind_are_kept(ada, name, content):
    assert_kept(ada, name, content)

    assert not ada.submission.attachments.get().stored.has_active_content


def test_u01_an_empty_file_is_refused(ada):
    assert_refused(ada, "empty.txt", b"", "The selected file is empty")


@pytest.mark.parametrize("content", [b"\xef\xbb\xbf", b"\xff\xfe", b" \r\n\t\r\n"])
def test_u01_a_text_that_says_nothing_is_empty(ada, content):
    assert_refused(ada, "empty.csv", content, "The selected file is empty")


def test_u03_one_byte_too_many_is_refused(ada):
    words = "The selected file must be smaller than 20MB"

    assert_refused(ada, "long.txt", b"a" * (MAX_BYTES + 1), words)


def test_u05_of_21_files_the_first_20_are_kept(ada):
    files = [(f"{number}.txt", b"%d" % number) for number in range(MAX_FILES + 1)]

    response = upload(ada, *files)

    assert response.status_code == 422
    assert refusals(response) == ["20.txt: You can upload up to 20 files"]
    assert names(ada) == [name for name, _content in files[:MAX_FILES]]


def test_u07_no_file_asks_for_one(ada):
    response = ada.post("files/")

    assert response.status_code == 422
    assert refusals(response) == ["Select a file"]


def test_u09_without_an_extension_the_content_decides(ada):
    assert_kept(ada, "report", pdf())
    assert ada.submission.attachments.get().stored.content_type == "application/pdf"


@pytest.mark.parametrize("content", [b"\x7fELF\x02\x01\x01\x00", b"MZ\x90\x00\x03"])
def test_u09_without_an_extension_a_program_is_refused(ada, content):
    assert_refused(ada, "report", content, TYPE)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("report.docx", pdf()),
        ("report.pdf", docx()),
        ("report.docx", xlsx()),
        ("report.odt", docx()),
        ("report.png", image("JPEG")),
        ("report.txt", pdf()),
        ("report.doc", docx()),
        ("report.doc", xls()),
        ("report.xls", doc()),
        ("report.ods", odf()),
        ("report.docx", doc()),
        ("report.xls", b"<table><tr><td>7</td></tr></table>"),
    ],
)
def test_u11_extension_and_content_must_agree(ada, name, content):
    assert_refused(ada, name, content, TYPE)


@pytest.mark.parametrize(
    "name", ["drawing.svg", "page.html", "run.exe", "run.js", "pack.zip", "x.heic"]
)
def test_u13_other_types_are_refused(ada, name):
    content = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"

    assert_refused(ada, name, content, TYPE)
    assert_refused(ada, "drawing.txt", content, TYPE)


def test_u15_what_stands_behind_an_image_is_not_kept(ada):
    assert_kept(ada, "photo.gif", image("GIF") + archive({"evil.class": "code"}))

    assert b"PK\x03\x04" not in stored(ada)


def test_u15_a_pdf_that_begins_as_something_else_is_refused(ada):
    assert_refused(ada, "report.pdf", archive({"a": "b"}) + pdf(), TYPE)


def acts(file):
    file.Root.OpenAction = pikepdf.Dictionary(
        S=pikepdf.Name.JavaScript, JS="app.alert(1)"
    )


def launches(file):
    file.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.Launch, F="calc.exe")


def holds_a_file(file):
    file.attachments["inside.exe"] = b"MZ"


@pytest.mark.parametrize("change", [acts, launches, holds_a_file])
def test_u17_a_pdf_that_acts_is_kept_and_staff_are_told(ada, admin_client, change):
    assert_kept(ada, "form.pdf", pdf(change))
    ada.post("about-you/", name="Ada", publication="not")
    ada.post("check/")

    page = admin_client.get(
        f"/admin/submissions/submission/{ada.submission.pk}/change/"
    )

    assert "Can run or load something when it is opened" in page.content.decode()


@pytest.mark.parametrize("extension", ["docm", "xlsm", "dotm"])
def test_u19_files_with_macros_are_refused(ada, extension):
    words = "Files with macros are not allowed"

    assert_refused(ada, f"letter.{extension}", docx(), words)
    with_macros = docx(word__vbaProject_dot_bin="code")
    assert_refused(ada, "letter.docx", with_macros, words)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("letter.doc", doc(folders=["Macros"])),
        ("figures.xls", xls(folders=["_VBA_PROJECT_CUR"])),
        ("figures.xls", xls((0x85, b"\0\0\0\0\0\1"))),
        ("figures.xlsx", xlsx(xl__macrosheets__sheet1_dot_xml="<sheet/>")),
        ("letter.odt", odf(Basic__Standard__Module="code")),
        ("letter.odt", odf(Scripts__python__run="code")),
    ],
    ids=["doc", "xls", "macro sheet", "macro sheet of today", "odt", "odt script"],
)
def test_u19_macros_are_found_in_every_kind_of_file(ada, name, content):
    assert_refused(ada, name, content, "Files with macros are not allowed")


def test_u21_a_template_from_elsewhere_is_kept_and_marked(ada):
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
        'relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/'
        'officeDocument/2006/relationships/attachedTemplate" TargetMode="External" '
        'Target="http://evil.example/t.dotm"/></Relationships>'
    )

    assert_kept(
        ada, "letter.docx", docx(word___rels__settings_dot_xml_dot_rels=relations)
    )

    assert ada.submission.attachments.get().stored.has_active_content


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("letter.docx", docx(word__embeddings__oleObject1_dot_bin="MZ")),
        ("letter.docx", docx(word__embeddings__table_dot_xlsx=xlsx())),
        ("figures.xlsx", xlsx(xl__externalLinks__externalLink1_dot_xml="<link/>")),
        ("letter.doc", doc(folders=["ObjectPool"])),
        ("figures.xls", xls((0x1AE, b"\1\0\5\0other"))),
        (
            "letter.odt",
            odf(**{"styles.xml": '<x xmlns:draw="urn:draw"><draw:object-ole/></x>'}),
        ),
    ],
    ids=["object", "table of a chart", "link", "doc object", "xls link", "odt object"],
)
def test_what_is_inside_or_elsewhere_is_kept_and_marked(ada, name, content):
    assert_kept(ada, name, content)

    assert ada.submission.attachments.get().stored.has_active_content


def test_u23_a_plain_archive_is_no_word_file(ada):
    assert_refused(ada, "letter.docx", archive({"notes.txt": "Evidence"}), TYPE)


def test_u25_archives_inside_and_archives_without_end_are_refused(ada):
    nested = docx(word__media__more_dot_zip=archive({"a": "b"}))
    crowd = docx(**{f"word__{number}": "" for number in range(2_500)})
    bomb = docx(word__media__x_dot_bin=b"\0" * (150 * MEGABYTE))

    for content in (nested, crowd, bomb):
        assert_refused(ada, "letter.docx", content, UNPACKS)


def zip_entry(name, *, mode=0, flags=0):
    """Return a Word file with an entry that its writer had ideas about."""
    out = io.BytesIO(docx())
    with zipfile.ZipFile(out, "a") as made:
        entry = zipfile.ZipInfo(name)
        entry.external_attr = mode << 16
        made.writestr(entry, "<document>Another text</document>")
    content = bytearray(out.getvalue())
    # The flags of an entry stand in the list at the end, eight bytes after its mark.
    content[content.rindex(b"PK\x01\x02") + 8] |= flags
    return bytes(content)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (zip_entry("word/link.bin", mode=stat.S_IFLNK | 0o777), DAMAGED),
        (zip_entry("../../outside.bin"), DAMAGED),
        (zip_entry("/outside.bin"), DAMAGED),
        (zip_entry("WORD/document.xml"), DAMAGED),
        (zip_entry("word/locked.bin", flags=1), PASSWORD),
    ],
    ids=["link", "above", "from the root", "twice", "locked"],
)
def test_entries_that_lead_elsewhere_are_refused(ada, content, words):
    assert_refused(ada, "letter.docx", content, words)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("letter.docx", ole({"EncryptedPackage": b"secret"})),
        ("figures.xlsx", ole({"EncryptedPackage": b"secret"})),
        ("letter.doc", doc(flags=0x0100)),
        ("figures.xls", xls((0x2F, b"\0\0"))),
        ("letter.odt", odf(manifest="<manifest><encryption-data/></manifest>")),
    ],
    ids=["docx", "xlsx", "doc", "xls", "odt"],
)
def test_files_that_are_locked_are_refused(ada, name, content):
    assert_refused(ada, name, content, PASSWORD)


@pytest.mark.parametrize(
    "entities",
    [
        '<!ENTITY x SYSTEM "file:///etc/passwd">',
        '<!ENTITY x SYSTEM "http://127.0.0.1:9/">',
        '<!ENTITY a "aaaaaaaaaa"><!ENTITY x "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">',
    ],
)
def test_u27_entities_in_xml_are_refused(ada, entities):
    evil = f"<!DOCTYPE d [{entities}]><document>&x;</document>"

    assert_refused(ada, "letter.docx", docx(word__styles_dot_xml=evil), DAMAGED)


def test_u29_a_photograph_forgets_where_it_was_taken(ada):
    assert_kept(ada, "photo.jpg", located_photograph())

    kept = Image.open(io.BytesIO(stored(ada)))
    assert dict(kept.getexif()) == {}
    # And it is turned the way it was to be seen.
    assert kept.size == (30, 40)


def test_f30_a_file_that_needs_too_much_memory_is_refused_by_its_child_alone(tmp_path):
    large = tmp_path / "large.png"
    large.write_bytes(image("PNG", (7_000, 7_000)))
    cleaned = tmp_path / "cleaned"
    cleaned.touch()
    little = (
        "from submissions.files import check; check.MEMORY = 150 * 1024 * 1024; "
        f"check.main('png', {str(large)!r}, {str(cleaned)!r})"
    )

    child = subprocess.run(
        [sys.executable, "-c", little], capture_output=True, check=True, env={}
    )

    found = json.loads(child.stdout)
    assert found["refused"] == "damaged"
    assert found["error"] in ("MemoryError", "ImportError", "OSError")


def test_u02_a_file_of_just_under_the_limit_is_kept(ada):
    assert_kept(ada, "long.txt", b"a" * (MAX_BYTES - 1))


@pytest.mark.parametrize(
    ("name", "content_type", "content"),
    [
        ("report.pdf", "image/png", pdf()),
        ("photo.png", "text/html", image("PNG")),
        ("notes.txt", "application/x-msdownload", b"Evidence"),
        ("letter.docx", "a/b; charset=hex", docx()),
        ("letter.odt", "\xff" * 20, odf()),
    ],
)
def test_u46_what_a_browser_says_a_file_is_counts_for_nothing(
    ada, name, content_type, content
):
    sent = SimpleUploadedFile(name, content, content_type)

    response = ada.client.post(ada.url + "files/", {"files": sent, "_end": "1"})

    assert response.status_code == 302, refusals(response)
    assert ada.submission.attachments.get().stored.content_type != content_type


@settings_of_hypothesis(max_examples=25)
@given(data=st.data())
def test_any_bytes_under_any_name_are_kept_or_refused_in_words(tmp_path_factory, data):
    kind = data.draw(st.sampled_from(sorted(WHOLE_FILES)))
    content = bytearray(WHOLE_FILES[kind])
    for _change in range(data.draw(st.integers(0, 8))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place] = data.draw(st.integers(0, 255))
    content = bytes(content[: data.draw(st.integers(0, len(content)))])
    extension = data.draw(st.sampled_from([kind, kind, *KINDS, ""]))
    folder = tmp_path_factory.mktemp("any")
    (folder / "file").write_bytes(content)
    (folder / "cleaned").touch()

    found = looked_into(extension, folder / "file", folder / "cleaned")

    assert found.get("extension") in KINDS or found["refused"] in WORDS


def looked_into(*file):
    """Return what the child would print."""
    try:
        return check.look_inside(*file)
    except checks.Refused as refusal:
        return {"refused": refusal.code}
    except Exception:
        return {"refused": "damaged"}


WHOLE_FILES = {
    "pdf": pdf(),
    "docx": docx(),
    "odt": odf(),
    "jpg": image(),
    "png": image("PNG"),
    "doc": doc(),
    "csv": b"Place,Number\r\nCalderdale,7\r\n",
}


def test_u47_an_upload_that_was_cut_off_keeps_nothing(ada):
    file = SimpleUploadedFile("notes.txt", b"Evidence")

    response = ada.client.post(ada.url + "files/", {"files": file})

    assert response.status_code == 422
    assert "Your connection was interrupted" in response.content.decode()
    assert names(ada) == []


def test_u49_a_file_that_another_tab_removed_is_not_sent(ada):
    assert_kept(ada, "notes.txt", b"Evidence")
    ada.post("about-you/", name="Ada", publication="not")
    ada.post("section/1/", answer__1__1="Yes.")
    key = ada.submission.attachments.get().key

    ada.post(f"files/{key}/remove/")
    ada.post("check/")

    assert ada.saved().is_submitted
    assert "notes.txt" not in ada.get("copy/").content.decode()


def test_u51_a_full_disk_says_so_and_keeps_nothing_half(ada, monkeypatch):
    # The disk as the outside world: only its size is made up.
    usage = type("Usage", (), {"total": 100, "used": 100, "free": 0})
    monkeypatch.setattr(uploads.shutil, "disk_usage", lambda _folder: usage)

    response = upload(ada, ("notes.txt", b"Evidence"))

    assert response.status_code == 507
    assert names(ada) == []
    assert not StoredFile.objects.exists()
    assert list(Path(settings.QUARANTINE_ROOT).iterdir()) == []


def test_u51_a_write_that_fails_keeps_nothing_half(ada):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    # The kernel refuses to write more, as it does on a full disk.
    resource.setrlimit(resource.RLIMIT_FSIZE, (MEGABYTE, hard))
    try:
        response = upload(ada, ("notes.txt", b"Evidence\n" * MEGABYTE))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert response.status_code == 507
    assert "We have no room for files just now" in refusals(response)[0]
    assert names(ada) == []
    assert list(Path(settings.QUARANTINE_ROOT).iterdir()) == []


@pytest.mark.parametrize("which", ["MEDIA_ROOT", "QUARANTINE_ROOT"])
def test_u51_a_disk_that_fills_up_keeps_nothing_half(
    ada,
    settings,
    small_disk,  # noqa: F811
    which,
):
    setattr(settings, which, small_disk)

    response = upload(ada, ("notes.txt", b"Evidence\n" * (MEGABYTE // 3)))

    assert response.status_code == 507
    assert names(ada) == []
    assert not StoredFile.objects.exists()
    assert list(small_disk.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("cut.pdf", pdf()[:-200], DAMAGED),
        ("cut.docx", docx()[:-40], DAMAGED),
        ("cut.png", image("PNG", (400, 300))[:-60], DAMAGED),
        (
            "locked.pdf",
            saved(
                pikepdf.open(io.BytesIO(pdf())),
                encryption=pikepdf.Encryption(owner="o", user="u"),
            ),
            PASSWORD,
        ),
        ("flood.png", image("PNG", (9000, 9000)), "50 million pixels or fewer"),
        ("notes.txt", b"a\x00b", TYPE),
        ("notes.csv", b"\x7fELF\x02\x01\x01\x00", TYPE),
        ("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000, DAMAGED),
        ("page.txt", b"<!doctype html><script>alert(1)</script>", TYPE),
    ],
)
def test_files_that_are_broken_or_closed_are_refused(ada, name, content, words):
    assert_refused(ada, name, content, words)


def test_a_good_file_is_kept_beside_a_bad_one(ada):
    response = upload(ada, ("good.txt", b"Evidence"), ("bad.exe", b"MZ"))

    assert response.status_code == 422
    assert [error[:9] for error in refusals(response)] == ["bad.exe: "]
    assert names(ada) == ["good.txt"]


def test_two_files_of_one_name_are_told_apart(ada):
    upload(ada, ("notes.txt", b"One"), ("notes.txt", b"Two"))

    assert names(ada) == ["notes.txt", "notes (2).txt"]


def test_a_second_click_on_a_name_that_was_taken_attaches_nothing_twice(ada):
    for content in (b"One", b"Two", b"Two"):
        upload(ada, ("notes.txt", content))

    assert names(ada) == ["notes.txt", "notes (2).txt"]


def test_equal_files_of_different_names_are_both_kept(ada):
    upload(ada, ("notes.txt", b"Evidence"), ("copy.txt", b"Evidence"))

    assert names(ada) == ["notes.txt", "copy.txt"]


def test_a_second_click_attaches_nothing_twice(ada):
    upload(ada, ("notes.txt", b"Evidence"))
    upload(ada, ("notes.txt", b"Evidence"))

    assert names(ada) == ["notes.txt"]
    assert StoredFile.objects.count() == 1


def test_a_file_of_somebody_else_is_not_to_be_had(ada, client, consultation, caplog):
    assert_kept(ada, "secret-name.txt", b"Evidence")
    url = f"{ada.url}files/{ada.submission.attachments.get().key}/"
    stranger = type(client)()
    stranger.post(f"/calls/{consultation.slug}/start/")
    mine = Respondent(stranger)
    key = ada.submission.attachments.get().key

    with caplog.at_level(logging.WARNING):
        answers = [stranger.get(url), mine.get(f"files/{key}/")]

    assert [answer.status_code for answer in answers] == [404, 404]
    # It is logged, and not by what it is called.
    assert "Not Found" in caplog.text
    assert "secret-name" not in caplog.text
