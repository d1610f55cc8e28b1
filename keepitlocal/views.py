"""Pages of the site itself."""

from django.db import connection
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import REASON_BAD_ORIGIN, REASON_BAD_REFERER
from django.shortcuts import render
from django.views.decorators.http import require_safe

from outbox import health

NOT_GIVEN_BACK = {"csrfmiddlewaretoken", "_end", "password"}


@require_safe
def healthz(request):
    """Answer 200 when web server and database work; the text is for a machine."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def healthz_outbox(request):
    """Give the outbox in figures, for whoever watches it."""
    return JsonResponse(health.figures())


def csrf_failure(request, reason=""):
    """Give back what was typed into a page that had grown too old, to be sent again.

    A form on somebody else's site gets a plain page: it typed nothing of ours.
    """
    foreign = reason.startswith(
        (REASON_BAD_ORIGIN.split("%")[0], REASON_BAD_REFERER.split("%")[0])
    )
    typed = [] if foreign else request.POST.items()
    fields = [item for item in typed if item[0] not in NOT_GIVEN_BACK]
    # Long texts are shown, so that they can at least be copied.
    shown = [(name, text) for name, text in fields if len(text) > 60 or "\n" in text]
    context = {
        "shown": shown,
        "hidden": [item for item in fields if item not in shown],
        "can_resend": bool(fields),
        # A form that was cut off on its way stays so.
        "is_whole": "_end" in request.POST,
    }
    return render(request, "csrf_failure.html", context, status=403)
