"""What gunicorn serves: `gunicorn keepitlocal.wsgi`."""

import gc
import os
from contextlib import suppress

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.template.loader import get_template
from django.urls import Resolver404, resolve, reverse

from .deep_calls import with_room
from .encodings import OnlyUtf8
from .whole import WholeBody

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "keepitlocal.settings")

TEMPLATES = settings.BASE_DIR / "templates"

application = with_room(OnlyUtf8(WholeBody(get_wsgi_application())))


def load_pages():
    """Load what respondents' pages are made of: before the first of them is asked for.

    With --preload that is before the workers are forked, which then share it.
    """
    reverse("submissions:home")
    with suppress(Resolver404):
        resolve("/no-such-page/")
    for folder in ("", "keepitlocal", "submissions"):
        for path in (TEMPLATES / folder).glob("*.html"):
            get_template(str(path.relative_to(TEMPLATES)))


load_pages()
# What is loaded stays. The collector would write into each of these objects, and so make
# every worker keep a copy of its own.
gc.collect()
gc.freeze()
