"""What gunicorn serves: `gunicorn keepitlocal.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

from .encodings import OnlyUtf8
from .whole import WholeBody

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "keepitlocal.settings")

application = OnlyUtf8(WholeBody(get_wsgi_application()))
