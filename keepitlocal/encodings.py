"""Keeps another encoding than UTF-8 away from Django.

Django reads the address and the fields of a form by the encoding that a request says it is
in. Some, such as "hex", it cannot read by: it breaks down before any page could say so.
"""

import codecs
import re

CHARSET = re.compile(r';\s*charset\s*=\s*"?([^";]*)"?', re.IGNORECASE)
OTHER = "keepitlocal.other_encoding"


class OnlyUtf8:
    """A WSGI application that is asked in UTF-8, or knows that it is not."""

    def __init__(self, application):
        self.application = application

    def __call__(self, environ, start_response):
        note_other_encoding(environ)
        return self.application(environ, start_response)


def note_other_encoding(environ):
    """Take what is not UTF-8 out of the content type, and note it if there is such a one.

    What there is not is ignored, as Django does.
    """
    content_type = environ.get("CONTENT_TYPE", "")
    found = CHARSET.search(content_type)
    if not found:
        return
    environ["CONTENT_TYPE"] = CHARSET.sub("", content_type)
    if is_known(found[1]) and codecs.lookup(found[1]).name != "utf-8":
        environ[OTHER] = found[1]


def is_known(name):
    try:
        codecs.lookup(name)
    except (LookupError, ValueError):
        return False
    return True
