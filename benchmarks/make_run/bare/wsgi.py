import os

from django.core.wsgi import get_wsgi_application

# As Celery's guide has it: without the app, tasks would go to a broker of AMQP.
from benchmarks.make_run.bare import celery  # noqa: F401

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.make_run.bare.settings")

application = get_wsgi_application()
