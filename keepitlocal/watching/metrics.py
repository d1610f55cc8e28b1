"""Figures in Prometheus' format. Labels are names of ours: no path, and nobody's data.

Requests are counted in files that all processes of one gunicorn share; everything else is
asked of the database when somebody looks, and so is the same on every host.
"""

import logging
import os
import secrets

from django.conf import settings
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

from .figures import FAMILIES

METHODS = {"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"}

REQUESTS = Counter(
    "keepitlocal_requests", "Requests answered.", ["method", "route", "status"]
)
SECONDS = Histogram(
    "keepitlocal_request_seconds",
    "Seconds until an answer, or the beginning of one that streams.",
    ["route"],
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)

ERRORS = Counter("keepitlocal_errors", "Errors in the log.", ["logger"])


class CountErrors(logging.Handler):
    """Counts what is logged as an error, by who says so."""

    def emit(self, record):
        ERRORS.labels(record.name).inc()


logging.getLogger().addHandler(CountErrors(logging.ERROR))
# From nought: what begins at one has never increased, for Prometheus.
for name in (
    "keepitlocal.patience",
    "submissions.files.child",
    "submissions.files.download",
    "submissions.files.scanner",
    "submissions.files.storage",
    "submissions.limits",
):
    ERRORS.labels(name)


def count_request(method, route, status, seconds):
    # Anybody may make up a method, and each would be kept for ever.
    REQUESTS.labels(method if method in METHODS else "other", route, status).inc()
    SECONDS.labels(route).observe(seconds)


class Portal:
    """What the database knows, as Prometheus' client asks for it."""

    def collect(self):
        for family in FAMILIES:
            kind = CounterMetricFamily if family.is_counter else GaugeMetricFamily
            metric = kind(
                f"keepitlocal_{family.name}", family.about, labels=family.labels
            )
            for *labels, value in family.rows():
                metric.add_metric([str(label) for label in labels], float(value))
            yield metric


def everything() -> bytes:
    """Return all figures as text."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Portal())
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        MultiProcessCollector(registry)
        return generate_latest(registry)
    # No folder, so no other processes: a developer's server, or a test's.
    return generate_latest(REGISTRY) + generate_latest(registry)


@require_safe
def metrics(request):
    """Give the figures to whoever shows METRICS_TOKEN; without one there are none."""
    shown = request.headers.get("Authorization", "").encode()
    expected = f"Bearer {settings.METRICS_TOKEN}".encode()
    if not settings.METRICS_TOKEN or not secrets.compare_digest(shown, expected):
        raise Http404
    return HttpResponse(everything(), content_type=CONTENT_TYPE_LATEST)
