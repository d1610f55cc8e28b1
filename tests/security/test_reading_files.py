"""The child process that reads what strangers send: bounded, and without our secrets."""

import os
import signal
import subprocess
import sys

import pytest

from submissions.files import child

from .conftest import ROOT

BOUNDED = (
    "from submissions.files import check; {more}; check.keep_within_bounds(); {do}"
)


def in_bounds(do, more="pass"):
    """Run a line of Python within the bounds of the process that reads files."""
    return subprocess.run(
        [sys.executable, "-c", BOUNDED.format(do=do, more=more)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )


def test_a_file_that_grows_in_memory_ends_its_reader():
    done = in_bounds("bytearray(2 * 1024 ** 3)")

    assert done.returncode == 1
    assert "MemoryError" in done.stderr


def test_a_file_that_takes_for_ever_ends_its_reader():
    done = in_bounds("any(iter(int, 1))", more="check.CPU_SECONDS = 1")

    assert done.returncode in (-signal.SIGXCPU, -signal.SIGKILL)


def test_a_file_that_unpacks_without_end_ends_its_reader(tmp_path):
    path = tmp_path / "unpacked"
    done = in_bounds(f"open({str(path)!r}, 'wb').write(bytes(201 * 1024 ** 2))")

    assert done.returncode != 0
    assert path.stat().st_size <= 200 * 1024**2


@pytest.fixture
def module_that_tells(tmp_path, settings):
    (tmp_path / "tells.py").write_text(
        "import json, os; print(json.dumps(list(os.environ)))"
    )
    settings.BASE_DIR = tmp_path
    return "tells"


def test_the_reader_has_no_setting_of_ours(module_that_tells, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "a secret")
    assert "DATABASE_URL" in os.environ

    names = child.ask(module_that_tells)

    # Python itself sets the one of its own locale.
    assert set(names) <= {"LC_CTYPE"}
