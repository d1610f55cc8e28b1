"""What gunicorn serves: `gunicorn keepitlocal.wsgi`."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from .encodings import OnlyUtf8
from .whole import WholeBody

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "keepitlocal.settings")

application = OnlyUtf8(WholeBody(get_wsgi_application()))

# Every page is loaded before the first is asked for, and, with --preload, before the
# workers are forked. What is loaded stays: the collector, which would write into each of
# these objects, and so make every worker keep its own copy, looks at them no more.
_ = get_resolver().url_patterns
gc.collect()
gc.freeze()
