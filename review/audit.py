"""What staff did: every view, download, export and change, written down once.

The staff site writes one entry for each request; a page that knows better what it did
than its address says so with `note`.
"""

from .models import AuditEntry

VIEW, CHANGE, DOWNLOAD, EXPORT = "view", "change", "download", "export"


def note(request, action, about=None, **details):
    """Say what this request does: `about` is the object, `details` go to JSON.

    Details are ids, names of filters and numbers; never what somebody wrote.
    """
    request.audit_note = (action, about, details)


def write(request, response):
    """Write the entry of a request of staff's; its address says what it was about."""
    if not request.user.is_staff:
        return
    usual = VIEW if request.method in ("GET", "HEAD") else CHANGE
    action, about, details = getattr(request, "audit_note", (usual, None, {}))
    match = request.resolver_match
    AuditEntry.objects.create(
        user=request.user,
        action=action,
        page=match.url_name or "",
        about_type=about._meta.label_lower if about else "",
        about_id=str(about.pk if about else match.kwargs.get("object_id", "")),
        status=response.status_code,
        details=details,
    )
