"""What people see when something of ours broke: nothing that they typed is lost by it."""

import sys
import time

from django.db import InterfaceError, OperationalError, close_old_connections
from django.http import HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from submissions.files.storage import StorageAway

from . import again

RETRY_AFTER = 15  # seconds
# A database that took longer to fail would take too long a second time.
AT_ONCE = 1


def server_error(request):
    """Answer 503 while the database is away, else 500, with all that was typed.

    Neither page asks the database or the session.
    """
    away = is_away(sys.exc_info()[1])
    status = 503 if away else 500
    if request.content_type == "application/json":
        # The page that wrote keeps its text, and tries again by itself.
        words = _("We could not save just now. Your text is still on the page.")
        response = JsonResponse({"error": words}, status=status)
    else:
        response = HttpResponse(page(request, status), status=status)
    if away:
        response["Retry-After"] = str(RETRY_AFTER)
    response.is_away = away
    return response


def is_away(error):
    """Whether this error, or one it was raised from, says that the database is away, or
    what keeps our files.

    A session that could not be saved is reported as one that somebody had deleted.
    """
    while error is not None:
        if isinstance(error, (OperationalError, InterfaceError, StorageAway)):
            return True
        error = error.__cause__ or error.__context__
    return False


def page(request, status):
    # A form of another site's typed nothing of ours.
    is_ours = getattr(request, "csrf_processing_done", False)
    was_posted = request.method == "POST"
    posted = was_posted and is_ours
    context = again.what_was_posted(request) if posted else again.nothing()
    context |= {"was_posted": was_posted, "address": request.get_full_path()}
    return render_to_string(f"{status}.html", context)


def ask_again(get_response):
    """Ask once more for a page when the database ended a connection while it was made.

    A restarted server or a failover is so seen by nobody who only reads.
    """

    def middleware(request):
        started = time.monotonic()
        response = get_response(request)
        away = getattr(response, "is_away", False)
        is_quick = time.monotonic() - started < AT_ONCE
        if away and is_quick and request.method in ("GET", "HEAD"):
            close_old_connections()
            return get_response(request)
        return response

    return middleware
