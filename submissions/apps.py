from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SubmissionsConfig(AppConfig):
    name = "submissions"
    verbose_name = _("Submissions")

    def ready(self):
        # Tells the outbox which emails there are and how each is composed.
        from . import emails  # noqa: F401, PLC0415
