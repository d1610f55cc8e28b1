from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConsultationsConfig(AppConfig):
    name = "consultations"
    verbose_name = _("The call")

    def ready(self):
        # Adds to what `manage.py check --deploy` looks at.
        from . import checks  # noqa: F401, PLC0415
