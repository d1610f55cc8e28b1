"""What was posted and could not be dealt with, to be sent again by one button."""

from django.core.exceptions import SuspiciousOperation
from django.http import QueryDict
from django.http.multipartparser import MultiPartParserError
from django.middleware.csrf import get_token

from submissions.typed import named

NOT_GIVEN_BACK = {"csrfmiddlewaretoken", "_end", "code"}


def nothing():
    return {"can_resend": False}


def what_was_posted(request):
    """Return what `_send_again.html` needs to show and repeat a POST.

    It asks neither the database nor the session: they may be what is broken.
    """
    data = readable(request)
    fields = [
        (name, text)
        for name, texts in data.lists()
        for text in texts
        if name not in NOT_GIVEN_BACK and "password" not in name
    ]
    # Long texts are shown, so that they can at least be copied.
    shown = [(name, text) for name, text in fields if len(text) > 60 or "\n" in text]
    return {
        "shown": [(name, named(name), text) for name, text in shown],
        "hidden": [item for item in fields if item not in shown],
        "can_resend": bool(fields),
        # A form that was cut off on its way stays so.
        "is_whole": "_end" in data,
        "has_files": request.content_type == "multipart/form-data",
        "csrf_token": get_token(request),
    }


def readable(request):
    """Return the form that was posted, or an empty one when it cannot be read."""
    try:
        return request.POST
    except (OSError, SuspiciousOperation, MultiPartParserError):
        return QueryDict()
