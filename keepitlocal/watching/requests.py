"""Each request has a number, and leaves one line in the log and its figures."""

import logging
import re
import time
import uuid

from . import metrics
from .logs import request_id, route_of

logger = logging.getLogger("keepitlocal.requests")

WELL_FORMED = re.compile(r"[A-Za-z0-9_-]{8,64}")


def watch(get_response):
    """Number a request, and say how it went; asks the database nothing."""

    def middleware(request):
        number = request_id.set(number_of(request))
        began_at = time.perf_counter()
        try:
            response = get_response(request)
            response["X-Request-ID"] = request_id.get()
            note(request, response, time.perf_counter() - began_at)
            return response
        finally:
            request_id.reset(number)

    return middleware


def number_of(request) -> str:
    """Return the proxy's number for a request if it is one, else a new one."""
    given = request.META.get("HTTP_X_REQUEST_ID", "")
    return given if WELL_FORMED.fullmatch(given) else uuid.uuid4().hex


def note(request, response, seconds):
    """Write the line of a request, and count it. Until an answer that streams begins."""
    route = route_of(request)
    metrics.count_request(request.method, route, response.status_code, seconds)
    figures = {
        "method": request.method,
        "route": route,
        "status": response.status_code,
        "milliseconds": round(seconds * 1000, 1),
        "staff": staff_of(request),
    }
    logger.log(level_of(route, response), "answered", extra={"figures": figures})


def level_of(route, response) -> int:
    # Somebody's machine asks every few seconds, and knows what it is told.
    if route.startswith("health"):
        return logging.DEBUG
    return logging.ERROR if response.status_code >= 500 else logging.INFO


def staff_of(request):
    """Return the number of the member of staff who asked, if the page had to know."""
    # Not request.user: it would ask the database.
    user = getattr(request, "_cached_user", None)
    return user.pk if user and user.is_staff else None
