from django.apps import AppConfig
from django.contrib import admin
from django.contrib.admin import apps as admin_apps
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ReviewConfig(AppConfig):
    name = "review"
    verbose_name = _("Review")

    def ready(self):
        # Tells the outbox which emails there are, and what to call when time has passed.
        from outbox.kinds import register_planner  # noqa: PLC0415

        from . import emails, keeping, retention, roles  # noqa: F401, PLC0415
        from .services import exports  # noqa: PLC0415

        register_planner(keeping.keep_all)
        register_planner(exports.sweep)
        register_planner(retention.plan)
        post_migrate.connect(roles.keep_groups, sender=self)


class StaffSiteConfig(admin_apps.AdminConfig):
    """Django's admin, with our staff site in the place of its own."""

    # "review" alone means the app above.
    default = False
    default_site = "review.site.StaffSite"

    def ready(self):
        super().ready()
        # Registered by their own apps; they would show the secrets of everybody.
        from django_otp.plugins.otp_static.models import StaticDevice  # noqa: PLC0415
        from django_otp.plugins.otp_totp.models import TOTPDevice  # noqa: PLC0415

        admin.site.unregister([StaticDevice, TOTPDevice])
