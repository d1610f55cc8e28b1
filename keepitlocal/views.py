"""Pages of the site itself."""

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import HttpResponseNotAllowed, QueryDict
from django.middleware.csrf import REASON_BAD_ORIGIN, REASON_BAD_REFERER
from django.shortcuts import render

from submissions.typed import typed_text

from . import again, trouble

URLENCODED = "application/x-www-form-urlencoded"
LARGEST_GIVEN_BACK = 3 * settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def bad_request(request, exception):
    """Say what was wrong with a request, and give back the texts of one that was too large."""
    if isinstance(exception, RequestDataTooBig):
        context = {"typed": typed_text(too_large_form(request))}
        return render(request, "413.html", context, status=413)
    if trouble.is_away(exception):
        return trouble.server_error(request)
    return render(request, "400.html", status=400)


def too_large_form(request):
    """Return what was posted beyond the limit, as long as it is a form and not endless.

    Files have their own limits and messages: a form with files is not read again.
    """
    length = int(request.META.get("CONTENT_LENGTH") or 0)
    if request.content_type != URLENCODED or length > LARGEST_GIVEN_BACK:
        return QueryDict()
    try:
        return QueryDict(request.read())
    except (OSError, TooManyFieldsSent):
        return QueryDict()


def csrf_failure(request, reason=""):
    """Give back what was typed into a page that had grown too old, to be sent again.

    A form on somebody else's site gets a plain page: it typed nothing of ours.
    """
    if request.method != "POST":
        # No form is sent by another method, and no page of ours takes one.
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    foreign = reason.startswith(
        (REASON_BAD_ORIGIN.split("%")[0], REASON_BAD_REFERER.split("%")[0])
    )
    context = again.nothing() if foreign else again.what_was_posted(request)
    return render(request, "csrf_failure.html", context, status=403)
