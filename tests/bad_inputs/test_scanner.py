"""Files and the virus scanner: U31 to U34, F29."""

import contextlib
import io
import socket
import threading
import time
import zipfile

import pytest

from submissions.files import scanner
from tests.files import (
    docx,
)

from .uploading import (
    assert_kept,
    assert_refused,
)

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Scanner:
    """Speaks clamd's INSTREAM on a free port, and finds what holds EICAR's line.

    Or gives one answer to everything; a letter every so many seconds. Takes no more than
    `limit` bytes, and then ends the connection as clamd does.
    """

    def __init__(self, answer=None, *, slowly=0, limit=10**9):
        self.answer, self.slowly, self.limit = answer, slowly, limit

    def __enter__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"tcp://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *error):
        self.listener.close()

    def _serve(self):
        while True:
            with contextlib.suppress(ConnectionError):
                try:
                    connection, _address = self.listener.accept()
                except OSError:
                    return
                with connection, connection.makefile("rb") as asked:
                    self._say(connection, self._look_at(asked))

    def _look_at(self, asked):
        assert asked.read(10) == b"zINSTREAM\0"
        content = b""
        while size := int.from_bytes(asked.read(4), "big"):
            content += asked.read(size)
            if len(content) > self.limit:
                return b"INSTREAM size limit exceeded. ERROR\0"
        is_virus = b"EICAR-STANDARD-ANTIVIRUS" in content
        found = b"Eicar-Signature FOUND" if is_virus else b"OK"
        return b"stream: " + found + b"\0"

    def _say(self, connection, found):
        for letter in found if self.answer is None else self.answer:
            connection.sendall(bytes([letter]))
            time.sleep(self.slowly)


def test_u31_a_virus_is_refused(ada, settings):
    with Scanner() as clamd:
        settings.CLAMAV_URL = clamd.url

        assert_refused(ada, "notes.txt", EICAR, "The selected file contains a virus")
        assert_kept(ada, "clean.txt", b"Evidence")

    assert ada.submission.attachments.get().stored.scanned_at


def test_u33_without_its_scanner_nothing_is_kept(ada, settings):
    ada.post("section/1/", answer__1__1="Kept all the same")
    settings.CLAMAV_URL = "tcp://127.0.0.1:9"
    words = (
        "We could not check your file. Your answers are saved. Try again in a few "
        "minutes"
    )

    assert_refused(ada, "notes.txt", b"Evidence", words)
    assert ada.answers() == {"1.1": "Kept all the same"}


@pytest.mark.parametrize(
    "answer", [b"INSTREAM size limit exceeded. ERROR\0", b"", b"stream: OKAY\0"]
)
def test_u33_a_scanner_that_gives_no_clear_answer_lets_nothing_through(
    ada, settings, answer
):
    with Scanner(answer) as clamd:
        settings.CLAMAV_URL = clamd.url

        assert_refused(ada, "notes.txt", b"Evidence", "We could not check your file")


def test_u33_a_scanner_that_takes_its_time_is_waited_for(ada, settings):
    with Scanner(slowly=0.02) as clamd:
        settings.CLAMAV_URL = clamd.url

        assert_kept(ada, "notes.txt", b"Evidence")


def test_u33_a_scanner_that_never_ends_its_answer_lets_nothing_through(
    ada, settings, monkeypatch
):
    monkeypatch.setattr(scanner, "SECONDS", 0.3)
    with Scanner(b"stream: OK" + b" " * 500, slowly=0.05) as clamd:
        settings.CLAMAV_URL = clamd.url

        assert_refused(ada, "notes.txt", b"Evidence", "We could not check your file")


def test_u34_a_scanner_that_takes_no_more_lets_nothing_through(ada, settings):
    with Scanner(limit=100_000) as clamd:
        settings.CLAMAV_URL = clamd.url

        for size in (200_000, 15_000_000):
            content = b"Evidence\n" * (size // 9)
            assert_refused(ada, "long.txt", content, "We could not check your file")
        assert_kept(ada, "short.txt", b"Evidence")


def test_u32_a_virus_inside_of_a_document_is_refused(ada, settings):
    with Scanner() as clamd:
        settings.CLAMAV_URL = clamd.url
        infected = archive_stored(EICAR)

        words = "The selected file contains a virus"
        assert_refused(ada, "letter.docx", infected, words)


def archive_stored(content):
    """Return a Word file that holds bytes as they are."""
    out = io.BytesIO(docx())
    with zipfile.ZipFile(out, "a", zipfile.ZIP_STORED) as made:
        made.writestr("word/media/image1.bin", content)
    return out.getvalue()


def test_u33_a_scanner_that_hangs_lets_nothing_through(ada, settings, monkeypatch):
    monkeypatch.setattr(scanner, "SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.CLAMAV_URL = f"tcp://127.0.0.1:{silent.getsockname()[1]}"

        assert_refused(ada, "notes.txt", b"Evidence", "We could not check your file")
