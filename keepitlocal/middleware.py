"""What holds for every request and every answer, whoever asks."""

from django.core.exceptions import BadRequest
from django.shortcuts import render

from . import encodings

# Nothing of the browser's hardware is asked for, so nothing may be.
PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "payment",
        "usb",
    )
)


# Pages of one person, or of staff: no search engine is to list them.
PRIVATE = ("/admin/", "/evidence/", "/resume/", "/reminders/")


def headers(get_response):
    """Add the headers that Django and django-csp leave out; pages are never cached.

    Static files bring their own Cache-Control.
    """

    def middleware(request):
        response = get_response(request)
        response.setdefault("Cache-Control", "no-store")
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        if request.path.startswith(PRIVATE):
            response["X-Robots-Tag"] = "noindex"
        return response

    return middleware


# Ours are shorter by far, and what servers take differs.
LONGEST_ADDRESS = 4_000


def refuse_long_addresses(get_response):
    """Answer 414 with a page of ours."""

    def middleware(request):
        address = request.META.get("PATH_INFO", "") + request.META.get(
            "QUERY_STRING", ""
        )
        if len(address) > LONGEST_ADDRESS:
            return render(request, "414.html", status=414)
        return get_response(request)

    return middleware


def refuse_control_characters(get_response):
    """Answer 400 to a NUL in an address: PostgreSQL can store none, so none can be found."""

    def middleware(request):
        query = request.META.get("QUERY_STRING", "")
        if "\0" in request.path + query or "%00" in query:
            raise BadRequest("A NUL character in the address")
        return get_response(request)

    return middleware


def refuse_other_encodings(get_response):
    """Answer 400 to a request in another encoding than UTF-8: no page of ours asks for one."""

    def middleware(request):
        if encodings.OTHER in request.META:
            raise BadRequest("Another encoding than UTF-8")
        return get_response(request)

    return middleware
