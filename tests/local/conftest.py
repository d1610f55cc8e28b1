import shutil
import threading

import pytest

from keepitlocal.local.guardian import Guardian
from keepitlocal.local.programs import running
from tests.portals import make_data_dir, say_nothing


@pytest.fixture
def data_dir():
    """An empty data folder; pytest's own are closed to PostgreSQL's user."""
    folder = make_data_dir()
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def guardian():
    guardian = Guardian()
    yield guardian
    guardian.dismiss()


@pytest.fixture
def run(guardian):
    """Run a program for as long as a block lasts: `with run(program) as process`."""

    def run(program):
        return running(program, guardian, say_nothing, threading.Event())

    return run
