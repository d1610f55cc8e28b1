"""Hands a kept file out."""

import logging

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404

logger = logging.getLogger(__name__)


def as_download(attachment):
    """Return a file to be saved: no browser opens it on our site, whatever is in it."""
    try:
        content = default_storage.open(attachment.stored.name)
    except FileNotFoundError as error:
        logger.error("The bytes of a file are missing: %s", attachment.stored)
        raise Http404 from error
    return FileResponse(
        content,
        as_attachment=True,
        filename=attachment.name,
        content_type=attachment.stored.content_type,
        headers={
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "Content-Length": content.size,
        },
    )
