"""Does the work that `asking` asks for, and says what it cost.

Runs in processes with other people's packages: it needs nothing but Django.
"""

import contextlib
import json
import os
import resource
import sys
import time

from django.db import connection


def answer(works):
    """Do one of these functions for each line of JSON that comes in, until there is none.

    A function returns what goes into the answer as `value`.
    """
    # What others print is no answer.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    for line in sys.stdin:
        asked = json.loads(line)
        done = measured(works[asked["work"]], asked["times"], asked["arguments"])
        print(json.dumps(done), file=answers, flush=True)


def measured(work, times, arguments):
    """Do it so many times; return the cost of one time, and the last value."""
    queries = Count()
    with connection.execute_wrapper(queries):
        began, cpu = time.perf_counter(), time.process_time()
        for _ in range(times):
            value = work(**arguments)
        seconds = time.perf_counter() - began
        cpu = time.process_time() - cpu
    return {
        "value": value,
        "seconds": seconds / times,
        "cpu": cpu / times,
        "queries": queries.count / times,
        "peak_mb": peak_mb(),
    }


class Count:
    """Counts statements, as they pass on their way to the database."""

    count = 0

    def __call__(self, execute, *arguments):
        self.count += 1
        return execute(*arguments)


def peak_mb():
    """Return the most memory that this process ever had."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def page(response, status=200):
    """Return how many bytes an answer has, as a browser reads them all."""
    content = b"".join(response)
    if response.status_code != status:
        where = response.headers.get("Location", "")
        raise AssertionError(f"{response.status_code} {where} {content[:2000]!r}")
    with contextlib.suppress(AttributeError):
        response.close()
    return len(content)
