from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SubmissionsConfig(AppConfig):
    name = "submissions"
    verbose_name = _("Submissions")

    def ready(self):
        # Tells the outbox which emails there are, how each is composed, and what to
        # call when time has passed.
        from outbox.kinds import register_planner  # noqa: PLC0415

        from . import emails, reminders, services  # noqa: F401, PLC0415

        register_planner(reminders.plan)
        register_planner(services.sweep_files)
