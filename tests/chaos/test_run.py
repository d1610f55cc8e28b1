"""The short run of `make chaos`: less than half a minute of faults, nearly all sorts."""

import re
import subprocess
import sys

import pytest
from django.conf import settings

SECONDS = 25
COMMAND = ["chaos", f"--seconds={SECONDS}", "--gap=0.35"]


@pytest.mark.timeout(300)
def test_nothing_is_lost_whatever_breaks():
    done = subprocess.run(
        [sys.executable, "-m", *COMMAND],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
    )

    print(done.stdout, done.stderr)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "BROKEN" not in done.stdout
    assert done.stdout.count("- holds: ") == 11
    assert int(re.search(r"(\d+) faults;", done.stdout)[1]) >= 30
    assert int(re.search(r"(\d+) receipts", done.stdout)[1]) >= 20
