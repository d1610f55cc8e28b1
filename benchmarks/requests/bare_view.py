"""A Django that does nothing but answer with bytes: what pages are measured beside.

Settings, addresses and view in one. No middleware, no database, no template.
"""

import os
from functools import cache
from pathlib import Path

from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import path

SECRET_KEY = "needed-by-nothing-here"
ALLOWED_HOSTS = ["localhost"]
ROOT_URLCONF = "benchmarks.requests.bare_view"
USE_I18N = False
# The pages: a file each.
FOLDER = "BARE_PAGES"


@cache
def content(name):
    return (Path(os.environ[FOLDER]) / name).read_bytes()


def page(request, name):
    return HttpResponse(content(name))


urlpatterns = [path("<str:name>", page)]


def application():
    """Return what gunicorn serves: `gunicorn benchmarks.requests.bare_view:application()`."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.requests.bare_view"
    return get_wsgi_application()
