"""What lasts as long as the portal does not hold what it has no use for."""

import subprocess
import sys

import pytest

from keepitlocal.local import guardian, portal
from keepitlocal.local.config import Config


def packages_in(program, *options):
    """The packages that a Python has loaded when it has run this."""
    said = f"{program}\nimport sys\nprint(*sys.modules)"
    command = [sys.executable, *options, "-c", said]
    loaded = subprocess.check_output(command, text=True).split()
    return {name.partition(".")[0] for name in loaded}


def test_worker_does_not_load_the_shell_of_the_celery_command(tmp_path):
    config = Config(tmp_path, "127.0.0.1", 8000, 2525, {})
    *_, module = portal.worker(config).command

    loaded = packages_in(f"import {module}")

    assert loaded & {"prompt_toolkit", "pygments"} == set()


def test_guardian_loads_little():
    reads = f"import runpy\nrunpy.run_path({guardian.__file__!r})"

    loaded = packages_in(reads, "-I", "-S")

    assert loaded & {"subprocess", "shutil", "pathlib"} == set()


@pytest.mark.skipif(sys.platform != "linux", reason="Others have no such signal")
def test_what_the_pools_processes_load_is_loaded_before_they_are_forked():
    """They then share it. Where there is no cffi, billiard does without a parser."""
    pytest.importorskip("cffi")

    loaded = packages_in(
        "from keepitlocal import celery\ncelery.share_what_is_loaded()"
    )

    assert loaded & {"pycparser"} == {"pycparser"}
