from django.apps import AppConfig


class KeepItLocalConfig(AppConfig):
    name = "keepitlocal"
    verbose_name = "Keep it Local"

    def ready(self):
        # The web server must know the Celery app to ring its bell.
        from . import celery  # noqa: F401, PLC0415
