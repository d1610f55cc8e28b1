"""What numbering, logging and counting a request costs: `python -m benchmarks.by_hand.watching`.

Calls the middleware around a page that does nothing, with JSON lines written to a file and
figures in files as under gunicorn. No database.
"""

import os
import statistics
import tempfile
import time
from logging.config import dictConfig

REQUESTS = 20_000
ROUNDS = 7


def main():
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "PROMETHEUS_MULTIPROC_DIR": folder,
            "DJANGO_SETTINGS_MODULE": "keepitlocal.settings",
            "SECRET_KEY": "only-to-measure",
        }
        measure(folder)


def measure(folder):
    # Django and Prometheus' client read what was set just now.
    import django  # noqa: PLC0415

    django.setup()
    from django.http import HttpResponse  # noqa: PLC0415
    from django.test import RequestFactory  # noqa: PLC0415
    from django.urls import resolve  # noqa: PLC0415

    from keepitlocal.watching import logs  # noqa: PLC0415
    from keepitlocal.watching.requests import watch  # noqa: PLC0415

    configuration = logs.configuration("json")
    to_file = {"class": "logging.FileHandler", "filename": f"{folder}/log"}
    configuration["handlers"]["console"] = to_file | {"formatter": "line"}
    dictConfig(configuration)
    request = RequestFactory().get("/")
    request.resolver_match = resolve("/")

    def page(request):
        return HttpResponse("")

    bare, watched = times(page, request), times(watch(page), request)
    cost = statistics.median(watched) - statistics.median(bare)
    print(f"{cost:.0f} µs a request (rounds: {min(watched):.0f} to {max(watched):.0f})")


def times(page, request) -> list[float]:
    """Return the microseconds of one call, for each round."""
    rounds = []
    for _ in range(ROUNDS):
        began_at = time.perf_counter()
        for _ in range(REQUESTS):
            page(request)
        rounds.append((time.perf_counter() - began_at) / REQUESTS * 1e6)
    return rounds


if __name__ == "__main__":
    main()
