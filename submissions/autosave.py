"""What a writing page sends while somebody types: a little JSON, read strictly.

    {"fields": {"answer-1-4": {"text": "…", "was": "0f1e…", "length": 3}}}

`was` is the fingerprint of the text that the page started from; `length` counts the code
points that the page believes it sent, so that a text cut on the way is not kept.
"""

import json
from dataclasses import dataclass

from django.http import Http404, JsonResponse, UnreadablePostError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from . import guests, services
from .fields import tidy
from .parts import fingerprint, part_form

MAX_FIELDS = 50
UNREADABLE = gettext_lazy(
    "What your browser sent could not be read. Your text is still on the page."
)


class Unreadable(Exception):
    """It is not what a writing page sends; the message is for the person."""


@dataclass(frozen=True)
class TypedText:
    text: str
    was: str


def read(body):
    """Return a dict of field name to `TypedText`; raises Unreadable."""
    try:
        fields = json.loads(body, parse_constant=_refuse)["fields"]
        if len(fields) > MAX_FIELDS:
            raise ValueError
        return {name: _typed_text(**field) for name, field in fields.items()}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise Unreadable(UNREADABLE) from error


def _typed_text(*, text, was, length):
    if not isinstance(text, str) or not isinstance(was, str):
        raise TypeError
    # A lone surrogate cannot be stored: this raises UnicodeEncodeError, a ValueError.
    text.encode()
    if len(tidy(text)) != length:
        raise ValueError
    return TypedText(text, was)


def _refuse(constant):
    raise ValueError(constant)


@require_POST
def autosave(request, key, part):
    """Keep what is being typed; say in JSON what was kept, clashed or was refused."""
    try:
        submission = guests.find(request, key, part)
        if submission is None:
            raise Http404
        if request.content_type != "application/json":
            # Such a body has been read already, as a form.
            raise Unreadable(UNREADABLE)
        beside = request.GET.get("for", "")
        answer = kept(submission, part, read(request.body), beside)
    except services.InvitationWithdrawn as error:
        raise Http404 from error
    except UnreadablePostError:
        return JsonResponse(
            {"error": _("Your connection was interrupted.")}, status=400
        )
    except Unreadable as error:
        return JsonResponse({"error": str(error)}, status=400)
    except services.AlreadySubmitted:
        return JsonResponse({"error": _("You have already sent this.")}, status=422)
    status = 409 if answer["clashes"] else 422 if answer["errors"] else 200
    return JsonResponse(answer, status=status)


def kept(submission, part, typed, beside):
    """Save what can be saved, and return what to tell the page."""
    form = part_form(submission, part, data_of(typed), beside)
    if form is None or not typed.keys() <= set(form.written):
        raise Http404
    form.full_clean()
    names = [name for name in typed if name not in form.errors]
    saved, clashes = form.autosave(names)
    is_late = not submission.is_accepting
    return {
        "notice": _("The call has closed. Your text is kept.") if is_late else "",
        "saved_at": timezone.localtime().strftime("%H:%M"),
        "fields": {
            name: {"was": fingerprint(value), "length": len(value)}
            for name, value in saved.items()
            if name not in clashes
        },
        "clashes": {
            name: {
                "was": fingerprint(value),
                "text": form.in_words(name, value),
                "value": value,
            }
            for name, value in clashes.items()
        },
        "errors": {name: form.errors[name] for name in typed if name in form.errors},
    }


def data_of(typed):
    """Return what a browser would have posted for these fields alone."""
    data = {"_end": "1"}
    for name, field in typed.items():
        data |= {name: field.text, f"was-{name}": field.was}
    return data
