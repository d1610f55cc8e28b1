"""The staff site: Django's admin with pages of our own, and a record of what was done."""

from django.contrib.admin import AdminSite
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from . import audit


class StaffSite(AdminSite):
    site_header = _("Keep it Local: staff")
    site_title = _("Keep it Local: staff")
    index_title = _("Overview")
    # Lists and long texts need the width, and the overview is one click away.
    enable_nav_sidebar = False

    def get_urls(self):
        # The pages' views know the admin site, which is made before they can be imported.
        from .urls import staff_pages  # noqa: PLC0415

        return [*staff_pages(self.admin_view), *super().get_urls()]

    def index(self, request, extra_context=None):
        # Known only once the apps are loaded, like the pages above.
        from .views import home  # noqa: PLC0415

        return super().index(request, home.context_of(request))

    def admin_view(self, view, cacheable=False):
        """Let only staff in, and write down who did what."""
        guarded = super().admin_view(view, cacheable)

        def recorded(request, *args, **kwargs) -> HttpResponse:
            response = guarded(request, *args, **kwargs)
            audit.write(request, response)
            return response

        return recorded
