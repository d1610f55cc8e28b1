"""However deep a loop of calls runs, it fetches no memory for each of them."""

import importlib
from resource import RUSAGE_SELF, getrusage

import pytest

from keepitlocal.celery import app
from keepitlocal.deep_calls import FRAME, with_room

CALLS = 500
# Deeper than a page's templates and forms call one another.
DEPTH = 300


def loop_at(depth):
    if depth:
        return loop_at(depth - 1)
    for _ in range(CALLS):
        nothing()


def nothing():
    pass


def most_pages_fetched(run):
    """Return how many pages of memory were fetched at the depth that needs most."""
    return max(pages_fetched(run, depth) for depth in range(DEPTH))


def pages_fetched(run, depth):
    before = getrusage(RUSAGE_SELF).ru_minflt
    run(depth)
    return getrusage(RUSAGE_SELF).ru_minflt - before


def test_calls_with_room_fetch_no_memory():
    assert most_pages_fetched(with_room(loop_at)) < CALLS / 4


def test_tasks_have_room():
    # As a worker runs a task: by calling it.
    task = app.task(loop_at, name="loop at", shared=False)

    assert most_pages_fetched(task) < CALLS / 4


# whitenoise misses the folder of what was collected.
@pytest.mark.filterwarnings("ignore:No directory at")
def test_requests_have_room():
    wsgi = importlib.import_module("keepitlocal.wsgi")

    assert wsgi.application.__code__.co_stacksize == FRAME
