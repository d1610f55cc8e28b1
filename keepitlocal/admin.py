"""The staff site's own words. What its templates ask for is in templatetags/staff.py."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

admin.site.site_header = _("Keep it Local: staff")
admin.site.site_title = _("Keep it Local: staff")
admin.site.index_title = _("Overview")
# Lists and long texts need the width, and the overview is one click away.
admin.site.enable_nav_sidebar = False
